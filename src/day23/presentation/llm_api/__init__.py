"""The embedded LLM API: OpenAI-compatible chat completions by an extractive model, nothing to download."""
