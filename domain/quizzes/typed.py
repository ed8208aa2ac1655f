"""Answers typed as text. The wrong shape is refused and does not count as an answer."""

import re
from collections.abc import Sequence
from string import ascii_uppercase

from domain.errors import N_, Refusal
from domain.quizzes.answers import Answer, Gaps, Number, Order, Pairs, Picks, Written
from domain.quizzes.numbers import number
from domain.quizzes.questions import PublicQuestion

LETTERS = ascii_uppercase
LONGEST_ANSWER = 500
_ECHO = 60
_PAIR = re.compile(r"(\d+)\s*[-=:.)]?\s*([a-z])", re.IGNORECASE)
_FILLERS = re.compile(r"\b(?:and|then)\b|[,;.)>&+]|->", re.IGNORECASE)


def parse(question: PublicQuestion, order: Sequence[int], text: str) -> Answer:
    """Read a typed answer.

    Args:
        question: as this attempt shows it.
        order: the attempt's order: place shown -> place stored.
        text: what was typed.

    Raises:
        Refusal: it cannot be an answer to this kind of question; it says what is needed.
    """
    text = _short_enough(text)
    match question.kind:
        case "single" | "true_false":
            return Picks(picks=(order[_option(question, text)],))
        case "multi":
            return Picks(picks=tuple(sorted(order[place] for place in _options(question, text))))
        case "short":
            return Written(text=_something(text))
        case "numeric":
            return _number(question, text)
        case "matching":
            return Pairs(pairs=tuple(order[place] for place in _pairs(question, text)))
        case "ordering":
            return Order(order=tuple(order[place] for place in _places(question, text)))
        case "cloze":
            return _gaps(question, text)


def single(question: PublicQuestion, text: str) -> int | None:
    """The place shown that one letter or number names, for answers built step by step."""
    word = text.strip(" .):(").upper()
    if question.kind == "ordering" and word.isascii() and word.isdecimal():
        place = int(word) - 1
    elif question.kind in {"ordering", "matching"} and len(word) == 1:
        place = LETTERS.find(word)
    else:
        return None
    return place if 0 <= place < len(question.options) else None


def gap(text: str) -> str:
    """The text for one gap.

    Raises:
        Refusal: it is empty or too long.
    """
    return _something(_short_enough(text))


def _short_enough(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_ANSWER:
        raise Refusal(
            N_("An answer has at most {most} characters. Yours has {have}."),
            {"most": LONGEST_ANSWER, "have": len(text)},
        )
    return text


def _letters(question: PublicQuestion) -> str:
    return LETTERS[: len(question.options)]


def _refuse(message: str, text: str, **values: object) -> Refusal:
    sent = text if len(text) <= _ECHO else text[: _ECHO - 1] + "…"
    return Refusal(message, {**values, "sent": sent})


def _option(question: PublicQuestion, text: str) -> int:
    """The place shown of one option: its letter, its text, or t and f for true and false."""
    letters = _letters(question)
    bare = text.strip(" .):(").upper()
    folded = [option.casefold() for option in question.options]
    if question.kind == "true_false" and bare in {"T", "F"}:
        named = [place for place, option in enumerate(folded) if option[:1].upper() == bare]
        if len(named) == 1:
            return named[0]
    if len(bare) == 1 and bare in letters:
        return letters.index(bare)
    if text.casefold() in folded:
        return folded.index(text.casefold())
    if question.kind == "true_false":
        raise _refuse(
            N_("I need {first} or {second}. You sent: {sent}."),
            text,
            first=question.options[0],
            second=question.options[1],
        )
    raise _refuse(N_("I need a letter A–{last}. You sent: {sent}."), text, last=letters[-1])


def _options(question: PublicQuestion, text: str) -> list[int]:
    letters = _letters(question)
    bare = re.sub(r"\s+", "", _FILLERS.sub(" ", text)).upper()
    if not bare or len(set(bare)) != len(bare) or not set(bare) <= set(letters):
        raise _refuse(
            N_("I need one or more letters A–{last}, such as a c. You sent: {sent}."),
            text,
            last=letters[-1],
        )
    return [letters.index(letter) for letter in bare]


def _something(text: str) -> str:
    if not text:
        raise Refusal(N_("I need a word or two as the answer. You sent nothing."))
    return text


def _number(question: PublicQuestion, text: str) -> Number:
    value = number(text, question.unit)
    if value is not None:
        return Number(number=value, text=text)
    if question.unit:
        raise _refuse(
            N_("I need a number in {unit}, such as 1.5 {unit}. You sent: {sent}."),
            text,
            unit=question.unit,
        )
    raise _refuse(N_("I need a number, such as 1024 or 2.5. You sent: {sent}."), text)


def _pairs(question: PublicQuestion, text: str) -> list[int]:
    letters, count = _letters(question), len(question.left)
    bare = re.sub(r"[\s,;]+", "", text)
    if re.fullmatch(r"[a-z]+", bare, re.IGNORECASE) and len(bare) == count:
        chosen = {place: letter.upper() for place, letter in enumerate(bare)}
    else:
        found = _PAIR.findall(text)
        left_over = re.sub(r"[\s,;]", "", _PAIR.sub("", text))
        chosen = {int(left) - 1: letter.upper() for left, letter in found}
        if left_over or len(found) != len(chosen):
            chosen = {}
    if sorted(chosen) != list(range(count)) or not set(chosen.values()) <= set(letters):
        raise _refuse(
            N_("I need a letter A–{last} for each number 1–{count}: 1b 2a. You sent: {sent}."),
            text,
            last=letters[-1],
            count=count,
        )
    return [letters.index(chosen[place]) for place in range(count)]


def _places(question: PublicQuestion, text: str) -> list[int]:
    count = len(question.options)
    bare = _FILLERS.sub(" ", text).split()
    if len(bare) == 1 and len(bare[0]) == count <= 9:
        bare = list(bare[0])
    places = [
        int(word) - 1 if word.isdecimal() else LETTERS.find(word.upper()) if len(word) == 1 else -1
        for word in bare
    ]
    if sorted(places) != list(range(count)):
        raise _refuse(
            N_("I need each number 1–{count} once, in order, such as 2 1 3. You sent: {sent}."),
            text,
            count=count,
        )
    return places


def _gaps(question: PublicQuestion, text: str) -> Gaps:
    texts = [part.strip() for part in text.split(";")] if question.gaps > 1 else [text]
    if len(texts) != question.gaps or not any(texts):
        raise _refuse(
            N_("I need {count} answers with ; between them, such as a; b. You sent: {sent}.")
            if question.gaps > 1
            else N_("I need a word or two for the gap. You sent: {sent}."),
            text,
            count=question.gaps,
        )
    return Gaps(gaps=tuple(texts))
