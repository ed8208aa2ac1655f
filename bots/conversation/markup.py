"""A Reply's small Markdown, parsed once for every door that draws it itself.

Only what `dialogue` promises is understood. Raw HTML and character entities are text, because a
learner's "&#8238;" or "<b>" must be shown as it was typed.
"""

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

SPOILER = "||"
_NOT_OURS = ("entity", "autolink", "html_inline", "html_block", "lheading", "code", "reference")


def parse(markdown: str) -> list[Token]:
    """The tokens of a text; a spoiler's words stand between `spoiler_open` and `spoiler_close`."""
    return _parser().parse(markdown)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    parser.disable(list(_NOT_OURS))
    parser.inline.add_terminator_char("|")
    parser.inline.ruler.before("emphasis", "spoiler", _spoiler)
    return parser


def _spoiler(state: StateInline, silent: bool) -> bool:
    """`||hidden||`, with other marks inside."""
    start = state.pos + len(SPOILER)
    if not state.src.startswith(SPOILER, state.pos):
        return False
    end = state.src.find(SPOILER, start)
    while end > 0 and state.src[end - 1] == "\\":
        end = state.src.find(SPOILER, end + 1)
    if end <= start or end > state.posMax:
        return False
    if not silent:
        state.push("spoiler_open", "", 1)
        most, state.pos, state.posMax = state.posMax, start, end
        state.md.inline.tokenize(state)
        state.posMax = most
        state.push("spoiler_close", "", -1)
    state.pos = end + len(SPOILER)
    return True
