"""The program that watches a stack from outside while it is disrupted."""
