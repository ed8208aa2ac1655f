"""The ladder of help: five rungs from a diagnosis, each saying a little more.

0 evidence, 1 a question, 2 the place and what it is about, 3 the kind of change, 4 a worked example
on another theme. Rungs 0 to 2 hold the learner's own code and values only, never a fix; no rung
holds the solution.
"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import N_
from domain.grading import Json, Note
from tutor.diagnosis import words
from tutor.diagnosis.concepts import CONCEPTS
from tutor.diagnosis.misconceptions import MISCONCEPTIONS
from tutor.diagnosis.model import Diagnosis

PLACE = N_("Look at line {line}: `{code}`")
PLACE_BLANK = N_("Look at line {line}.")
PLACES = N_("I am not sure where it is. Lines that fit the failing tests best: {lines}.")
NO_PLACE = N_("I cannot tell where it is. Follow the failing test through your program by hand.")
ABOUT = N_("It is about {concept}.")
VALIDATED = N_("One small change on line {line} makes all the tests pass that I have.")
TWICE = N_("Two small changes make all the tests pass that I have. The first is on line {line}.")
THRICE = N_("Three small changes make all the tests pass that I have. The first is on line {line}.")
PARTLY = N_('One small change on line {line} makes the test "{name}" pass, and breaks no other.')
PARTLY_SEVERAL = N_(
    'A few small changes make the test "{name}" pass, and break no other. '
    "The first is on line {line}."
)
MORE = N_("There is another mistake as well.")
READABLE = N_("Line {line} needs a small change before Python can read it.")
ONLY_LINES = N_("I found no small change that helps. Compare these lines with what you planned.")
ONLY_TEST = N_("I found no small change that helps. I can only show you the failing test.")
EXAMPLE = N_("An example from somewhere else, about {concept}:")


@dataclass(frozen=True, slots=True)
class Rung:
    """What is said on one rung.

    Args:
        notes: sentences to show one after another. Text values of `concept` and `kind` are
            message ids themselves: look them up, too (`spoken` does).
        code: a program to show after the first sentence, or "".
        language: what it is written in.
    """

    level: int
    notes: tuple[Note, ...]
    code: str = ""
    language: str = "python"


def ladder(diagnosis: Diagnosis) -> tuple[Rung, ...]:
    """All rungs, 0 to 4; none when nothing fails."""
    if diagnosis.failure is None:
        return ()
    concept = CONCEPTS[diagnosis.concept]
    sure_enough = diagnosis.cause is not None or diagnosis.confidence == "lines"
    about = [Note(ABOUT, {"concept": concept.name}), Note(concept.idea)] if sure_enough else []
    return (
        Rung(0, diagnosis.explanation),
        Rung(1, (Note(concept.question),)),
        Rung(2, (*_place(diagnosis), *about)),
        Rung(3, _change(diagnosis)),
        Rung(
            4,
            (Note(EXAMPLE, {"concept": concept.name}), Note(concept.says)),
            code=concept.example,
            language=concept.language,
        ),
    )


def spoken(note: Note, translate: Callable[[str], str] = str) -> str:
    """A note as one sentence.

    Args:
        note: of a rung.
        translate: gives a message in the learner's language; English as it stands by default.
    """
    values: dict[str, Json] = {}
    for name, value in note.values.items():
        if isinstance(value, str) and name in _LOOKED_UP:
            values[name] = translate(value)
        elif isinstance(value, str) and name in _CODE:
            values[name] = value.replace("`", "'")  # a learner's would end the code around it
        else:
            values[name] = value
    return translate(note.message).format(**values)


_CODE = frozenset({"code", "call", "expected", "got", "name"})
_LOOKED_UP = frozenset({"concept", "kind", "left", "right"})


def _place(diagnosis: Diagnosis) -> tuple[Note, ...]:
    if diagnosis.cause is not None:
        line, code = diagnosis.cause.line, diagnosis.cause.text
        if code:
            return (Note(PLACE, {"line": line, "code": code}),)
        return (Note(PLACE_BLANK, {"line": line}),)
    if diagnosis.confidence == "lines" and diagnosis.lines:
        return (Note(PLACES, {"lines": ", ".join(map(str, diagnosis.lines))}),)
    return (Note(NO_PLACE),)


def _change(diagnosis: Diagnosis) -> tuple[Note, ...]:
    cause = diagnosis.cause
    if cause is None:
        known = diagnosis.confidence == "lines" and diagnosis.lines
        return (Note(ONLY_LINES if known else ONLY_TEST),)
    change = Note(MISCONCEPTIONS[cause.key].change)
    place = {"line": cause.line}
    if diagnosis.confidence == "validated":
        return (Note((VALIDATED, TWICE, THRICE)[len(diagnosis.edits) - 1], place), change)
    if diagnosis.confidence == "partly":
        if not diagnosis.helps:
            return (Note(READABLE, place), change, Note(MORE))
        several = PARTLY_SEVERAL if len(diagnosis.edits) > 1 else PARTLY
        return (Note(several, {**place, "name": diagnosis.helps}), change, Note(MORE))
    return (Note(READABLE, place), change)


def sure(diagnosis: Diagnosis) -> Note:
    """How sure the diagnosis is, in one sentence."""
    return Note(_SURE[diagnosis.confidence])


_SURE = {
    "validated": N_("I tried it: the change passes every test I have."),
    "partly": N_("I tried it: the change helps in one test more and breaks none."),
    "lines": N_("I only suspect these lines; nothing I tried was enough."),
    "test": N_("I only know the failing test."),
    "none": words.ALL_PASS,
}
