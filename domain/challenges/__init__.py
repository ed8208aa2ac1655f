"""Code challenges: statements, tests, hints and attempts."""
