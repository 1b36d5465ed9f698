"""A run for people: one screen of text, and one self-contained page."""
