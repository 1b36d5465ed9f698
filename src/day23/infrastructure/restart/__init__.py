"""What a restart validation reads from, sends to and does to a stack."""
