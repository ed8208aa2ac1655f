"""GIFT, last pass: blocks become questions of our kinds, with their keys."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError

from domain.authoring.foreign import gift_answers
from domain.authoring.foreign.found import Found, Harvest, words
from domain.authoring.foreign.gift_answers import FULL, Answer, Inside
from domain.authoring.foreign.gift_blocks import Block, blocks, show
from domain.authoring.foreign.texts import has_markup, literal, reduced, tidy
from domain.quizzes import forms
from domain.quizzes.forms import Data, Key, Kind
from domain.quizzes.questions import Question

GAP = "_____"
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ONLY_SIGNS = re.compile(r"[\s.,;:!?\"')\]]*")
_RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*")


class Unusable(Exception):
    """Why a block makes no question, in words for its author."""


def read_gift(text: str) -> Harvest:
    """Read a whole file. What cannot be a question is in `skipped`, with its line."""
    harvest = Harvest()
    for block in blocks(text):
        try:
            _read(block, harvest)
        except Unusable as problem:
            harvest.skip(block.line, str(problem))
        except ValidationError as error:
            harvest.skip(block.line, words(error))
    return harvest


def _read(block: Block, harvest: Harvest) -> None:
    title, rest = "", block.text
    if found := _TITLE.match(rest):
        title, rest = tidy(show(found[1])), rest[found.end() :]
    reader = _Texts(rest)
    groups = _groups(reader.rest)
    if not groups:
        if not block.is_closed or "{" in reader.rest:
            raise Unusable("the answers are not closed: add '}' after the last one")
        harvest.others["description"] += 1
        return
    if len(groups) > 1:
        question = _cloze(reader, groups)
    else:
        begin, end = groups[0]
        inside = gift_answers.read(reader.rest[begin + 1 : end])
        if inside.shape == "essay":
            harvest.others["essay"] += 1
            return
        before, after = reader.rest[:begin], reader.rest[end + 1 :]
        prompt = reader.markdown(before)
        if not _ONLY_SIGNS.fullmatch(show(after)):
            prompt = f"{prompt} {literal(GAP)} {reader.markdown(after)}".strip()
        question = _question(reader, inside, prompt or literal(title))
    draft = f"it shows a picture: {', '.join(reader.pictures)}" if reader.pictures else ""
    harvest.questions.append(Found(block.line, question, title, block.category, draft))


class _Texts:
    """Turns the texts of one question into ours, by the format the question names."""

    def __init__(self, text: str) -> None:
        found = _FORMAT.match(text)
        self.rest = text[found.end() :] if found else text
        self._format = found[1].lower() if found else "moodle"
        self.pictures: list[str] = []

    def markdown(self, text: str) -> str:
        """A text that is shown."""
        return self._text(text, markdown=True)

    def plain(self, text: str) -> str:
        """A text that is compared with what people type."""
        return " ".join(self._text(text, markdown=False).split())

    def _text(self, text: str, *, markdown: bool) -> str:
        named = _FORMAT.match(text)
        kind = named[1].lower() if named else self._format
        text = show(text[named.end() :] if named else text)
        if kind == "html" or (kind == "moodle" and has_markup(text)):
            text, pictures = reduced(text, markdown=markdown)
            self.pictures += pictures
            return text
        text = tidy(text) if kind != "markdown" else text.strip()
        return literal(text) if markdown and kind != "markdown" else text


def _groups(text: str) -> list[tuple[int, int]]:
    """The places of matching outer braces."""
    groups, depth, begin = [], 0, 0
    for place, sign in enumerate(text):
        if sign == "{":
            begin = place if depth == 0 else begin
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
            if depth == 0:
                groups.append((begin, place))
    return groups


def _question(texts: _Texts, inside: Inside, prompt: str) -> Question:
    if not prompt:
        raise Unusable("the question has no text")
    said = [texts.markdown(inside.explanation)] if inside.explanation else []
    kind: Kind
    data: Data
    key: Key
    match inside.shape:
        case "truth":
            right = 0 if inside.answers[0].text == "T" else 1
            kind = "true_false"
            data = forms.ChoiceData(options=("True", "False"))
            key = forms.ChoiceKey(correct=(right,))
        case "numeric":
            kind, data, key = "numeric", forms.NumericData(), _numbers(inside.answers)
        case "matching":
            kind = "matching"
            data, key = _pairs(texts, inside.answers)
        case "choice":
            kind, data, key = _choice(texts, inside.answers)
        case "short":
            kind, data = "short", forms.ShortData()
            accepted, remarks = _accepted(texts, inside.answers)
            key = forms.ShortKey(accepted=accepted)
            said = said or remarks
        case _:
            raise Unusable("no answer begins with '=' or '~'")
    return Question(kind=kind, prompt=prompt, data=data, key=key, explanation=" ".join(said))


def _choice(texts: _Texts, answers: Sequence[Answer]) -> tuple[Kind, Data, Key]:
    full = [place for place, one in enumerate(answers) if one.worth >= FULL]
    some = [place for place, one in enumerate(answers) if one.worth > 0]
    right = full or some
    if not right:
        raise Unusable("no answer is right: mark one with '='")
    options = [texts.markdown(one.text) for one in answers]
    if not all(options):
        raise Unusable("an option is empty or only a picture")
    feedback = tuple(texts.markdown(one.feedback) for one in answers)
    data = forms.ChoiceData(options=tuple(options))
    key = forms.ChoiceKey(correct=tuple(right), feedback=feedback if any(feedback) else ())
    return ("single" if len(right) == 1 else "multi"), data, key


def _accepted(texts: _Texts, answers: Sequence[Answer]) -> tuple[tuple[str, ...], list[str]]:
    """The answers worth the most, and what is said to those who give them.

    A star stands for anything in GIFT; an answer with one cannot be told from a wrong one.
    """
    best = max(one.worth for one in answers)
    if best <= 0:
        raise Unusable("no answer is right: give one a weight above 0")
    chosen = [one for one in answers if one.worth == best and "*" not in one.text]
    accepted = [texts.plain(one.text) for one in chosen]
    if not any(accepted):
        raise Unusable("no answer is left that people could type")
    said = [texts.markdown(one.feedback) for one in chosen[:1] if one.feedback]
    return tuple(dict.fromkeys(filter(None, accepted))), said


def _pairs(texts: _Texts, answers: Sequence[Answer]) -> tuple[Data, Key]:
    sides = [one.text.partition("->") for one in answers]
    pairs = [(texts.markdown(left), texts.markdown(right)) for left, _, right in sides]
    whole = [(left, right) for left, right in pairs if left and right]
    extra = [right for left, right in pairs if right and not left]
    data, key = forms.matching(whole)
    if not extra or not isinstance(data, forms.MatchingData):
        return data, key
    right = tuple(sorted({*data.right, *extra}, key=lambda text: (text.casefold(), text)))
    places = tuple(right.index(text) for _, text in whole)
    return forms.MatchingData(left=data.left, right=right), forms.MatchingKey(right_of=places)


def _numbers(answers: Sequence[Answer]) -> Key:
    best = max((one.worth for one in answers if one.mark == "="), default=0)
    accepted = [_number(show(one.text)) for one in answers if one.mark == "=" and one.worth == best]
    if not accepted or best <= 0:
        raise Unusable("no number is right")
    return forms.NumericKey(accepted=tuple(accepted))


def _number(text: str) -> forms.AcceptedNumber:
    """`value`, `value:tolerance` or `low..high`."""
    if found := _RANGE.fullmatch(text):
        low, high = _decimal(found[1]), _decimal(found[2])
        return forms.AcceptedNumber(value=(low + high) / 2, tolerance=abs(high - low) / 2)
    value, _, tolerance = text.partition(":")
    return forms.AcceptedNumber(
        value=_decimal(value),
        tolerance=abs(_decimal(tolerance)) if tolerance.strip() else Decimal(0),
    )


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", ".").replace("\u2212", "-"))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise Unusable(f"'{text.strip()[:30]}' is not a number")
    return number


def _cloze(texts: _Texts, groups: Sequence[tuple[int, int]]) -> Question:
    """Several braces in one text: a cloze question, when each takes typed answers."""
    gaps, parts, last = [], [], 0
    for number, (begin, end) in enumerate(groups, start=1):
        inside = gift_answers.read(texts.rest[begin + 1 : end])
        if inside.shape != "short":
            raise Unusable("several answer blocks in one question: leave a blank line between")
        gaps.append(_accepted(texts, inside.answers)[0])
        parts += [texts.markdown(texts.rest[last:begin]), f"{{{{{number}}}}}"]
        last = end + 1
    parts.append(texts.markdown(texts.rest[last:]))
    return Question(
        kind="cloze",
        prompt=" ".join(filter(None, parts)),
        data=forms.ClozeData(gaps=len(gaps)),
        key=forms.ClozeKey(gaps=tuple(gaps)),
    )
