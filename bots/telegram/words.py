r"""Markdown of a Reply -> text and entities for Telegram, cut to its limits. Pure.

Nothing is escaped and no parse mode is used, so nothing that a learner typed can become markup.
Limits are those of sendMessage (https://core.telegram.org/bots/api#sendmessage): 4,096 UTF-16 units
and 100 entities.

Telegram turns `@name` and bare addresses in any text into links, and notifies who is mentioned. A
WORD JOINER, which shows as nothing, keeps both plain, whoever wrote them; links that an author made
and code stay as they are. What is to be copied stands in code.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from telegramify_markdown import MessageEntity as Mark
from telegramify_markdown import RenderConfig, convert, split_entities, utf16_len

LONGEST = 4096  # UTF-16 units of a message
MOST_MARKS = 100
SHORTEST_CUT = 128  # units; text is not cut smaller to keep its marks
KEPT = 512  # texts; with 4 KiB each, 2 MiB
EMPTY = "…"  # Telegram refuses a message without a visible character
KEPT_FIRST = ("spoiler", "pre", "text_link", "code", "blockquote", "bold", "italic")
JOINER = "\N{WORD JOINER}"

_CODE = frozenset({"pre", "code"})
_PLAIN = frozenset({*_CODE, "text_link"})  # inside these, Telegram looks for nothing
_WAKES = re.compile(r"@(?=\w)|(?<=\w):(?=//)|(?<=\w)(?=\.[^\W\d_]{2})")
_BLANK_LINES = re.compile(r"\n{2,}")
_ADDRESS = re.compile(r"(https?|tg|mailto):", re.IGNORECASE)
_UNSEEN = re.compile(r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
                     r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]*")  # fmt: skip
# What the converter would take for formulas or HTML is kept from it by letters nobody types.
_HIDDEN = {"$": "\ue0f0", "<": "\ue0f1", "&": "\ue0f2"}
_HIDE = re.compile(r"\\.|[$&]|<(?!https?://)", re.DOTALL)
_SHOW = str.maketrans({letter: sign for sign, letter in _HIDDEN.items()})
_CONTROLS = (*range(0xD800, 0xE000), *range(0x09), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x7F)
_BROKEN: dict[int, str | None] = dict.fromkeys(_CONTROLS, "\N{REPLACEMENT CHARACTER}")
_BROKEN[ord("\r")] = None


def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    for level in range(1, 7):
        setattr(symbols, f"heading_level_{level}", "")
    symbols.image, symbols.link = "", ""
    symbols.unordered_list_item = "•"
    symbols.task_completed, symbols.task_uncompleted = "[x]", "[ ]"
    return config


_CONFIG = _config()


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its marks; offsets and lengths are in UTF-16 units."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def size(self) -> int:
        """The length as Telegram counts it."""
        return utf16_len(self.text)


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of a text become `put`."""

    start: int
    end: int
    put: str


@lru_cache(maxsize=KEPT)
def words(markdown: str, *, compact: bool = False) -> Words:
    """The text of a Reply as Telegram takes it, of any length.

    Kept for a while: a page of a course is read by many.

    Args:
        markdown: the Reply's text.
        compact: leave out blank lines, except those in code.
    """
    hidden = _HIDE.sub(
        lambda match: _HIDDEN.get(match[0], match[0]),  # what is escaped already stays
        markdown.translate(_BROKEN),
    )
    text, marks = convert(hidden, latex_escape=False, config=_CONFIG)
    marks = [mark for mark in marks if mark.length > 0 and _is_wanted(mark)]
    found = Words(text.translate(_SHOW), tuple(_shown(mark) for mark in marks))
    if compact:
        code = _ranges(found, _CODE)
        blank = (Edit(*match.span(), "\n") for match in _BLANK_LINES.finditer(found.text))
        found = edited(found, [one for one in blank if not _touches(code, one)])
    return _calmed(found)


def plain(markdown: str, most: int) -> str:
    """The text alone, at most so many UTF-16 units, for places that take no marks."""
    text = _calmed(Words(words(markdown).text.strip())).text  # no mark keeps code quiet here
    if utf16_len(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def pages(found: Words, longest: int = LONGEST) -> list[Words]:
    """The words in as many messages as they need, each within the limits and none empty."""
    if len(found.marks) <= MOST_MARKS and found.size <= longest:
        return [Words(EMPTY) if _UNSEEN.fullmatch(found.text) else found]
    cut = longest
    while True:
        parts = _cut(found, cut)
        if cut <= SHORTEST_CUT or all(len(part.marks) <= MOST_MARKS for part in parts):
            break
        cut = max(SHORTEST_CUT, cut // 2)
    seen = [part for part in parts if not _UNSEEN.fullmatch(part.text)]
    return [_fewer(part) for part in seen] or [Words(EMPTY)]


def edited(found: Words, edits: Iterable[Edit]) -> Words:
    """The words with characters replaced, and their marks moved along.

    Args:
        found: before.
        edits: in order, none touching another.
    """
    parts, cuts, last = [], [], 0
    for edit in edits:
        old = found.text[edit.start : edit.end]
        before = utf16_len(found.text[: edit.start])
        cuts.append((before, before + utf16_len(old), utf16_len(edit.put)))
        parts += [found.text[last : edit.start], edit.put]
        last = edit.end
    if not cuts:
        return found

    def moved(place: int) -> int:
        shift = 0
        for start, end, size in cuts:
            if place <= start:
                break
            if place < end:  # inside of what is replaced: at the end of what replaces it
                return start + shift + min(size, place - start)
            shift += size - (end - start)
        return place + shift

    marks = []
    for mark in found.marks:
        start, end = moved(mark.offset), moved(mark.offset + mark.length)
        if end > start:
            marks.append(replace(mark, offset=start, length=end - start))
    return Words("".join([*parts, found.text[last:]]), tuple(marks))


def characters(found: Words, mark: Mark) -> tuple[int, int]:
    """Where a mark begins and ends, counted in characters of the text."""
    if found.text.isascii():
        return mark.offset, mark.offset + mark.length
    units = found.text.encode("utf-16-le")
    start = len(units[: 2 * mark.offset].decode("utf-16-le", "ignore"))
    end = len(units[: 2 * (mark.offset + mark.length)].decode("utf-16-le", "ignore"))
    return start, end


def _calmed(found: Words) -> Words:
    """Without anything that Telegram would make a mention or a link by itself."""
    awake = list(_WAKES.finditer(found.text))
    if not awake:
        return found
    quiet = _ranges(found, _PLAIN)
    edits = []
    for match in awake:
        edit = Edit(match.end(), match.end(), JOINER)
        if not _touches(quiet, edit):
            edits.append(edit)
    return edited(found, edits)


def _ranges(found: Words, kinds: frozenset[str]) -> list[tuple[int, int]]:
    return [characters(found, mark) for mark in found.marks if mark.type in kinds]


def _touches(ranges: Sequence[tuple[int, int]], edit: Edit) -> bool:
    return any(start < edit.end and edit.start < end for start, end in ranges) or any(
        start < edit.start < end for start, end in ranges
    )


def _is_wanted(mark: Mark) -> bool:
    return mark.type != "text_link" or bool(mark.url and _ADDRESS.match(mark.url))


def _shown(mark: Mark) -> Mark:
    if mark.url and mark.url != (url := mark.url.translate(_SHOW)):
        return replace(mark, url=url)
    return mark


def _cut(found: Words, longest: int) -> list[Words]:
    parts = split_entities(found.text, list(found.marks), longest)
    return [Words(text, tuple(marks)) for text, marks in parts]


def _fewer(part: Words) -> Words:
    """At most as many marks as Telegram keeps; those that hide or explain something stay."""
    if len(part.marks) <= MOST_MARKS:
        return part

    def rank(mark: Mark) -> int:
        return KEPT_FIRST.index(mark.type) if mark.type in KEPT_FIRST else len(KEPT_FIRST)

    kept = sorted(part.marks, key=rank)[:MOST_MARKS]
    return replace(part, marks=tuple(sorted(kept, key=lambda mark: mark.offset)))
