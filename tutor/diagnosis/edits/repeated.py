"""The same mistake at several places, undone at all of them."""

import itertools
from collections.abc import Iterable, Iterator

from tutor.diagnosis.model import Edit
from tutor.diagnosis.program import Program

_PLACES = range(2, 9)
# Which name is meant differs from place to place.
_EACH = frozenset(
    {"wrong_variable", "value_or_position", "length", "extra_statement", "text_order"}
)


def repeated(program: Program, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Edits that make the same change at each place where the same text stands.

    Args:
        program: the learner's.
        edits: those of single places.
    """
    groups: dict[tuple[str, bytes, str], list[Edit]] = {}
    for edit in edits:
        if len(edit.changes) == 1 and edit.cause not in _EACH:
            change = edit.changes[0]
            old = program.data[change.start : change.end]
            if old:
                groups.setdefault((edit.cause, old, change.text), []).append(edit)
    for (cause, _, _), same in groups.items():
        changes = tuple(sorted((one.changes[0] for one in same), key=lambda one: one.start))
        apart = all(one.end <= two.start for one, two in itertools.pairwise(changes))
        if len(changes) in _PLACES and apart:
            yield Edit(cause, same[0].line, changes)
