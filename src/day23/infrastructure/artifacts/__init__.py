"""Programs that services run: fetched or built once, cached by content, verified at every use."""
