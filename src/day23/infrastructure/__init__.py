"""Adapters that implement the ports of the application."""
