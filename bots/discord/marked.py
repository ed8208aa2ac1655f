"""A Reply's Markdown as blocks of marked runs, escaped for Discord. Pure.

Discord's own Markdown differs from CommonMark: single line breaks stay, tables are unknown,
spoilers exist, and names such as @everyone or <@1> are looked for in any text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bots.conversation.markup import SPOILER, parse

CODE = "`"
LONGEST_URL = 500  # characters; a longer link is shown as its words
_BROKEN = "\u200b"  # zero-width space: what follows an @ is then no name
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")
# An address stays a link where it holds no sign that marks text up.
_URL = re.compile(r"https?://(?:[A-Za-z0-9./?=&%#+:-]|_(?!_))*[A-Za-z0-9/=&#-]")
_SPECIAL = re.compile(r"[\\*_~`|\[\]<]")
_EMOJI = re.compile(r":(?=\w+:)")
_LINE_START = re.compile(r"^(\s*)([#>+\-])", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
_MARKS = {"strong": "**", "em": "*", "s": "~~", "spoiler": SPOILER}
_HEADINGS = {"h1": "## ", "h2": "### "}


@dataclass(frozen=True, slots=True)
class Run:
    """Text with the same marks from its beginning to its end; escaped, unless it is code."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of runs. `first` stands before the first line, `rest` before the others."""

    runs: tuple[Run, ...]
    first: str = ""
    rest: str = ""
    is_tight: bool = False  # no blank line before it


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code."""

    code: str
    language: str = ""
    is_tight: bool = False


Block = Paragraph | Fence


def safe(text: str) -> str:
    """Text as Discord shows it literally: no markup, no mention, no emoji code."""
    parts, end = [], 0
    for found in _URL.finditer(text):
        parts += [_escaped(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _EMOJI.sub(r"\\:", text)
    text = _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text))
    return unmentioned(text)


def unmentioned(text: str) -> str:
    """The text with every name that Discord would notify broken by an invisible character."""
    return _MENTION.sub(f"@{_BROKEN}", text)


def blocks(markdown: str) -> list[Block]:
    """The blocks of a Reply's text."""
    return list(_Reader(parse(markdown.replace("\x00", "\N{REPLACEMENT CHARACTER}"))))


@dataclass(slots=True)
class _List:
    number: str = ""  # of the item; empty where items have none
    is_fresh: bool = True  # the item's mark is still to be written


@dataclass
class _Reader:
    tokens: Sequence[Token]
    lists: list[_List] = field(default_factory=list)
    quotes: int = 0
    heading: str = ""
    is_tight: bool = False

    def __iter__(self) -> Iterator[Block]:
        tokens = iter(self.tokens)
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self.lists.append(_List())
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                    self.is_tight = bool(self.lists)
                case "list_item_open":
                    self.lists[-1].is_fresh = True
                    self.lists[-1].number = token.info  # as it was typed
                case "list_item_close":
                    self.is_tight = True
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "heading_open":
                    self.heading = _HEADINGS.get(token.tag, "bold")
                case "heading_close":
                    self.heading = ""
                case "inline":
                    yield self._paragraph(token)
                case "fence" | "code_block":
                    language = token.info.split()[0] if token.info.split() else ""
                    yield Fence(token.content.rstrip("\n"), language, self._take_tight())
                case "hr":
                    yield Paragraph((Run("———"),))
                case "table_open":
                    yield from self._table(tokens)

    def _take_tight(self) -> bool:
        tight, self.is_tight = self.is_tight, False
        return tight

    def _paragraph(self, token: Token) -> Paragraph:
        runs = tuple(inline(token))
        quote = "> " if self.quotes else ""
        if self.heading == "bold":
            runs = tuple(
                Run(run.text, ("**", *(m for m in run.marks if m != "**"))) for run in runs
            )
        elif self.heading:
            return Paragraph(runs, quote + self.heading, quote, self._take_tight())
        if not self.lists:
            return Paragraph(runs, quote, quote, self._take_tight())
        inner = self.lists[-1]
        outer = "  " * (len(self.lists) - 1)
        mark = f"{inner.number}. " if inner.number else "- "
        rest = quote + outer + " " * len(mark)
        first = quote + outer + mark if inner.is_fresh else rest
        tight = self._take_tight() or (inner.is_fresh and len(self.lists) > 1)
        inner.is_fresh = False
        return Paragraph(runs, first, rest, tight)

    def _table(self, tokens: Iterator[Token]) -> Iterator[Block]:
        """Each row is an item, each cell after the first has its column's name."""
        head: list[tuple[Run, ...]] = []
        row: list[tuple[Run, ...]] = []
        for token in tokens:
            if token.type == "table_close":
                self.is_tight = False
                return
            if token.type == "inline":
                row.append(tuple(inline(token)))
            elif token.type == "thead_close":
                head, row = row, []
            elif token.type == "tr_close" and head:
                yield Paragraph(tuple(_row(head, row)), "- ", "  ", self._take_tight())
                row, self.is_tight = [], True


def _row(head: Sequence[tuple[Run, ...]], row: Sequence[tuple[Run, ...]]) -> Iterator[Run]:
    for number, (name, cell) in enumerate(zip(head, row, strict=False)):
        if number:
            yield Run("; ")
        if name:
            yield from name
            yield Run(": ")
        yield from cell


def inline(token: Token) -> Iterator[Run]:
    """The runs of one inline token."""
    marks: list[str] = []
    for child in token.children or ():
        kind, _, edge = child.type.rpartition("_")
        if edge == "open" and kind in _MARKS:
            marks.append(_MARKS[kind])
        elif edge == "close" and kind in _MARKS:
            marks.pop()
        elif child.type == "link_open":
            marks.append(_link(str(child.attrGet("href") or "")))
        elif child.type == "link_close":
            marks.pop()
        elif child.type == "code_inline":
            yield Run(child.content, (*_known(marks), CODE))
        elif child.type in {"softbreak", "hardbreak"}:
            yield Run("\n", _known(marks))
        elif child.type == "image":
            yield Run(safe(f"Picture: {child.content}"), _known(marks))
        elif child.content:
            yield Run(safe(child.content), _known(marks))


def _known(marks: Sequence[str]) -> tuple[str, ...]:
    """Each mark once: Discord knows no bold inside bold."""
    return tuple(dict.fromkeys(mark for mark in marks if mark))


def _link(address: str) -> str:
    """The mark of a link: its end, such as "](<https://…>)"; nothing where it leads nowhere."""
    fine = address.startswith(("https://", "http://")) and len(address) <= LONGEST_URL
    return f"](<{address.replace('>', '%3E')}>)" if fine else ""
