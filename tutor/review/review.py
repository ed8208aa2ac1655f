"""The review of a program that passes: at most three remarks, or that nothing was found.

Every remark comes from a check of the program's own tree and names its line. The checks know
nothing of the exercise but whether it wants returned or printed values.
"""

from collections.abc import Sequence

from domain.errors import N_
from domain.grading import Note
from domain.syntax import parse
from tutor.review import idioms, names, shape
from tutor.review.finding import Finding

MOST = 3
NOTHING = N_("I found nothing to change in your {n} lines.")
FOUND = N_("Your program passes. These lines could be clearer:")
LOOKED = N_(
    "I look for names, unused values, repetition, depth, length and risky habits. "
    "A person may see more."
)
ONLY_PYTHON = N_("Without a model I can review Python only. Your page passes all its tests.")


def findings(source: str, *, returns_values: bool = True) -> list[Finding]:
    """Everything the checks find, the most important first, one remark for each line.

    Args:
        source: a Python program.
        returns_values: the exercise asks for what a function returns, not for what it prints.

    Raises:
        SyntaxError: Python cannot read it.
    """
    tree = parse(source)
    found = [
        *names.unused(tree),
        *names.chosen(tree),
        *shape.size(tree),
        *shape.repeated(tree),
        *shape.dead(tree),
        *shape.wide(source.splitlines()),
        *idioms.comparisons(tree),
        *idioms.returns(tree),
        *idioms.loops(tree),
        *idioms.risks(tree, returns_values=returns_values),
    ]
    best: dict[int, Finding] = {}
    for one in sorted(found, key=lambda one: (-one.weight, one.line)):
        best.setdefault(one.line, one)
    return list(best.values())


def remarks(source: str, *, returns_values: bool = True) -> Sequence[Note]:
    """What the review says, sentence by sentence: the remarks stand between the first and last."""
    found = findings(source, returns_values=returns_values)[:MOST]
    if not found:
        return (Note(NOTHING, {"n": len(source.strip().splitlines())}), Note(LOOKED))
    ordered = sorted(found, key=lambda one: one.line)
    return (Note(FOUND), *(one.note for one in ordered), Note(LOOKED))
