"""Quizzes: questions, matching of typed answers, marking, attempts."""
