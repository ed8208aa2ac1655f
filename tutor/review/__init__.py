"""Reading a program that passes: what could be simpler or clearer, line by line."""
