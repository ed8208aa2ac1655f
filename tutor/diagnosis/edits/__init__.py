"""The edits that are tried. Each undoes one mistake that beginners make, at one place.

The mistakes were collected from "McMiner misconception bank" (Erfan Al-Hossami, MIT licence, 67
misconceptions about Python), progmiscon.org, and the literature on novices' errors. The numbers in
`misconceptions.py` say which of the bank's entries each one covers.
"""

from collections.abc import Iterator

from tutor.diagnosis.edits import (
    branching,
    calls,
    collecting,
    conditions,
    forgotten,
    loops,
    moving,
    names,
    objects,
    quotes,
    returns,
    shown,
    storing,
    structure,
    texts,
    using,
    values,
)
from tutor.diagnosis.edits.repeated import repeated
from tutor.diagnosis.misconceptions import weight
from tutor.diagnosis.model import Edit
from tutor.diagnosis.program import Program

_GENERATORS = (
    conditions.edits,
    values.edits,
    names.edits,
    calls.edits,
    returns.edits,
    loops.edits,
    structure.edits,
    storing.edits,
    branching.edits,
    moving.edits,
    using.edits,
    texts.edits,
    collecting.edits,
    objects.edits,
    forgotten.edits,
)
_OF_OUTPUTS = (quotes.edits, shown.edits)


def all_edits(
    program: Program, functions: tuple[str, ...], *, outputs: bool = False
) -> Iterator[Edit]:
    """Every edit of a program, no two with the same effect on its text.

    Args:
        program: the learner's program.
        functions: names of functions that the tests call.
        outputs: those of what is shown, too. The guard goes without them: a sentence that says
            what a test wants to be shown, and what came, would seem to tell such an edit.
    """
    generators = (*_GENERATORS, *(_OF_OUTPUTS if outputs else ()))
    found: dict[tuple[tuple[int, int, str], ...], Edit] = {}
    every = (edit for generate in generators for edit in generate(program, functions))
    for edit in every:
        key = edit.key()
        if key in found:
            if weight(edit.cause) > weight(found[key].cause):  # the likelier name for it
                found[key] = edit
        elif any(program.data[one.start : one.end].decode() != one.text for one in edit.changes):
            found[key] = edit
    yield from found.values()
    yield from (edit for edit in repeated(program, found.values()) if edit.key() not in found)
