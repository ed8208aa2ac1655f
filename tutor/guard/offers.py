"""What a reply offers, in the order in which it is tried."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from tutor.diagnosis.model import Change

Offer = tuple[str, tuple[Change, ...]]  # words or code of a reply, and the change they make

_GROUPS = 4  # pieces of code of one reply that are tried together, two by two
_EACH = 8  # places of each of these


def in_turn(many: Iterable[Iterator[str]]) -> Iterator[str]:
    """The first of each, then the second of each, and so on."""
    open_ = list(many)
    while open_:
        kept = []
        for one in open_:
            for found in one:
                yield found
                kept.append(one)
                break
        open_ = kept


def together(offered: Sequence[Offer]) -> list[Offer]:
    """Two changes of one reply made at once: "put this here and change that there"."""
    groups: dict[str, list[tuple[Change, ...]]] = {}
    for words, changes in offered:
        groups.setdefault(words, []).append(changes)
    found = []
    first_ones = list(groups.items())[:_GROUPS]
    for (one, left), (two, right) in itertools.combinations(first_ones, 2):
        for first, second in itertools.product(left[:_EACH], right[:_EACH]):
            if _apart(first, second):
                found.append((f"{one}\n{two}", (*first, *second)))
    return found


def _apart(left: Sequence[Change], right: Sequence[Change]) -> bool:
    return all(one.end <= two.start or two.end <= one.start for one in left for two in right)
