"""Code challenges: handing in, grading, hints, giving up, and the history of attempts."""
