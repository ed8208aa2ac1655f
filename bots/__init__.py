"""Stoa: what people touch. Platforms, the conversation, and the command line."""
