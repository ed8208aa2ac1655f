"""A Reply's Markdown drawn by rich: highlighted code, line breaks kept, hidden spoilers.

Only what `dialogue` promises is understood. Raw HTML and character entities are text, because a
learner's "&#8238;" or "<b>" must be shown as it was typed.
"""

from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.markdown import CodeBlock, Heading, ListItem, Markdown, MarkdownElement
from rich.padding import Padding
from rich.segment import Segment
from rich.syntax import Syntax
from rich.theme import Theme

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
_NOT_OURS = ("entity", "autolink", "html_inline", "html_block", "lheading", "code", "reference")
_MARK = "||"


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
        self.parsed = [
            _prepared(token) for token in _parser().parse(visible(text), {_MARK: reveal})
        ]
        if compact:
            self.elements = {name: _tight(kind) for name, kind in self.elements.items()}  # type: ignore[misc]


def hides_something(text: str) -> bool:
    """Whether a Reply's text holds a spoiler."""
    tokens = _parser().parse(text, {_MARK: False})
    return any(HIDDEN in child.content for token in tokens for child in token.children or ())


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    parser.disable(list(_NOT_OURS))
    parser.inline.add_terminator_char("|")
    parser.inline.ruler.before("emphasis", "spoiler", _spoiler)
    return parser


def _spoiler(state: StateInline, silent: bool) -> bool:
    """`||hidden||`: its words in brackets when revealed, else how to see them."""
    start = state.pos + len(_MARK)
    if not state.src.startswith(_MARK, state.pos):
        return False
    end = state.src.find(_MARK, start)
    while end > 0 and state.src[end - 1] == "\\":
        end = state.src.find(_MARK, end + 1)
    if end <= start or end > state.posMax:
        return False
    if not silent:
        if state.env[_MARK]:
            state.push("text", "", 0).content = "(hidden: "
            most, state.pos, state.posMax = state.posMax, start, end
            state.md.inline.tokenize(state)
            state.posMax = most
            state.push("text", "", 0).content = ")"
        else:
            state.push("text", "", 0).content = HIDDEN
    state.pos = end + len(_MARK)
    return True


def _prepared(token: Token) -> Token:
    """Pictures become words and every line break stays one, as on the other platforms."""
    for child in token.children or ():
        if child.type == "image":
            child.type, child.tag = "text", ""
            child.content = f"Picture: {child.content}"
            child.children = None
        elif child.type == "softbreak":
            child.type = "hardbreak"
    return token


def _tight(kind: type[MarkdownElement]) -> type[MarkdownElement]:
    return type(kind.__name__, (kind,), {"new_line": False})
