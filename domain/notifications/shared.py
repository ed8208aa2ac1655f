"""What many rows of a set have in common is sent to PostgreSQL once. Pure."""

from collections.abc import Hashable, Sequence


class Shared:
    """Combinations of values, each kept once and named by its place, from 1 on.

    Of five hundred rows a few dozen differ in anything but whose they are. A statement gets the
    columns of those few, `unnest(...) WITH ORDINALITY`, and a place for each row.

    Args:
        names: of the columns.
    """

    def __init__(self, *names: str) -> None:
        self._names = names
        self._places: dict[tuple[Hashable, ...], int] = {}

    def place(self, *values: Hashable) -> int:
        """Where these values stand."""
        return self._places.setdefault(values, len(self._places) + 1)

    def columns(self) -> dict[str, Sequence[Hashable]]:
        """All combinations so far, a list for each name."""
        return dict(zip(self._names, map(list, zip(*self._places, strict=True)), strict=True))
