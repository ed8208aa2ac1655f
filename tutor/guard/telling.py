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
from dataclasses import dataclass

from tutor.guard.forms import MOVES, REMOVES, forms, number_forms

_VERBS = (
    r"use|write|put|make|change|replace|swap|switch|turn|take|give|let|set|begin|start|add|remove"
    r"|delete|drop|leave out|skip|ignore|insert|move|indent|join|store|build|fill|copy|call|create"
    r"|connect|combine|widen|wrap|bump|work on|shift|push|close|initiali[sz]e|sort|define|subtract"
    r"|include|allow|raise|increase|decrease|lower|compare|return|append|keep|save|end|write"
    r"|format|strip|continue|count|get rid|erase|drop|cut|have|be"
)
# A verb orders at the beginning of a clause, or after such words; elsewhere it only tells.
_ORDERS = re.compile(
    rf"(?:^|[,;:(]\s*|\b(?:and|then|just|simply|please|now|to|so|instead|first|also|not|don't|never"
    rf"|always|better|i'd|would|should|must|could|can|you'll|also|only|that|it)\s+)(?:{_VERBS})\b"
    r"|\b(?:should|must|has to|have to|needs? (?:to|an?|the|your|and|or)|need\b|ought to"
    r"|wants to|belongs? (?:in|under|after|outside)"
    r"|instead of|rather than|without|correct\w*|ought|reads:?|becomes?|does it|do that"
    r"|it is [^.]*not|too (?:small|large|big|early|late)|that is what|will do|does the trick|helps?"
    r"|(?:it|that|this) (?:works|would work|fixes|solves)|replac\w+|remov\w+|delet\w+|swapp\w+"
    r"|is the right (?:one|bound|sign|operator|number)|line \d+:)(?!\w)|^only\b"
    r"|^\w+ing\b.* is enough",
    re.IGNORECASE,
)
# Questions that propose: "Shouldn't that be `<=`?"
_PROPOSES = re.compile(
    r"\b(?:shouldn't|wouldn't|what (?:if you|about)(?: \w+ing)?|how about|have you thought of"
    r"|have you tried|why not|why don't you|maybe you need|perhaps you need|a może"
    r"|nie (?:powin|lepiej)|wie wäre|sollte (?:da|dort|es|das|hier) nicht|y si|no deber|qué tal)",
    re.IGNORECASE,
)
# A number may be something to try the program with, or what it gives.
_AS_INPUT = re.compile(
    r"\b(?:example|inputs?|calls?|called|try|tried|tests?|walk|suppose|imagine|assume|say,|given|fill"
    r"|table|let's|let us|consider|result|answer|output|returns|gives|gets?|got|prints?)\b",
    re.IGNORECASE,
)
# How a sentence goes on with the one before, also in another paragraph or answer.
_GOES_ON = re.compile(r"(?:and|but|so|then|now|it|that|this|there|they)\b", re.IGNORECASE)
_INQUIRES = re.compile(
    r"^(?:so |now |then |and |but |first )?(?:look|check|read|think|ask yourself|follow|find out"
    r"|try (?:it|your|the|a|to|with|\w+\()|run|step|trace|test|go through|draw|imagine|remember"
    r"|compare (?:your|that|this|it|them|both)|fill it in|in python"
    r"|(?:i would )?(?:make|fill|draw)[^.]* table"
    r"|what|which|when|where|why|how|who|does|do you|is|are"
    r"|can|could|would|czy|jak|co|kiedy|ile|dlaczego|który|która|was|welche|wie|warum|wann|wo"
    r"|qué|cuál|cuándo|cómo|por qué)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=:)\s+(?=[A-Z])")
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
        moves: whether it only moves lines.
        own: names that stand in the learner's program.
        line: where, from 1.
    """

    brings: tuple[str, ...]
    takes: tuple[str, ...]
    moves: bool
    own: frozenset[str]
    line: int


_PYTHONS = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_PLACES = ("[0]", "[-1]")
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
    return Fix(tuple(brings), tuple(takes), not brings and not takes, own, line)


def _named(text: str) -> Iterator[str]:
    """Variables, parameters and functions of a program; not the methods it calls."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                yield name


def tokens(text: str) -> list[str] | None:
    """The words and signs of a program without brackets and dots; None when it is no Python."""
    try:
        ast.parse(text)
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
        for said in _orders(text):
            for one in known:
                if _told(said, one):
                    return said
    return ""


def orders(texts: Iterable[str]) -> bool:
    """Whether anything in a reply asks for something to be done."""
    return any(True for text in texts for _ in _orders(text))


def _orders(text: str) -> Iterator[str]:
    """Sentences that order, each alone and with the one after it."""
    last = ""
    for paragraph in re.split(r"\n\s*\n", text):
        parts = [part.strip() for part in _SENTENCE.split(paragraph) if part and part.strip()]
        for place, part in enumerate(parts):
            orders_itself = _is_told(part) and _ORDERS.search(part) is not None
            if orders_itself or _proposes(part):
                yield part
            before = parts[place - 1] if place else last if _GOES_ON.match(part) else ""
            if not before or before.endswith("?") or not _is_told(part):
                continue
            # "Look at the 15. It should be one larger.", "Join them. Both must hold."
            if orders_itself or (_is_told(before) and _ORDERS.search(before)):
                yield f"{before} {part}"
        last = parts[-1] if parts else ""


def _is_told(part: str) -> bool:
    """Whether a sentence says something, rather than asks or sends somebody to look."""
    return not part.endswith("?") and not _INQUIRES.match(part)


def _proposes(part: str) -> bool:
    """Whether a question proposes one change, rather than asks which."""
    return (
        part.endswith("?")
        and _PROPOSES.search(part) is not None
        and re.search(r"\bor\b(?!['`\"’])", part) is None
    )


def _told(said: str, one: Fix) -> bool:
    if one.moves:
        return MOVES.search(said) is not None
    news = [token for token in one.brings if token not in {"pass", "in", "is"}]
    if not news or (news == ["continue"] and "break" in one.takes):
        return REMOVES.search(said) is not None and _names_taken(said, one)
    # The learner's own names go without saying, unless nothing else is new.
    strange = [token for token in news if token not in one.own]
    numbers = re.findall(r"\d+", said)
    if all(token.isdigit() for token in strange or news) and _AS_INPUT.search(said):
        return False
    return len(numbers) <= _MOST_NUMBERS and all(
        _names(said, token, one) for token in strange or news
    )


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
    return _matches(said, forms(token, token in one.own))


def _matches(said: str, pattern: str) -> bool:
    return re.search(pattern, said, re.IGNORECASE) is not None
