"""What the tutor says without a model: the ladder, a review, passages of the course."""

from dataclasses import dataclass

from domain.errors import N_
from domain.grading import Note
from domain.tutoring.rungs import SOLVED
from tutor.diagnosis import words
from tutor.models.protocol import Kind
from tutor.quoting import QUOTED, Quote
from tutor.review.review import ONLY_PYTHON, remarks
from tutor.told import Tell

PROVIDER = "offline"

BROKE_OFF = N_("The answer broke off here. This is what I know without it:")
COURSE_SAYS = N_("Your course says this, in [{key}] {title}:")
COURSE_HAS = N_("Your course has something about it here: [{key}] {title}")
ABOUT_TRY = N_("About your last try:")
NOTHING_FOUND = N_("I found nothing about that in your course.")
NO_COURSE = N_("You have no course open at the moment. Type /courses to see them all.")
WHAT_I_CAN = N_(
    "Without a model I can search your course, run your program and look for the mistake. "
    "I cannot answer free questions."
)
NOT_TRIED = N_("Hand in a first try, even one that fails. Then I can look for the mistake.")
CANNOT_RUN = N_("I cannot run your program at the moment, so I cannot look for the mistake.")
NO_LEVEL = N_("In this course I show what happened, and nothing more.")


@dataclass(frozen=True, slots=True)
class Situation:
    """What the offline tutor knows.

    Args:
        kind: what is wanted.
        level: the rung that may be told.
        rungs: texts of the rungs up to it; empty without a failing program.
        language: of the exercise; "" without one.
        source: the main file.
        returns_values: the exercise asks for what is returned, not for what is printed.
        is_tried: the source was handed in.
        quotes: of the course, best first.
        has_course: there is a course to search.
    """

    kind: Kind
    level: int
    rungs: tuple[str, ...]
    language: str
    source: str
    returns_values: bool
    is_tried: bool
    quotes: tuple[Quote, ...]
    has_course: bool = True


def say(known: Situation, tell: Tell) -> str:
    """The offline answer, in the learner's language."""
    match known.kind:
        case "code_review":
            return _review(known, tell)
        case "question":
            return _answer(known, tell)
        case _:
            return _help(known, tell)


def _help(known: Situation, tell: Tell) -> str:
    """A hint is one rung; an explanation says what happened before it."""
    if not known.rungs:
        if known.level == SOLVED:
            return tell(Note(words.ALL_PASS))
        return tell(Note(CANNOT_RUN if known.is_tried else NOT_TRIED))
    if len(known.rungs) == 1 and known.kind == "hint_request":
        return f"{known.rungs[0]}\n\n{tell(Note(NO_LEVEL))}"
    if known.level == SOLVED:  # the place and the change: there is nothing left to guess
        return "\n\n".join((known.rungs[0], *known.rungs[2:4]))
    if known.kind == "hint_request" or len(known.rungs) == 1:
        return known.rungs[-1]
    return f"{known.rungs[0]}\n\n{known.rungs[-1]}"


def _answer(known: Situation, tell: Tell) -> str:
    parts: list[str] = []
    for quote in known.quotes[:QUOTED]:
        words = COURSE_SAYS if quote.text else COURSE_HAS
        values = {"key": quote.passage.key, "title": quote.passage.title}
        parts += [tell(Note(words, values)), *filter(None, [quote.text])]
    if known.rungs:
        if parts:
            parts.append(tell(Note(ABOUT_TRY)))
        parts.append(_help(known, tell))
    if not parts:
        missing = NOTHING_FOUND if known.has_course else NO_COURSE
        parts.append(f"{tell(Note(missing))} {tell(Note(WHAT_I_CAN))}")
    return "\n\n".join(parts)


def _review(known: Situation, tell: Tell) -> str:
    if known.language != "python":
        return tell(Note(ONLY_PYTHON))
    try:
        found = remarks(known.source, returns_values=known.returns_values)
    except (SyntaxError, RecursionError):
        return tell(Note(CANNOT_RUN))
    first, *lines, last = (tell(note) for note in found)
    return "\n\n".join(
        part for part in (first, "\n".join(f"- {one}" for one in lines), last) if part
    )
