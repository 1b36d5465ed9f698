"""Prometheus metrics: the registry built from the catalogue, and the textfiles of short-lived programs."""
