"""The slash commands, made from the vocabulary, and what is typed when one is used. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from bots.conversation.vocabulary import BY_NAME, VERBS, Verb
from bots.discord import limits, localised
from bots.discord.grammar import OPEN, Option, Way, line, ways
from bots.discord.limits import cut

SUBCOMMAND, STRING, INTEGER, ATTACHMENT = 1, 3, 4, 11  # types of options
_KINDS = {"text": STRING, "number": INTEGER, "file": ATTACHMENT}
EVERYWHERE = [0, 1, 2]  # contexts: servers, the bot's own chats, other private chats
INSTALLS = [0, 1]  # by a server, by a person for themselves
# Who sees a staff command before a server decides otherwise; what is done is checked by ours.
STAFF = {"teach": 1 << 5, "mod": 1 << 40, "admin": 0}  # manage server, time out members, nobody


class Described(TypedDict):
    """One choice, with its words."""

    name: str
    value: str


class CommandOption(TypedDict):
    """An option or a subcommand as Discord takes it."""

    type: int
    name: str
    name_localizations: NotRequired[dict[str, str]]
    description: str
    description_localizations: NotRequired[dict[str, str]]
    required: NotRequired[bool]
    choices: NotRequired[list[Described]]
    autocomplete: NotRequired[bool]
    min_value: NotRequired[int]
    options: NotRequired[list["CommandOption"]]


class SlashCommand(TypedDict):
    """A command as Discord takes it."""

    type: int
    name: str
    description: str
    description_localizations: dict[str, str]
    options: list[CommandOption]
    contexts: list[int]
    integration_types: list[int]
    default_member_permissions: NotRequired[int]


@dataclass(frozen=True, slots=True)
class Used:
    """A command as it was used: its words and files; or the option that is being typed.

    `offered` are the values the vocabulary knows for that option.
    """

    verb: str
    arguments: str
    files: tuple[str, ...] = ()
    focused: str = ""
    typed: str = ""
    offered: tuple[str, ...] = ()


def tree(completed: frozenset[str]) -> list[SlashCommand]:
    """All commands.

    Args:
        completed: the options for which values are offered while they are typed.
    """
    return [_command(verb, completed) for verb in VERBS]


def digest(commands: Sequence[SlashCommand]) -> str:
    """A name for exactly these commands: the same commands have the same name."""
    return hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()


def _command(verb: Verb, completed: frozenset[str]) -> SlashCommand:
    found = ways(verb)
    if len(found) == 1:
        options = _options(verb, found[0], completed)
    else:
        options = [_subcommand(verb, way, completed) for way in found]
    command: SlashCommand = {
        "type": 1,
        "name": verb.name,
        "description": cut(verb.summary, limits.COMMAND_TEXT),
        "description_localizations": localised.described(verb.summary),
        "options": options[: limits.CHOICES],
        "contexts": EVERYWHERE,
        "integration_types": INSTALLS,
    }
    if verb.name in STAFF:
        command["default_member_permissions"] = STAFF[verb.name]
    return command


def _subcommand(verb: Verb, way: Way, completed: frozenset[str]) -> CommandOption:
    text = localised.OPEN_HELP
    if way.word:
        text = localised.WAYS.get(f"{verb.name} {way.word}", verb.summary)
    return {
        "type": SUBCOMMAND,
        "name": way.word or OPEN,
        "description": cut(text, limits.COMMAND_TEXT),
        "description_localizations": localised.described(text),
        "options": _options(verb, way, completed),
    }


def _options(verb: Verb, way: Way, completed: frozenset[str]) -> list[CommandOption]:
    """A way's options; no two have the same name in any language."""
    found = [_option(verb, option, completed) for option in way.options]
    taken = {(locale, one["name"]) for one in found for locale in localised.all_locales()}
    for one in found:
        names = localised.names_of(one["name"])
        own = {(locale, name) for locale, name in names.items() if name != one["name"]}
        one["name_localizations"] = {
            locale: name
            for locale, name in names.items()
            if name == one["name"] or (locale, name) not in taken
        }
        taken |= own
    return found


def _option(verb: Verb, option: Option, completed: frozenset[str]) -> CommandOption:
    known = localised.HELPS.get(f"{verb.name} {option.name}") or localised.HELPS.get(option.name)
    text = known or option.example or option.name.replace("-", " ").capitalize()
    described: CommandOption = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": cut(text, limits.COMMAND_TEXT),
        "required": option.is_required,
    }
    if known is not None:
        described["description_localizations"] = localised.described(text)
    if option.choices:
        described["choices"] = [
            {"name": one, "value": one} for one in option.choices[: limits.CHOICES]
        ]
    elif option.name in completed or option.offered:
        described["autocomplete"] = True
    if option.kind == "number":
        described["min_value"] = 1
    return described


def used(data: Mapping[str, object]) -> Used:
    """What somebody used, from the interaction's data.

    Args:
        data: the raw `data` of an interaction with a command; damaged data gives empty words.
    """
    name = str(data.get("name", ""))
    given = list(_dicts(data.get("options")))
    word = ""
    if given and given[0].get("type") == SUBCOMMAND:
        word = str(given[0].get("name", ""))
        given = list(_dicts(given[0].get("options")))
    word = "" if word == OPEN else word
    verb = BY_NAME.get(name)
    known = ways(verb) if verb else ()
    way = next((one for one in known if one.word == word), Way(word, ()))
    values = {str(one.get("name")): str(one.get("value", "")) for one in given}
    files = tuple(str(one["value"]) for one in given if one.get("type") == ATTACHMENT)
    focused = next((one for one in given if one.get("focused")), {})
    typing = str(focused.get("name", ""))
    offered = [value for one in way.options if one.name == typing for value in one.offered]
    typed = str(focused.get("value", ""))
    return Used(name, line(way, values), files, typing, typed, tuple(offered))


def _dicts(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))
