"""What a message may hold: its length, its entities, its buttons; and how it is read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from tests.platforms.telegram import limits
from tests.platforms.telegram.wire import Object, bad

_MARKED = re.compile(
    r"```(?:(?P<language>[\w+#.-]+)\n|\n?)(?P<pre>.*?)\n?```|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>[^*\n]+)\*\*|__(?P<italic>[^_\n]+)__|~~(?P<strikethrough>[^~\n]+)~~"
    r"|\|\|(?P<spoiler>[^|\n]+)\|\|",
    re.DOTALL,
)
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_@])")
_SINGLE_ACTION = frozenset({
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "callback_game", "pay",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
})  # fmt: skip
# bot_command and the like are found by Telegram; these a bot may set [API MessageEntity].
_ENTITY_TYPES = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote",
    "code", "pre", "text_link", "text_mention", "custom_emoji", "date_time",
})  # fmt: skip


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, offset: int, length: int) -> str:
    """A piece of text by UTF-16 code units.

    Raises:
        UnicodeDecodeError: it begins or ends inside of a character.
    """
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def checked(
    text: str, entities: Sequence[Object], most: int, what: str
) -> tuple[str, list[Object]]:
    """Text and entities as Telegram keeps them: white space at both ends is cut off.

    Args:
        text: as the bot sent it.
        entities: as the bot sent them.
        most: UTF-16 units.
        what: "message" or "message caption", for the refusal.

    Raises:
        ApiError: too long, or an entity outside of the text.
    """
    if units(text) > most:
        raise bad(f"{what} is too long")
    for entity in entities:
        _check_entity(text, entity)
    before = units(text) - units(text.lstrip())
    kept = text.strip()
    end = units(kept)
    moved = []
    for entity in entities[: limits.ENTITIES]:
        start = max(0, entity["offset"] - before)
        stop = min(end, entity["offset"] + entity["length"] - before)
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return kept, sorted(moved, key=lambda one: (one["offset"], -one["length"]))


def _check_entity(text: str, entity: Object) -> None:
    if entity["type"] not in _ENTITY_TYPES:
        raise bad(f"unknown entity type {entity['type']}")
    offset, length = entity["offset"], entity["length"]
    if offset < 0 or length <= 0 or offset + length > units(text):
        raise bad(f"entity {offset}+{length} is outside of the text")
    try:
        cut(text, 0, offset)
        cut(text, offset, length)
    except UnicodeDecodeError:
        raise bad("entity begins or ends in the middle of a UTF-16 symbol") from None
    if entity["type"] == "text_link" and urlsplit(entity.get("url", "")).scheme not in {
        "http", "https", "tg",
    }:  # fmt: skip
        raise bad("wrong URL in an entity")


def faults_of_entities(entities: Sequence[Object]) -> Iterator[str]:
    """What Telegram passes over in silence, and a bot should not rely on."""
    if len(entities) > limits.ENTITIES:
        yield f"{len(entities)} entities: those over {limits.ENTITIES} are not shown"
    for one in entities:
        first, end = one["offset"], one["offset"] + one["length"]
        for other in entities:
            if other is one:
                continue
            start, stop = other["offset"], other["offset"] + other["length"]
            if first < start < end < stop:
                yield f"{one['type']} and {other['type']} overlap and neither holds the other"
            if one["type"] in {"code", "pre"} and start < end and first < stop and start >= first:
                yield f"{other['type']} inside of {one['type']}"


def check_markup(markup: Mapping[str, object], *, edit: bool = False) -> None:
    """Refuse a keyboard that Telegram would refuse.

    Raises:
        ApiError: in Telegram's words.
    """
    if "inline_keyboard" in markup:
        rows = markup["inline_keyboard"]
        assert isinstance(rows, list)
        for row in rows:
            if len(row) > limits.BUTTONS_PER_ROW:
                raise bad("too many buttons in a row of the inline keyboard")
            for button in row:
                _check_button(button)
        if sum(map(len, rows)) > limits.BUTTONS:
            raise bad("reply markup is too long")
    elif edit:
        raise bad("inline keyboard expected")
    elif "force_reply" in markup:
        placeholder = str(markup.get("input_field_placeholder", " "))
        if not 1 <= units(placeholder) <= limits.PLACEHOLDER:
            raise bad("INPUT_FIELD_PLACEHOLDER_INVALID")


def _check_button(button: Object) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("text of an inline keyboard button is empty")
    actions = _SINGLE_ACTION & button.keys()
    if not actions:
        raise bad("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"a button has several actions: {sorted(actions)}")
    if "callback_data" in button and not (
        1 <= len(button["callback_data"].encode()) <= limits.CALLBACK_DATA
    ):
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and urlsplit(button["url"]).scheme not in {"http", "https", "tg"}:
        raise bad("BUTTON_URL_INVALID")


def typed(text: str) -> tuple[str, list[Object]]:
    """What a client makes of what a person types: marks become entities, commands are found."""
    entities: list[Object] = []
    written, end = "", 0
    for mark in _MARKED.finditer(text):
        kind = mark.lastgroup or ""
        written += text[end : mark.start()]
        entity: Object = {"type": kind, "offset": units(written), "length": units(mark[kind])}
        if mark["language"]:
            entity["language"] = mark["language"]
        if entity["length"]:
            entities.append(entity)
        written, end = written + mark[kind], mark.end()
    written += text[end:]
    if command := _COMMAND.match(written):
        entities.insert(0, {"type": "bot_command", "offset": 0, "length": len(command[0])})
    return written, entities
