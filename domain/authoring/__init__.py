"""Courses as files: read, check, import, publish, roll back."""
