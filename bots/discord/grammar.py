"""How a verb of the vocabulary is written, read as options. Pure.

`Verb.usage` is a small grammar: `[course]` may be left out, `FILE` and `HH:MM` stand for a value,
`level:…` has its name before its value, `full|compact` is a choice, and `a | b` are two ways to
write the command, of which those that begin with a fixed word are subcommands.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bots.conversation.vocabulary import Verb
from bots.discord.limits import COMMAND_NAME

OPEN = "open"  # the subcommand for the way that begins with no fixed word
_TOKEN = re.compile(r"\[[^\]]*\]|\S+")
_FIXED = re.compile(r"[a-z][a-z0-9_-]*")
_KEYED = re.compile(r"([a-z]+):(\S+)")
_CHOICE = re.compile(r"[a-z0-9_-]+(?:\|[a-z0-9_-]+)+")
_NO_NAME = re.compile(r"[^a-z0-9_-]+")
_NAMELESS = frozenset(
    {"code", "choice", "value", "mon-fri", "text"}
)  # after a fixed word, called like it
_CALLED = {"hh-mm": "time", "n": "count"}
_NUMBERS = frozenset({"n", "count", "number", "level"})
SHOW = "show"  # the option for words that stand alone, so that the command can be used without
FREE = "text"  # the option of a usage that cannot be read


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command.

    Args:
        name: as it is shown.
        kind: what may be given.
        is_required: whether the command means nothing without it.
        prefix: what stands before the value in the typed line, such as "level:".
        choices: the only values, if they are few.
        example: what may be typed, where the usage shows an example and no name.
        offered: values to offer while something else may be typed too.
    """

    name: str
    kind: Literal["text", "number", "file"] = "text"
    is_required: bool = False
    prefix: str = ""
    choices: tuple[str, ...] = ()
    example: str = ""
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write a command: its fixed word (empty: none), and its options."""

    word: str
    options: tuple[Option, ...]


def ways(verb: Verb) -> tuple[Way, ...]:
    """All ways to write a command; one without a fixed word is there too, and comes first.

    Words that stand alone are choices of one option, so that the bare command stays a command:
    beside subcommands Discord has none.
    """
    alternatives = _alternatives(verb.usage.strip())
    words = {word.split()[0] for word in verb.words}
    found: dict[str, Way] = {}
    last = ""
    for text in alternatives:
        way = _way(text, verb)
        if not way.word and len(alternatives) > 1:  # the command alone means something too
            way = Way("", tuple(replace(option, is_required=False) for option in way.options))
        if words and way.word and way.word not in words and last in found:  # "add front | back"
            name = _one(way.word, is_required=False, verb=verb).name
            more = Option(name, prefix="| ")
            found[last] = Way(last, _merged(found[last].options, (more, *way.options)))
            continue
        last = way.word
        if way.word in found:
            way = Way(way.word, _merged(found[way.word].options, way.options))
        found[way.word] = way
    if len(alternatives) > 1:
        for word in verb.words:
            first = word.split()[0]
            if _FIXED.fullmatch(first):
                found.setdefault(first, Way(first, ()))
    plain = found.pop("", Way("", ()))
    if found and len(plain.options) <= 1 and not any(way.options for way in found.values()):
        return (Way("", _merged((Option(SHOW, choices=tuple(found)),), plain.options)),)
    return (plain, *found.values())


def line(way: Way, values: Mapping[str, str]) -> str:
    """The arguments that somebody would have typed."""
    given = [
        option.prefix + values[option.name]
        for option in way.options
        if values.get(option.name) and option.kind != "file"
    ]
    return " ".join([way.word, *given] if way.word else given)


def _alternatives(usage: str) -> list[str]:
    if usage.startswith("[") and usage.endswith("]") and "]" not in usage[:-1] and " | " in usage:
        usage = usage[1:-1]
    depth, parts = 0, [""]
    for piece in re.split(r"(\s\|\s|[\[\]])", usage):
        depth += (piece == "[") - (piece == "]")
        if depth == 0 and piece.strip() == "|":
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def _way(text: str, verb: Verb) -> Way:
    tokens = _TOKEN.findall(text)
    word = ""
    if tokens and _FIXED.fullmatch(tokens[0]):
        word = tokens.pop(0)
    if _is_example(tokens):
        example = " ".join(tokens)
        return Way(word, (Option(FREE, is_required=bool(word), example=example),))
    options: list[Option] = []
    for token in tokens:
        options += _options(token, verb)
    if word and len(options) == 1 and options[0].name in _NAMELESS:
        known = [one.split(maxsplit=1) for one in verb.words if one.startswith(f"{word} ")]
        offered = () if options[0].choices else tuple(rest for _, rest in known)
        options = [replace(options[0], name=word, offered=offered)]
    return Way(word, _merged((), options))


def _is_example(tokens: Sequence[str]) -> bool:
    """Whether a usage shows what may be typed, such as "20m" or "50 cards by 1 Dec"."""
    plain = [token for token in tokens if token.isalnum()]
    return any(token[:1].isdigit() for token in plain)


def _options(token: str, verb: Verb) -> list[Option]:
    is_required = not token.startswith("[")
    bare = token.strip("[]").strip()
    if bare in verb.words and _FIXED.fullmatch(bare):  # "[why]": one more word, or nothing
        return [Option(SHOW, choices=(bare,))]
    if _CHOICE.fullmatch(bare):
        return [Option("choice", is_required=is_required, choices=tuple(bare.split("|")))]
    if " | " in bare:
        return [Option(FREE)]
    return [_one(part, is_required=is_required, verb=verb) for part in bare.split()]


def _one(part: str, *, is_required: bool, verb: Verb) -> Option:
    if keyed := _KEYED.fullmatch(part):
        name = keyed[1]
        known = tuple(
            word.removeprefix(f"{name}:")
            for word in verb.words
            if word.startswith(f"{name}:") and word != f"{name}:"
        )
        kind: Literal["text", "number"] = "number" if name == "n" else "text"
        return Option(_CALLED.get(name, name), kind, prefix=f"{name}:", choices=known)
    name = _NO_NAME.sub("-", part.lower()).strip("-") or FREE
    name = _CALLED.get(name, name)[:COMMAND_NAME]
    if name == "file":
        return Option(name, "file", is_required)
    return Option(name, "number" if name in _NUMBERS else "text", is_required)


def _merged(have: Sequence[Option], more: Sequence[Option]) -> tuple[Option, ...]:
    """Options of one name are one; those that must be given come first."""
    found = {option.name: option for option in have}
    for option in more:
        found.setdefault(option.name, option)
    return tuple(sorted(found.values(), key=lambda option: not option.is_required))
