"""Accounts on several platforms that become one, and two again."""
