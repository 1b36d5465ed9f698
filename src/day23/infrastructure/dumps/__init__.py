"""Dumps of a whole database on disk."""
