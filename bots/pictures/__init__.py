"""Small pictures of what a reply says in words: nothing is in a picture alone."""
