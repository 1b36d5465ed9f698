"""The engine of containers: one per service, hardened, of images that are named by their content."""
