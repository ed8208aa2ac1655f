"""Quizzes: taking one, its questions, looking back."""
