"""What somebody types after a slash, as Discord's client takes it: by the registered commands."""

from collections.abc import Mapping, Sequence

from tests.platforms.discord.commands import (
    ATTACHMENT,
    CHAT_INPUT,
    INTEGER,
    NUMBER,
    STRING,
    SUB_COMMAND,
    SUB_GROUP,
)
from tests.platforms.discord.errors import Json


def slash(tree: Sequence[Json], line: str, files: Mapping[str, Json] | None = None) -> Json:
    """The data of an interaction for a typed line such as "/courses python level:beginner".

    Words go to the options in their order, the rest of the line to the last text; `name:` before a
    word names its option. What no option takes cannot be typed.

    Args:
        tree: the registered commands.
        line: with the slash.
        files: attachments by the option they are dropped on; "" for the first that takes one.

    Raises:
        AssertionError: there is no such command, or Discord's client would not send this.
    """
    verb, _, rest = line.removeprefix("/").partition(" ")
    found = [one for one in tree if one["name"] == verb and one["type"] == CHAT_INPUT]
    assert found, f"/{verb} is no command; there are {[one['name'] for one in tree]}"
    command, words = found[0], rest.split()
    data: Json = {"id": command["id"], "name": verb, "type": CHAT_INPUT}
    options, wrap = list(command.get("options") or []), None
    if options and options[0]["type"] in (SUB_COMMAND, SUB_GROUP):
        named = [one for one in options if words and one["name"] == words[0]]
        wrap = named[0] if named else options[0]
        words = words[1:] if named else words
        options = list(wrap.get("options") or [])
    given = _values(options, words, line)
    for name, attachment in (files or {}).items():
        takers = [one for one in options if one["type"] == ATTACHMENT and name in ("", one["name"])]
        assert takers, f"{line}: no option takes a file"
        resolved = data.setdefault("resolved", {"attachments": {}})
        resolved["attachments"][attachment["id"]] = attachment
        given.append({"name": takers[0]["name"], "type": ATTACHMENT, "value": attachment["id"]})
    missing = {one["name"] for one in options if one.get("required")} - {
        one["name"] for one in given
    }
    assert not missing, f"{line}: Discord asks for {missing} first"
    data["options"] = given
    if wrap is not None:
        data["options"] = [{"name": wrap["name"], "type": wrap["type"], "options": given}]
    return data


def _values(options: list[Json], words: list[str], line: str) -> list[Json]:
    given: list[Json] = []
    open_ = [one for one in options if one["type"] != ATTACHMENT]
    rest = list(words)
    for word in words:
        name, colon, value = word.partition(":")
        taker = next((one for one in open_ if colon and one["name"] == name), None)
        if taker is not None:
            given.append(_option(taker, value, line))
            open_.remove(taker)
            rest.remove(word)
    free = [one for one in open_ if _takes(one, rest[0] if rest else "")]
    while rest and free:
        taker = free.pop(0)
        is_last = taker["type"] == STRING and not taker.get("choices") and not free
        value = " ".join(rest) if is_last else rest[0]
        given.append(_option(taker, value, line))
        rest = [] if is_last else rest[1:]
        free = [one for one in free if rest and _takes(one, rest[0])]
    assert not rest, f"{line}: no option takes {rest}; there are {[one['name'] for one in options]}"
    return given


def _takes(option: Json, word: str) -> bool:
    if option["type"] in (INTEGER, NUMBER):
        return word.isdecimal()
    choices: list[Json] = option.get("choices") or []
    return not choices or any(word in (one["name"], str(one["value"])) for one in choices)


def _option(option: Json, word: str, line: str) -> Json:
    choices: list[Json] = option.get("choices") or []
    value: object = int(word) if option["type"] == INTEGER else word
    if choices:
        named = [one for one in choices if word in (one["name"], str(one["value"]))]
        assert named, f"{line}: {word!r} is none of {[one['name'] for one in choices]}"
        value = named[0]["value"]
    least, most = option.get("min_length", 0), option.get("max_length", 6000)
    assert not isinstance(value, str) or least <= len(value) <= most, f"{line}: length of {word!r}"
    return {"name": option["name"], "type": option["type"], "value": value}


def focused(data: Json, option: str) -> Json:
    """The same data while an option is still being typed, as autocomplete gets it."""
    for one in data["options"]:
        if one.get("options") is not None:
            one["options"] = focused({"options": one["options"]}, option)["options"]
        elif one["name"] == option:
            one["focused"] = True
    return data
