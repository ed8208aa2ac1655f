"""Reading: lessons, their pages and how far a person got."""
