"""The answers of one question: finds their block, tells the kind by their shape."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.authoring.lists import Entry, read_list
from domain.authoring.problems import Spot

MAX_OPTIONS = 10
OPTION_LIMIT = 300
_CHECK = re.compile(r"\[([ xX])\](?:\s+|$)")
_EQUALS = re.compile(r"^\s{0,3}=\s+(\S.*?)\s*$")
_NUMERIC = re.compile(r"^(\S+)\s*(?:\+-|\+/-|±)\s*(\S+)$")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block: its Markdown token type, its lines, and the number of the first."""

    type: str
    rows: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        """The block as written."""
        return "\n".join(self.rows)


@dataclass(frozen=True, slots=True)
class Answers:
    """The kind of a question and its parts; which of the lists are filled depends on the kind.

    `texts` are options, steps or accepted answers; `pairs` are (left, right) or (number,
    tolerance); `gaps` are the accepted answers of each gap.
    """

    kind: str
    prompt: str = ""
    explanation: str = ""
    texts: tuple[str, ...] = ()
    correct: tuple[bool, ...] = ()
    feedback: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[str, ...], ...] = ()


def read_answers(title: str, parts: Sequence[Block], spot: Spot) -> Answers | None:
    """Find and read the answers among a question's blocks.

    Args:
        title: the heading without its attributes.
        parts: what follows it, without hints.
        spot: the heading.

    Returns:
        The answers, or None after an error that leaves nothing to compile.
    """
    shapes = [_shape(part) for part in parts]
    strong = [number for number, shape in enumerate(shapes) if shape in {"check", "equals"}]
    gaps = [number for number, part in enumerate(parts) if _gap_in(part)]
    if strong and any(_GAP.search(_CODE.sub("", text)) for text in _before(title, parts, strong)):
        spot.error("answers of two kinds: keep either the {{gaps}} or the answers below")
        return None
    if not strong and (gaps or _GAP.search(title)):
        return _cloze(title, parts, gaps[-1] + 1 if gaps else 0, spot)
    weak = [number for number, shape in enumerate(shapes) if shape in {"pairs", "order"}]
    found = strong or weak[:1]
    if not found:
        if _buried(parts, spot):
            return None
        spot.error(
            "the question has no answers: add '1. [x]' or '- [x]' options, a numbered list, "
            "'- left = right' pairs, '= answer' lines or {{gaps}}"
        )
        return None
    if len(found) > 1:
        spot.at(parts[found[1]].line).error(
            "answers of two kinds or in two places: keep one block of answers"
        )
        return None
    at = found[0]
    prompt = "\n\n".join([title, *(part.text for part in parts[:at])]).strip()
    explanation = "\n\n".join(part.text for part in parts[at + 1 :]).strip()
    answers = _READERS[shapes[at]](parts[at], spot)
    return replace(answers, prompt=prompt, explanation=explanation)


def _shape(block: Block) -> str:
    if block.type == "paragraph_open":
        return "equals" if _EQUALS.match(block.rows[0]) else ""
    if block.type not in {"bullet_list_open", "ordered_list_open"}:
        return ""
    entries = read_list(block.rows, block.line)
    if any(_CHECK.match(entry.text) for entry in entries):
        return "check"
    if block.type == "ordered_list_open":
        return "order"
    return "pairs" if any(" = " in entry.text for entry in entries) else ""


def _buried(parts: Sequence[Block], spot: Spot) -> bool:
    """Report an '= answer' line that Markdown takes for a part of the paragraph above."""
    for part in parts:
        for offset, row in enumerate(part.rows):
            if part.type == "paragraph_open" and _EQUALS.match(row):
                spot.at(part.line + offset).error("put a blank line before the '= answer' lines")
                return True
    return False


def _gap_in(block: Block) -> bool:
    """Whether a block has a gap; in a fence every gap counts, in a sentence none inside code."""
    return bool(_GAP.search(block.text if block.type == "fence" else _CODE.sub("", block.text)))


def _before(title: str, parts: Sequence[Block], strong: Sequence[int]) -> list[str]:
    """The texts of the prompt, without fenced code."""
    return [title, *(part.text for part in parts[: strong[0]] if part.type != "fence")]


def _choices(block: Block, spot: Spot) -> Answers:
    entries = read_list(block.rows, block.line)
    texts: list[str] = []
    correct: list[bool] = []
    feedback: list[str] = []
    for entry in entries:
        found = _CHECK.match(entry.text)
        here = spot.at(entry.line)
        if found is None:
            here.error("answers of two kinds: start every option with '[ ]' or '[x]'")
            continue
        text = entry.text[found.end() :].strip()
        _check_text(text, here, texts, "option")
        texts.append(text)
        correct.append(found[1] in "xX")
        feedback.append(_feedback(entry, here))
    here = spot.at(block.line)
    if not 2 <= len(entries) <= MAX_OPTIONS:
        here.error(f"{len(entries)} options: write 2 to {MAX_OPTIONS}")
    single = block.type == "ordered_list_open"
    right = sum(correct)
    if single and right != 1:
        here.error(f"{right} options are marked [x]: mark exactly one, or use '- [x]' for several")
    elif not right:
        here.error("no option is marked [x]: mark the right ones")
    kind = "single" if single else "multi"
    if single and sorted(text.casefold() for text in texts) == ["false", "true"]:
        kind = "true_false"
    return Answers(kind, texts=tuple(texts), correct=tuple(correct), feedback=tuple(feedback))


def _feedback(entry: Entry, spot: Spot) -> str:
    if entry.lazy_line:
        spot.at(entry.lazy_line).error(
            "put a blank line before this line, or indent it: it would join the option above"
        )
    return entry.feedback


def _order(block: Block, spot: Spot) -> Answers:
    items: list[str] = []
    for entry in read_list(block.rows, block.line):
        here = spot.at(entry.line)
        _feedback(entry, here)
        _check_text(entry.text, here, items, "step")
        items.append(entry.text)
    if not 2 <= len(items) <= MAX_OPTIONS:
        spot.at(block.line).error(f"{len(items)} steps to order: write 2 to {MAX_OPTIONS}")
    return Answers("ordering", texts=tuple(items))


def _pairs(block: Block, spot: Spot) -> Answers:
    pairs: list[tuple[str, str]] = []
    for entry in read_list(block.rows, block.line):
        here = spot.at(entry.line)
        _feedback(entry, here)
        sides = _sides(entry.text)
        if len(sides) != 2 or not all(sides):
            here.error("write each pair as '- left = right', with exactly one ' = '")
            continue
        _check_text(sides[0], here, [left for left, _ in pairs], "left side")
        _check_text(sides[1], here, [], "right side")
        pairs.append((sides[0], sides[1]))
    here = spot.at(block.line)
    if not 2 <= len(pairs) <= MAX_OPTIONS:
        here.error(f"{len(pairs)} pairs: write 2 to {MAX_OPTIONS}")
    elif len({right for _, right in pairs}) < 2:
        here.error("every pair has the same right side: use at least two different ones")
    return Answers("matching", pairs=tuple(pairs))


def _sides(text: str) -> list[str]:
    hidden = _CODE.sub(lambda found: "\x00" * len(found[0]), text)
    cuts = [found.start() for found in re.finditer(" = ", hidden)]
    if len(cuts) != 1:
        return []
    return [text[: cuts[0]].strip(), text[cuts[0] + 3 :].strip()]


def _equals(block: Block, spot: Spot) -> Answers:
    texts: list[str] = []
    numbers: list[tuple[str, str]] = []
    for offset, row in enumerate(block.rows):
        here = spot.at(block.line + offset)
        found = _EQUALS.match(row)
        if found is None:
            here.error("put a blank line before this line, or start it with '= '")
            continue
        number = _NUMERIC.match(found[1])
        if number is not None and (read := _number(number[1], number[2], here)):
            numbers.append(read)
        elif number is None:
            _check_text(found[1], here, texts, "answer")
            texts.append(found[1])
    if texts and numbers:
        spot.at(block.line).error("answers of two kinds: give every number '+- 0', or none")
    if numbers:
        return Answers("numeric", pairs=tuple(numbers))
    if texts and all(_DECIMAL.fullmatch(text) for text in texts):
        spot.at(block.line).warn("only numbers: write '= 5 +- 0' to make it a numeric question")
    return Answers("short", texts=tuple(texts))


def _number(value: str, tolerance: str, spot: Spot) -> tuple[str, str] | None:
    for text in (value, tolerance):
        if not _DECIMAL.fullmatch(text):
            spot.error(f"'{text}' is not a number: write it like 1024 or 3.14, then '+- 0.01'")
            return None
    if Decimal(tolerance) < 0:
        spot.error("a tolerance is not negative: write '+- 0' or more")
        return None
    return value, tolerance


def _cloze(title: str, parts: Sequence[Block], end: int, spot: Spot) -> Answers | None:
    prompt = "\n\n".join([title, *(part.text for part in parts[:end])]).strip()
    explanation = "\n\n".join(part.text for part in parts[end:]).strip()
    gaps: list[tuple[str, ...]] = []

    def number(found: re.Match[str]) -> str:
        answers = tuple(part.strip() for part in found[1].split("|"))
        if not all(answers):
            spot.error(f"the gap {found[0]} has an empty answer: write {{{{word}}}}")
        elif len({answer.casefold() for answer in answers}) < len(answers):
            spot.warn(f"the gap {found[0]} lists an answer twice: keep one")
        gaps.append(answers)
        return f"{{{{{len(gaps)}}}}}"

    prompt = _GAP.sub(number, prompt)
    if len(gaps) > MAX_OPTIONS:
        spot.error(f"{len(gaps)} gaps: write at most {MAX_OPTIONS}")
    if not re.search(r"\w", _GAP.sub("", prompt)):
        spot.error("a cloze needs words around its gaps: write the sentence")
    return Answers("cloze", prompt, explanation, gaps=tuple(gaps))


def _check_text(text: str, spot: Spot, before: Sequence[str], what: str) -> None:
    if not text:
        spot.error(f"this {what} is empty: write it")
    elif len(text) > OPTION_LIMIT:
        spot.error(f"this {what} has more than {OPTION_LIMIT} characters: shorten it")
    elif text in before:
        spot.error(f"this {what} is written twice: change one")


_READERS = {"check": _choices, "order": _order, "pairs": _pairs, "equals": _equals}
