"""What people see who teach a course."""
