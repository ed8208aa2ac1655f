"""Keeps solutions and fixes out of what the tutor says, by running what it offers."""
