"""How a Reply looks in a terminal: plain for pipes, coloured Markdown for people."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TextIO

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from bots.conversation.dialogue import Button, Reply
from bots.terminal.plain import to_plain

WIDEST = 96  # columns; longer lines are hard to read


class Screen(Protocol):
    """Shows replies and the files that came with them."""

    def show(self, reply: Reply, saved: Sequence[tuple[Path, str]]) -> None:
        """Show one reply; `saved` are the paths of its files with their text alternatives."""
        ...


def button_line(buttons: Sequence[Button]) -> str:
    """The buttons of a reply on one line: "[1] Next page  [2] Save"."""
    pressed = [button for button in buttons if button.payload]
    parts = [f"[{number}] {button.label}" for number, button in enumerate(pressed, start=1)]
    parts += [f"{button.label}: {button.url}" for button in buttons if button.url]
    return "  ".join(parts)


def file_lines(saved: Sequence[tuple[Path, str]]) -> list[str]:
    """One line for each file: what it is and where it lies."""
    return [f"Picture: {alt} ({path})" if alt else f"File: {path}" for path, alt in saved]


class PlainScreen:
    """Plain text, one blank line after each reply. Nothing is wrapped, coloured or redrawn."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show(self, reply: Reply, saved: Sequence[tuple[Path, str]]) -> None:
        """Write the reply."""
        lines = [to_plain(reply.text).rstrip(), *file_lines(saved)]
        if reply.buttons:
            lines.append(button_line(reply.buttons))
        if reply.prompt:
            example = f" ({reply.prompt.placeholder})" if reply.prompt.placeholder else ""
            lines.append(f"{reply.prompt.label}{example}:")
        text = "\n".join(line for line in lines if line)
        if reply.compact:
            text = "\n".join(line for line in text.split("\n") if line.strip())
        print(text, end="\n\n", file=self._out, flush=True)

    def echo(self, line: str) -> None:
        """Repeat what was read, so that a transcript can be followed."""
        print(f"> {line}", file=self._out, flush=True)


class RichScreen:
    """Coloured Markdown, with highlighted code, for a person at a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    def show(self, reply: Reply, saved: Sequence[tuple[Path, str]]) -> None:
        """Draw the reply."""
        width = min(WIDEST, self._console.width)
        body = Markdown(reply.text.replace("||", ""), code_theme="ansi_dark", hyperlinks=False)
        self._console.print(Padding(body, (0, 0, 0, 1)), width=width)
        for line in file_lines(saved):
            self._console.print(Text(f" {line}", style="italic"))
        if reply.buttons:
            self._console.print(self._row(reply.buttons))
        self._console.print()

    def _row(self, buttons: Sequence[Button]) -> Text:
        row = Text(" ")
        number = 0
        for button in buttons:
            if button.payload:
                number += 1
                row.append(f"[{number}] ", style="bold cyan")
                row.append(button.label, style="bold" if button.primary else "")
            else:
                row.append(f"{button.label}: {button.url}")
            row.append("   ")
        return row
