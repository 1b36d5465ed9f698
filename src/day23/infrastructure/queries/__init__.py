"""Read-only questions to the stack's Prometheus, Loki and MongoDB."""
