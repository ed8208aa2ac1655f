"""What must be told: the outbox, reminders, channels and the inbox."""
