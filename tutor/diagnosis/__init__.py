"""What is wrong with a program, found by running it and close variants of it in the sandbox."""
