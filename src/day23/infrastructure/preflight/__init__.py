"""What preflight looks at on this host, one check per module."""
