"""Live quizzes: a round that many people play at once in the chats of a group."""
