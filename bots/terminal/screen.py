"""How a Reply looks in a terminal: plain for pipes, coloured Markdown for people."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol, TextIO

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.application.current import get_app_or_none
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text

from bots.conversation.dialogue import Button, Prompt, Reply
from bots.terminal.files import Saved
from bots.terminal.markup import THEME, ReplyMarkdown
from bots.terminal.plain import to_plain
from bots.terminal.safe import visible
from bots.terminal.typing import keys
from domain.errors import StoaError

WIDEST = 96  # columns; longer lines are hard to read
WAITING = "…"
HOW_TO_SEND_LINES = "Several lines: begin with ``` and end with ```."


class OutputFailed(StoaError):
    """What was answered cannot be shown, because the disk is full or the terminal gone."""


class Screen(Protocol):
    """Shows replies and the files that came with them."""

    def show(self, reply: Reply, saved: Sequence[Saved]) -> None:
        """Show one reply and where its files were saved."""
        ...

    def wait(self) -> None:
        """Show that an answer is on its way."""
        ...

    def wait_no_more(self) -> None:
        """Take that sign away."""
        ...


def button_parts(buttons: Sequence[Button], awaits_text: bool = False) -> list[str]:
    """The buttons of a reply, each with what to type for it: "[1] Next page", "[A]"."""
    active = [button for button in buttons if button.payload]
    parts = []
    for key, button in zip(keys(active, awaits_text), active, strict=True):
        parts.append(f"[{key}]" if key == button.label else f"[{key}] {visible(button.label)}")
    return parts + [f"{visible(one.label)}: {visible(one.url)}" for one in buttons if one.url]


def button_line(buttons: Sequence[Button], awaits_text: bool = False) -> str:
    """The buttons of a reply on one line: "[1] Next page  [2] Save"."""
    return "  ".join(button_parts(buttons, awaits_text))


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")


def wrapped(parts: Sequence[str], width: int) -> list[str]:
    """The parts on as many lines as they need, two spaces between them."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 2 + cell_len(part) <= width:
            lines[-1] += f"  {part}"
        elif cell_len(part) <= width:
            lines.append(part)
        else:
            lines += textwrap.wrap(part, max(width, 8), subsequent_indent="    ")
    return lines


def file_lines(saved: Sequence[Saved]) -> list[str]:
    """One line for each file: what it is and where it lies."""
    return [visible(_file_line(one)) for one in saved]


def _file_line(one: Saved) -> str:
    kind = "Picture" if one.name.lower().endswith(_PICTURES) else "File"
    words = one.alt.partition("\n")[0]  # whatever follows stands in the reply, too
    if one.path is None:
        where = f"I could not save {one.name}: {one.problem}. Choose a folder with --files DIR."
        return f"{kind}: {words}\n{where}" if words else where
    return f"{kind}: {words} ({one.path})" if words else f"File: {one.path}"


def prompt_line(prompt: Prompt) -> str:
    """What is asked for: "Your answer (1024):"."""
    example = f" ({visible(prompt.placeholder)})" if prompt.placeholder else ""
    return f"{visible(prompt.label)}{example}:"


class PlainScreen:
    """Plain text, one blank line after each reply. Nothing is wrapped, coloured or redrawn.

    Args:
        out: where to.
        signs: whether a slow answer announces itself; of no use in a file or pipe.
    """

    def __init__(self, out: TextIO, *, signs: bool = False) -> None:
        self._out = out
        self._signs = signs

    def show(self, reply: Reply, saved: Sequence[Saved]) -> None:
        """Write the reply."""
        text = to_plain(visible(reply.text or reply.notice), compact=reply.compact).rstrip()
        lines = [text, *file_lines(saved)]
        if reply.buttons:
            lines.append(button_line(reply.buttons, reply.prompt is not None))
        if reply.prompt:
            if reply.prompt.multiline:
                lines.append(HOW_TO_SEND_LINES)
            lines.append(prompt_line(reply.prompt))
        self.write("\n".join(line for line in lines if line) + "\n")

    def echo(self, line: str) -> None:
        """Repeat what was read, so that a transcript can be followed."""
        self.write(f"> {visible(line)}")

    def write(self, text: str, end: str = "\n") -> None:
        """Write a line of the program's own.

        Raises:
            BrokenPipeError: nobody reads any more.
            OutputFailed: it cannot be written for another reason.
        """
        try:
            print(text, end=end, file=self._out, flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputFailed(f"A reply cannot be written: {error.strerror}.") from error

    def wait(self) -> None:
        """Write a sign on a line of its own, when there is somebody to see it."""
        if self._signs:
            self.write(WAITING)

    def wait_no_more(self) -> None:
        """What was written stays."""


class RichScreen:
    """Coloured Markdown, with highlighted code, for a person at a terminal.

    Buttons are drawn below the line where one types, as long as there is room; see `Keyboard`.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._console.push_theme(THEME)

    @property
    def width(self) -> int:
        """Columns that text may use now."""
        return max(20, min(WIDEST, self._console.width - 1))

    def show(self, reply: Reply, saved: Sequence[Saved], *, reveal: bool = False) -> None:
        """Draw the reply; `reveal` shows what its spoilers hide.

        While somebody types, it is drawn above their line.
        """
        app = get_app_or_none()
        if app is not None and app.is_running:
            run_in_terminal(lambda: self._draw(reply, saved, reveal))
        else:
            self._draw(reply, saved, reveal)

    def _draw(self, reply: Reply, saved: Sequence[Saved], reveal: bool) -> None:
        body = ReplyMarkdown(reply.text or reply.notice, reveal=reveal, compact=reply.compact)
        options = self._console.options.update(width=self.width, height=None)
        lines = self._console.render_lines(body, options, pad=False)
        self._console.print(Segments(_ragged(lines)), end="")
        for line in file_lines(saved):
            self._console.print(Text(line, style="italic"))
        for button in reply.buttons:
            if button.url:
                self._console.print(Text(f"{visible(button.label)}: {visible(button.url)}"))
        self._console.print()

    def remark(self, text: str) -> None:
        """A line of the program's own, less bright than replies."""
        self._console.print(Text(visible(text), style="dim"))

    def wait(self) -> None:
        """Show a sign on the line where the answer will begin."""
        self._console.print(Text(WAITING, style="dim"), end="")

    def wait_no_more(self) -> None:
        """Take the sign away."""
        self._console.file.write("\r\x1b[K")
        self._console.file.flush()


def _ragged(lines: Iterable[Sequence[Segment]]) -> Iterable[Segment]:
    """Lines without the spaces that fill them up: a window made narrower would wrap those."""
    for line in lines:
        kept = list(line)
        while kept and not kept[-1].text.strip():
            kept.pop()
        if kept:
            last = kept.pop()
            kept.append(Segment(last.text.rstrip(), last.style, last.control))
        yield from kept
        yield Segment.line()
