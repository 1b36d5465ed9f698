"""Doors that people and machines use."""
