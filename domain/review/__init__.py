"""Flashcards and spaced repetition."""
