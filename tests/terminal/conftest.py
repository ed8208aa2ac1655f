"""Real `stoa` processes on a prepared data folder."""

from tests.support.prepared import prepared, stoa

__all__ = ["prepared", "stoa"]
