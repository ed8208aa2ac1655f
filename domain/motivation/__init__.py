"""What keeps people going: streaks, XP, goals and achievements."""
