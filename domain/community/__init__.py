"""Forums, feedback, follows and shared solutions."""
