"""What Discord refuses in a tree of commands (interactions/application-commands)."""

import re
import unicodedata
from collections import Counter
from typing import Any

from tests.platforms.discord import limits
from tests.platforms.discord.errors import ApiError, Form, Json

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUB_COMMAND, SUB_GROUP, STRING, INTEGER, NUMBER, ATTACHMENT = 1, 2, 3, 4, 10, 11
_LETTERS = re.compile(r"[-_'\w]{1,32}")  # ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$
Path = tuple[str | int, ...]


def check_all(tree: list[Json]) -> None:
    """Refuse a tree that Discord would refuse.

    Raises:
        ApiError: 50035 with the fields, or 30032 for too many commands.
    """
    kinds = Counter(command.get("type", CHAT_INPUT) for command in tree)
    if kinds[CHAT_INPUT] > limits.COMMANDS:
        raise ApiError(400, 30032, "Maximum number of application commands reached (100)")
    if max(kinds[USER_MENU], kinds[MESSAGE_MENU]) > limits.MENU_COMMANDS:
        raise ApiError(400, 30032, "Maximum number of application commands reached (15)")
    form = Form()
    names = Counter((one.get("type", CHAT_INPUT), one.get("name")) for one in tree)
    for number, command in enumerate(tree):
        if names[command.get("type", CHAT_INPUT), command.get("name")] > 1:
            form.wrong((number, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names differ.")
        _command(form, (number,), command)
    form.refuse_if_wrong()


def _command(form: Form, path: Path, command: Json) -> None:
    if command.get("type", CHAT_INPUT) == CHAT_INPUT:
        _name(form, (*path, "name"), command.get("name"))
        form.length(
            (*path, "description"), command.get("description"), 1, limits.COMMAND_DESCRIPTION
        )
    else:
        form.length((*path, "name"), command.get("name"), 1, limits.COMMAND_NAME)
    _localizations(form, path, command)
    _options(form, path, command.get("options") or [])
    if _size(command) > limits.COMMAND_SUM:
        form.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
    allowed = command.get("default_member_permissions")
    if allowed is not None and not str(allowed).isdecimal():
        form.wrong(path, "BASE_TYPE_CHOICES", "default_member_permissions is a number as text.")
    for name, known in (("contexts", {0, 1, 2}), ("integration_types", {0, 1})):
        if not set(command.get(name) or []) <= known:
            form.wrong((*path, name), "BASE_TYPE_CHOICES", f"Not {name}: {command[name]}.")


def _name(form: Form, path: Path, name: object) -> None:
    form.length(path, name, 1, limits.COMMAND_NAME)
    text = str(name)
    if not _LETTERS.fullmatch(text) or text != text.lower():
        form.wrong(path, "APPLICATION_COMMAND_INVALID_NAME", f"Command name is invalid: {text!r}")
    if any(unicodedata.category(sign)[0] not in "LNMP" for sign in text):
        form.wrong(path, "APPLICATION_COMMAND_INVALID_NAME", f"Command name is invalid: {text!r}")


def _localizations(form: Form, path: Path, one: Json) -> None:
    for field in ("name_localizations", "description_localizations"):
        for locale, text in (one.get(field) or {}).items():
            if locale not in limits.LOCALES:
                form.wrong((*path, field), "ENUM_TYPE_COERCE", f"Not a locale: {locale}.")
            if field.startswith("name"):
                _name(form, (*path, field, locale), text)
            else:
                form.length((*path, field, locale), text, 1, limits.COMMAND_DESCRIPTION)


def _options(form: Form, path: Path, options: list[Json]) -> None:
    form.count((*path, "options"), options, 0, limits.COMMAND_OPTIONS)
    names = Counter(option.get("name") for option in options)
    optional_before = False
    for number, option in enumerate(options):
        here = (*path, "options", number)
        _name(form, (*here, "name"), option.get("name"))
        form.length(
            (*here, "description"), option.get("description"), 1, limits.COMMAND_DESCRIPTION
        )
        _localizations(form, here, option)
        if names[option.get("name")] > 1:
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names differ.")
        if option.get("type") in (SUB_COMMAND, SUB_GROUP):
            _options(form, here, option.get("options") or [])
            continue
        if option.get("required") and optional_before:
            form.wrong(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_before = optional_before or not option.get("required")
        _choices(form, here, option)
    kinds = {option.get("type") in (SUB_COMMAND, SUB_GROUP) for option in options}
    if len(kinds) > 1:
        form.wrong(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options.")


def _choices(form: Form, path: Path, option: Json) -> None:
    choices: list[Json] = option.get("choices") or []
    form.count((*path, "choices"), choices, 0, limits.COMMAND_CHOICES)
    if choices and option.get("autocomplete"):
        form.wrong(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE", "Choices and autocomplete.")
    for number, choice in enumerate(choices):
        form.length((*path, "choices", number, "name"), choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            form.length((*path, "choices", number, "value"), choice["value"], 0, 100)


def _size(one: Json) -> int:
    """Name, description and values of a command with all below; the longest of the languages."""

    def longest(field: str) -> int:
        texts: list[Any] = [
            one.get(field) or "",
            *(one.get(f"{field}_localizations") or {}).values(),
        ]
        return max(len(str(text)) for text in texts)

    size = longest("name") + longest("description")
    size += sum(len(str(choice.get("value", ""))) for choice in one.get("choices") or [])
    return size + sum(_size(option) for option in one.get("options") or [])
