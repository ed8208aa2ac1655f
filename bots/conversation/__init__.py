"""What is said, once for every platform."""
