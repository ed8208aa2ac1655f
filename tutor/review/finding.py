"""What a check of the review finds."""

from dataclasses import dataclass

from domain.grading import Note


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about one line.

    Args:
        line: from 1.
        weight: how much it matters; the heaviest are shown.
        note: the remark, with its line.
    """

    line: int
    weight: int
    note: Note
