"""The Discord door, on discord.py."""
