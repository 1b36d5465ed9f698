"""Structured JSON log lines."""
