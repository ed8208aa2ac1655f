"""The Telegram door, on python-telegram-bot."""
