"""What was asked of the tutor and what it answered."""
