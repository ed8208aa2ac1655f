"""What is said on a rung, as Markdown in the learner's language."""

from collections.abc import Callable

from domain.grading import Note
from tutor.ladder import Rung, spoken

Tell = Callable[[Note], str]
"""Gives a note as one sentence of Markdown in the learner's language, learner text escaped."""


def paragraph(notes: tuple[Note, ...], tell: Tell) -> str:
    """Notes one after another; one that ends with code stands alone."""
    text = ""
    for said in map(tell, notes):
        between = "\n\n" if text.endswith("`") else " "
        text = f"{text}{between}{said}" if text else said
    return text


def text_of(rung: Rung, translate: Callable[[str], str] = str) -> str:
    """A whole rung, for where nobody's own `Tell` is at hand: a command line, a benchmark."""
    return rung_text(rung, lambda note: spoken(note, translate))


def rung_text(rung: Rung, tell: Tell) -> str:
    """A whole rung; an example stands after its first sentence."""
    if not rung.code:
        return paragraph(rung.notes, tell)
    first, *rest = (tell(note) for note in rung.notes)
    block = f"```{rung.language}\n{rung.code.rstrip()}\n```"
    return "\n\n".join(part for part in (first, block, " ".join(rest)) if part)
