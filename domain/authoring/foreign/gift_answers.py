"""GIFT, second pass: what stands between braces, split into answers with weight and feedback."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_WEIGHT = re.compile(r"\s*%\s*(-?[\d.,]+)\s*%")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?=#|$)", re.IGNORECASE)
FULL = 100.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it was written.

    Args:
        mark: "=" or "~".
        text: without its mark, weight and feedback; escapes still hidden.
        weight: in percent; None where the file gives none.
        feedback: what is said to whoever chose it.
    """

    mark: str
    text: str
    weight: float | None
    feedback: str

    @property
    def worth(self) -> float:
        """Its share of the points in percent, as Moodle counts it."""
        if self.weight is not None:
            return self.weight
        return FULL if self.mark == "=" else 0.0


@dataclass(frozen=True, slots=True)
class Inside:
    """What stood between the braces.

    Args:
        shape: "essay", "truth", "numeric", "matching", "choice", "short", or "" for none of them.
        answers: in the order of the file; for "truth" the one that is right.
        explanation: said to everybody afterwards.
    """

    shape: str
    answers: tuple[Answer, ...] = ()
    explanation: str = ""


def read(inside: str) -> Inside:
    """Tell the shape of an answer block and split it."""
    body, _, explanation = inside.partition("####")
    explanation = explanation.strip()
    body = body.strip()
    if not body:
        return Inside("essay", (), explanation)
    if truth := _TRUTH.match(body):
        wrong, _, right = body[truth.end() :].lstrip("#").partition("#")
        said = " ".join(filter(None, (right.strip(), explanation))) or wrong.strip()
        return Inside("truth", (Answer("=", truth[1].upper()[0], None, ""),), said)
    if body.startswith("#"):
        body = body[1:].strip()
        answers = split(body if body.startswith(("=", "~")) else f"={body}")
        return Inside("numeric", tuple(answers), explanation)
    answers = split(body)
    if answers and all(one.mark == "=" and "->" in one.text for one in answers):
        return Inside("matching", tuple(answers), explanation)
    if any(one.mark == "~" for one in answers):
        return Inside("choice", tuple(answers), explanation)
    if not answers and "->" not in body:  # one right answer needs no sign: {four}
        answers = split(f"={body}")
    return Inside("short" if answers else "", tuple(answers), explanation)


def split(body: str) -> Sequence[Answer]:
    """The answers of a block; a sign inside a tag of HTML or inside braces is part of its text."""
    safe = {place for tag in _TAG.finditer(body) for place in range(tag.start() + 1, tag.end())}
    starts: list[int] = []
    depth = 0
    for place, sign in enumerate(body):
        depth += (sign == "{") - (sign == "}")
        if sign in "=~" and depth <= 0 and place not in safe:
            starts.append(place)
    ends = [*starts[1:], len(body)]
    return [_answer(body[start:end]) for start, end in zip(starts, ends, strict=False)]


def _answer(written: str) -> Answer:
    mark, rest = written[0], written[1:]
    text, _, feedback = rest.partition("#")
    weight = None
    if found := _WEIGHT.match(text):
        text = text[found.end() :]
        try:
            weight = float(found[1].replace(",", "."))
        except ValueError:
            weight = 0.0
    return Answer(mark, text.strip(), weight, feedback.strip())
