"""Code challenges: handing in, results, hints."""
