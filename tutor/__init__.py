"""What the tutor says."""
