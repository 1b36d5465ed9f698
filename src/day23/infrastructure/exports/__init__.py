"""Exports as files: JSONL, validation report, manifest, links."""
