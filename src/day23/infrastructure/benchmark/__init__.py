"""Scenarios and results of benchmark runs as files."""
