"""Who is speaking: people, their accounts on platforms, roles, settings and the audit log."""
