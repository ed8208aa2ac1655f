"""Recognises a fix that is told in words alone: "make the second comparison inclusive".

The guard knows which small changes mend the learner's program, since it has run them. A sentence
that orders something, and names what such a change brings in (or takes out, or moves), tells it.
Questions and sentences that only explain are let through, whatever they name.
"""

import ast
import builtins
import io
import keyword
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from domain.syntax import parse
from tutor.guard.forms import (
    BRACKETS,
    MOVES,
    ONE_LESS,
    ONE_MORE,
    OPPOSITE,
    OPPOSITES,
    ORDER,
    PAIRS,
    REMOVES,
    SIGNS,
    TURNED,
    forms,
    number_forms,
)
from tutor.guard.sentences import INSTEAD, Sentence, telling

Kind = Literal["tokens", "brackets", "order", "turned", "indent"]

# A number may be something to try the program with, or what it gives.
_AS_INPUT = re.compile(
    r"\b(?:example|inputs?|calls?|called|try|tried|tests?|walk|suppose|imagine|assume|say,|given|fill"
    r"|table|let's|let us|consider|result|answer|output|returns|should give|gives|gets?|got"
    r"|prints?)\b",
    re.IGNORECASE,
)
# "You should get 1": a result, not a number for the program.
_EXPECTED = re.compile(
    r"\b(?:should|must) (?:get|give|see|show) [`'\"]?-?\d[\d.]*[`'\"]?(?![\w ]* (?:more|less)\b)",
    re.IGNORECASE,
)
_DULL = frozenset("()[]{},:.`'\"=") | {"", "self"}
_QUOTED = (
    r"quot|separately|second argument|own argument|comma\b|outside|end the text"
    r"|anführung|cudzysł|comillas|przecin|komma\b|\bcoma\b"
)
_MOST_FIXES = 12
_MOST_NUMBERS = 3  # in a sentence that orders; more are examples


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that mends the program.

    Args:
        brings: tokens that it brings in, with how often.
        takes: tokens that it takes out.
        kind: "tokens", or what else it only changes: "brackets", "order" of lines, "indent",
            or what is "turned" inside a line.
        stores: whether it gives a name a value.
        loops: whether it stands in the head of a loop.
        own: names that stand in the learner's program.
        line: where, from 1.
    """

    brings: tuple[str, ...]
    takes: tuple[str, ...]
    kind: Kind
    stores: bool
    loops: bool
    own: frozenset[str]
    line: int


_PYTHONS = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_FIRST = "[0]"
_PLACES = (_FIRST, "[-1]")
_GIVES = re.compile(r"(?<![<>=!+*/%-])=(?!=)")
_UNSAID = frozenset({"pass", "in", "is"})
_KINDS = MappingProxyType({"brackets": BRACKETS, "order": ORDER, "turned": TURNED, "indent": MOVES})
_COMPREHENSION = re.compile(r"\[[^\n]*\bfor\b")


def fix(before: str, after: str) -> Fix | None:
    """What a change of a program brings in and takes out; None when it cannot be read."""
    old, new = tokens(before), tokens(after)
    if old is None or new is None:
        return None
    brings, takes = Counter(new) - Counter(old), Counter(old) - Counter(new)
    brings += Counter({place: 1 for place in _PLACES if after.count(place) > before.count(place)})
    if _COMPREHENSION.search(after) and not _COMPREHENSION.search(before):
        brings["[] for"] = 1
    line = next(
        (
            number
            for number, (one, other) in enumerate(
                zip(before.split("\n"), [*after.split("\n"), *[""] * 99], strict=False), 1
            )
            if one != other
        ),
        1,
    )
    own = frozenset(_named(before)) - _PYTHONS
    kind: Kind = "tokens" if brings or takes else _kind(before, after)
    stores = len(_GIVES.findall(after)) > len(_GIVES.findall(before))
    head = before.split("\n")[line - 1].split() if line <= before.count("\n") else []
    loops = bool(head) and head[0] in ("for", "while")
    return Fix(tuple(brings), tuple(takes), kind, stores, loops, own, line)


def _kind(before: str, after: str) -> Kind:
    """What differs in programs of the same words and signs."""
    old, new = ([line.strip() for line in text.split("\n")] for text in (before, after))
    if old == new:
        return "indent"
    if sorted(old) == sorted(new):
        return "order"
    return "turned" if before.count("(") == after.count("(") else "brackets"


def _named(text: str) -> Iterator[str]:
    """Variables, parameters and functions of a program; not the methods it calls."""
    for node in ast.walk(parse(text)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                yield name


def tokens(text: str) -> list[str] | None:
    """The words and signs of a program without brackets and dots; None when it is no Python."""
    try:
        parse(text)
        found = [one.string for one in tokenize.generate_tokens(io.StringIO(text).readline)]
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    return [one for one in found if one.strip() not in _DULL and not one.startswith("#")]


def tells(texts: Sequence[str], fixes: Iterable[Fix]) -> str:
    """The words that tell one of the fixes, or "".

    Args:
        texts: a reply without disguises, and how it reads in English.
        fixes: changes that mend the program.
    """
    known = list(fixes)[:_MOST_FIXES]
    for text in texts:
        for said in telling(text):
            read = replace(said, text=_EXPECTED.sub("gets it", said.text))
            if any(_told(read, one) for one in known):
                return said.text
    return ""


def orders(texts: Iterable[str]) -> bool:
    """Whether anything in a reply tells something that may be a fix."""
    return any(True for text in texts for _ in telling(text))


def _told(said: Sentence, one: Fix) -> bool:
    if said.looks and not {"print", "return"} & {*one.brings, *one.takes}:
        return False
    if one.kind != "tokens":
        return said.orders and _matches(said.text, _KINDS[one.kind])
    news = [token for token in one.brings if token not in _UNSAID]
    if not news or (news == ["continue"] and "break" in one.takes):
        return said.orders and _matches(said.text, REMOVES) and _names_taken(said.text, one)
    # The learner's own names go without saying, unless nothing else is new.
    strange = [token for token in news if token not in one.own]
    wanted = strange or (["="] if one.stores else news)
    if _FIRST in wanted:
        wanted = [name for name in wanted if name != "0"]
    numbers = re.findall(r"\d+", said.text)
    instead = INSTEAD.search(said.text) is not None
    if all(token.isdigit() for token in wanted) and not instead and _AS_INPUT.search(said.text):
        return False
    if len(numbers) > _MOST_NUMBERS or not (said.orders or set(wanted) <= SIGNS):
        return False
    if not instead and any(_literally(said.text, token) for token in one.takes):
        return False  # two signs beside each other are explained
    if {*wanted, *one.takes} in OPPOSITES and _matches(said.text, OPPOSITE):
        return True
    return all(_names(said.text, token, one) for token in wanted) or _steps(said, wanted, one)


def _steps(said: Sentence, wanted: Sequence[str], one: Fix) -> bool:
    """Whether a bound that moves by one is told as "one more" or "one less"."""
    if not said.orders:
        return False
    if set(wanted) in ({"1", "+"}, {"<="}) or (set(wanted) == {">="} and not one.loops):
        return _matches(said.text, ONE_MORE)
    return set(wanted) in ({"1", "-"}, {"<"}) and _matches(said.text, ONE_LESS)


def _names_taken(said: str, one: Fix) -> bool:
    place = rf"\blast line\b|\blast statement\b|\bline {one.line}\b"
    return any(_matches(said, forms(token, token in one.own)) for token in one.takes) or _matches(
        said, place
    )


def _names(said: str, token: str, one: Fix) -> bool:
    if re.fullmatch(r"\d+(?:\.\d+)?", token):
        olds = [other for other in one.takes if re.fullmatch(r"\d+", other)]
        return _matches(said, number_forms(token, olds))
    if token[:1] in "\"'" and any(token.strip("\"'") in other for other in one.takes):
        return _matches(said, _QUOTED)  # a part of a text that was there before
    if any(_matches(said, PAIRS[token, old]) for old in one.takes if (token, old) in PAIRS):
        return True
    return _matches(said, forms(token, token in one.own))


def _literally(said: str, token: str) -> bool:
    """Whether a sign or word of Python itself stands in a sentence as such."""
    sign = re.escape(token)
    quoted = rf"[`'\"]{sign}[`'\"]"
    if token.isidentifier() or token.isdigit():
        return _matches(said, quoted)
    return _matches(said, rf"(?<![<>=!+*/%-]){sign}(?![<>=!+*/%-])")


def _matches(said: str, pattern: str | re.Pattern[str]) -> bool:
    if isinstance(pattern, str):
        return re.search(pattern, said, re.IGNORECASE) is not None
    return pattern.search(said) is not None
