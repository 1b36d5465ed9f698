"""Clients of the LLM API."""
