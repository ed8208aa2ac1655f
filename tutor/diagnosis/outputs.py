"""Which kind of difference there is between what a program shows and what is wanted."""

from collections.abc import Sequence

from domain.grading import Note, Task
from tutor.diagnosis import words
from tutor.diagnosis.model import Seen

_FUNCTION = ("<built-in ", "<bound method ", "<function ")


def differs(expected: str, got: str) -> tuple[Note, ...]:
    """A sentence about a small difference; none where it is not small."""
    if any(sign in got for sign in _FUNCTION):
        return (Note(words.SHOWS_FUNCTION),)
    if not any(char.isalpha() for char in expected) or expected == got:
        return ()
    if expected.lower() == got.lower():
        return (Note(words.ONLY_CASE),)
    if "".join(expected.split()) == "".join(got.split()):
        return (Note(words.ONLY_BLANKS),)
    if "".join(filter(str.isalnum, expected)) == "".join(filter(str.isalnum, got)):
        return (Note(words.ONLY_SIGNS),)
    return ()


def never_changes(task: Task, seen: Sequence[Seen]) -> tuple[Note, ...]:
    """A sentence about a program that shows the same whatever is typed in."""
    outcomes = {one.outcome for one in seen}
    wanted = {str(test.spec.get("stdout", "")) for test in task.tests}
    same = len(outcomes) == 1 and len(wanted) > 1 and task.mode == "stdin"
    if same and len(seen) == len(task.tests) and next(iter(outcomes))[:1] == "p":
        return (Note(words.ALWAYS_SAME),)
    return ()
