"""The Day 23 toolkit."""
