"""Live quizzes: hosting, joining, what comes afterwards."""
