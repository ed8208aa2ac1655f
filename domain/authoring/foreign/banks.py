"""Foreign questions as a bank of a Stoa course: Markdown that a teacher can go on editing.

Each question is read back after it was written; one that our own reader would understand
otherwise (an explanation that looks like a list, a text beyond our limits) is left out and named.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.authoring.documents import Context
from domain.authoring.foreign.found import Found, Skipped
from domain.authoring.problems import Problems
from domain.authoring.questions import read_questions
from domain.quizzes import forms
from domain.quizzes.forms import GAP
from domain.quizzes.questions import Question

_NOT_ID = re.compile(r"[^a-z0-9]+")
_KEY_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank file, how many questions it holds, and which could not be written."""

    text: str
    written: int
    skipped: tuple[Skipped, ...]


def as_bank(found: Sequence[Found], name: str) -> Bank:
    """Write questions as one `*.bank.md` file.

    Args:
        found: questions of one foreign file; drafts are left out.
        name: of the bank, from which its id is made.
    """
    ident = _NOT_ID.sub("-", name.casefold()).strip("-") or "questions"
    parts = [f"---\nid: {ident[:50]}\n---\n"]
    skipped, keys = [], set()
    for one in found:
        key = _key(one.question)
        if one.draft:
            skipped.append(Skipped(one.line, one.draft))
        elif key in keys:
            skipped.append(Skipped(one.line, "the same question stands before it"))
        elif reason := _misread(written := _markdown(one.question, key), one.question):
            skipped.append(Skipped(one.line, reason))
        else:
            keys.add(key)
            parts.append(written)
    return Bank("\n".join(parts), len(keys), tuple(skipped))


def _key(question: Question) -> str:
    """An id that stays the same when the file is imported again in another order."""
    told = f"{question.kind}\n{question.prompt}\n{question.data_json()}"
    digest = hashlib.sha256(told.encode()).hexdigest()
    return f"q-{digest[:_KEY_DIGITS]}"


def _misread(written: str, question: Question) -> str:
    """Why our reader would not read this question as it was meant; "" when it would."""
    problems = Problems()
    context = Context({}, frozenset(), problems)
    _, placed = read_questions(written, context.spot("bank"), context)
    if problems.errors:
        return problems.errors[0].message
    if len(placed) != 1:
        return "its text would be read as another question"
    read = placed[0].question
    same = (
        read.kind == question.kind
        and read.data == question.data_json()
        and read.answer == question.answer_json()
        and " ".join(read.prompt.split()) == " ".join(question.prompt.split())
    )
    return "" if same else "our reader would understand it otherwise; write it by hand"


def _markdown(question: Question, key: str) -> str:
    prompt = question.prompt
    if isinstance(question.key, forms.ClozeKey):
        accepted = iter(question.key.gaps)
        prompt = GAP.sub(lambda _: "{{" + "|".join(next(accepted)) + "}}", prompt)
    first, _, rest = prompt.partition("\n")
    parts = [f"## {first.strip()} {{#{key}}}", rest.strip(), "\n".join(_answers(question))]
    parts.append(question.explanation.strip())
    return "\n\n".join(part for part in parts if part) + "\n"


def _answers(question: Question) -> Iterator[str]:
    match question.data, question.key:
        case forms.ChoiceData(options=options), forms.ChoiceKey(correct=correct, feedback=feedback):
            mark = "-" if question.kind == "multi" else "1."
            for place, option in enumerate(options):
                yield f"{mark} [{'x' if place in correct else ' '}] {' '.join(option.split())}"
                if feedback and feedback[place]:
                    yield f"{' ' * (len(mark) + 1)}> {' '.join(feedback[place].split())}"
        case _, forms.ShortKey(accepted=texts):
            yield from (f"= {text}" for text in texts)
        case _, forms.NumericKey(accepted=numbers):
            yield from (f"= {number.value:f} +- {number.tolerance:f}" for number in numbers)
        case forms.MatchingData(left=left, right=right), forms.MatchingKey(right_of=places):
            for side, place in zip(left, places, strict=True):
                yield f"- {side} = {right[place]}"
