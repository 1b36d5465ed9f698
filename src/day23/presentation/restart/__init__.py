"""Pages, pictures and lines about restart validations."""
