"""What was done: enrollments, progress, sessions, the ledger of finished work, certificates."""
