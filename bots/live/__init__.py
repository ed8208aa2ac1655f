"""Showing live rounds in chats: what a message says, and keeping it up to date."""
