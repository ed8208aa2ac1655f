"""Reminders, and silence for kinds of messages."""
