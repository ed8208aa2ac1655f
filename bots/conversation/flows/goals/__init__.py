"""Goals and how they are told."""
