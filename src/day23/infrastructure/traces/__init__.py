"""OpenTelemetry spans, kept on disk until MongoDB has them."""
