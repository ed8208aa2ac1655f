"""PostgreSQL that Stoa runs itself: found binaries, one server shared by all local processes."""

from domain.postgres.binaries import Binaries, PostgresUnavailable, find_binaries
from domain.postgres.server import EmbeddedServer, ServerFailed

__all__ = ["Binaries", "EmbeddedServer", "PostgresUnavailable", "ServerFailed", "find_binaries"]
