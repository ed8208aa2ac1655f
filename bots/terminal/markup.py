"""A Reply's Markdown drawn by rich: highlighted code, line breaks kept, hidden spoilers."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.markdown import CodeBlock, Heading, ListItem, Markdown, MarkdownElement
from rich.padding import Padding
from rich.segment import Segment
from rich.syntax import Syntax
from rich.theme import Theme

from bots.conversation.markup import parse
from bots.terminal.safe import visible

CODE_THEME = "ansi_dark"  # the sixteen colours of the terminal's own palette
THEME = Theme(
    {
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.h4": "bold",
        "markdown.code": "cyan",
        "markdown.link": "none",
        "markdown.link_url": "underline",
        "markdown.item.bullet": "none",
        "markdown.item.number": "none",
        "markdown.block_quote": "none",
    }
)
HIDDEN = "(hidden: type /show to see it)"


class _Code(CodeBlock):
    """Highlighted code, set in, on the terminal's own background."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code = str(self.text).rstrip("\n")
        syntax = Syntax(
            code, self.lexer_name, theme=self.theme, word_wrap=True, background_color="default"
        )
        yield Padding(syntax, (0, 0, 0, 3))


class _Heading(Heading):
    """A heading at the left edge, like everything else."""

    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}


class _Item(ListItem):
    """A list item; a number has its dot, because learners type and read "2."."""

    def render_number(
        self, console: Console, options: ConsoleOptions, number: int, last_number: int
    ) -> RenderResult:
        width = len(f" {last_number}. ")
        inner = options.update(width=options.max_width - width)
        for row, line in enumerate(console.render_lines(self.elements, inner, style=self.style)):
            yield Segment(" " * width if row else f"{number}. ".rjust(width))
            yield from line
            yield Segment.line()


class ReplyMarkdown(Markdown):
    """One Reply's text.

    Args:
        text: the small Markdown of `dialogue`.
        reveal: show what spoilers hide.
        compact: no blank lines between paragraphs.
    """

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": _Code,
        "heading_open": _Heading,
        "list_item_open": _Item,
    }

    def __init__(self, text: str, *, reveal: bool = False, compact: bool = False) -> None:
        super().__init__("", code_theme=CODE_THEME, hyperlinks=False)
        self.parsed = [_prepared(token, reveal) for token in parse(visible(text))]
        if compact:
            self.elements = {name: _tight(kind) for name, kind in self.elements.items()}  # type: ignore[misc]


def hides_something(text: str) -> bool:
    """Whether a Reply's text holds a spoiler."""
    return any(
        child.type == "spoiler_open" for token in parse(text) for child in token.children or ()
    )


def _prepared(token: Token, reveal: bool) -> Token:
    """Pictures become words and every line break stays one, as on the other platforms."""
    if token.children is not None:
        token.children = list(_shown(token.children, reveal))
    return token


def _shown(children: Iterable[Token], reveal: bool) -> Iterator[Token]:
    hidden = 0
    for child in children:
        if child.type == "spoiler_open":
            if not hidden:
                yield _words("(hidden: " if reveal else HIDDEN)
            hidden += not reveal
        elif child.type == "spoiler_close":
            hidden -= not reveal
            if reveal:
                yield _words(")")
        elif not hidden:
            if child.type == "image":
                yield _words(f"Picture: {child.content}")
                continue
            if child.type == "softbreak":
                child.type = "hardbreak"
            yield child


def _words(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _tight(kind: type[MarkdownElement]) -> type[MarkdownElement]:
    return type(kind.__name__, (kind,), {"new_line": False})
