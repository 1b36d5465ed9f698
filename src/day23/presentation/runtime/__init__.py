"""What the HTTP programs of the stack have in common."""
