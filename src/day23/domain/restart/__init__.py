"""What a restart validation records, what it expects, and how it judges."""
