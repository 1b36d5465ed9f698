"""Container registries and the file that pins their images."""
