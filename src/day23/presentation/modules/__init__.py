"""What each Ansible module does, as plain functions."""
