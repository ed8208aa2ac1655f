"""What somebody typed, before their client made formatting of it. Pure.

Telegram's clients take the marks away: three backticks become a code block, and `__init__` becomes
an italic "init". For an answer or for code, the marks were meant.
"""

from collections.abc import Iterable

from telegram import MessageEntity

_MARKS = {
    MessageEntity.BOLD: "**",
    MessageEntity.ITALIC: "__",
    MessageEntity.STRIKETHROUGH: "~~",
    MessageEntity.SPOILER: "||",
    MessageEntity.CODE: "`",
}
_FENCE = "```"


def as_typed(text: str, entities: Iterable[MessageEntity]) -> str:
    """The text with the marks put back that stood in it.

    Args:
        text: of the message.
        entities: its formatting, in UTF-16 units.
    """
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        opening, closing = _marks(entity)
        if not opening:
            continue
        start, end = entity.offset, entity.offset + entity.length
        if entity.type == MessageEntity.PRE:
            opening = _at_line(units, start, before=True) + opening
            closing += _at_line(units, end, before=False)
        before[start] = before.get(start, "") + opening
        after[end] = closing + after.get(end, "")
    if not before:
        return text
    parts, last = [], 0
    for place in sorted({*before, *after}):
        parts += [_text(units[2 * last : 2 * place]), after.get(place, ""), before.get(place, "")]
        last = place
    return "".join([*parts, _text(units[2 * last :])])


def _marks(entity: MessageEntity) -> tuple[str, str]:
    if entity.type == MessageEntity.PRE:
        return f"{_FENCE}{entity.language or ''}\n", f"\n{_FENCE}"
    mark = _MARKS.get(entity.type, "")
    return mark, mark


def _at_line(units: bytes, place: int, *, before: bool) -> str:
    """A fence stands on a line of its own."""
    at_edge = place == 0 if before else 2 * place >= len(units)
    beside = units[2 * place - 2 : 2 * place] if before else units[2 * place : 2 * place + 2]
    return "" if at_edge or beside == b"\n\0" else "\n"


def _text(units: bytes) -> str:
    return units.decode("utf-16-le", "replace")
