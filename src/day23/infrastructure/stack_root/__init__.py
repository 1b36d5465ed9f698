"""What a stack root needs before services can start, one preparation step per module."""
