"""Composition: the one place that joins use cases with their adapters."""
