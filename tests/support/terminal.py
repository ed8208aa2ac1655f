"""A real pseudo-terminal with a small screen, and somebody who types into it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from typing import Self

from tests.support.children import Child, Program

_SEQUENCE = re.compile(r"\x1b(?:\[([?>]?)([\d;]*)([@-~])|\][^\x07]*\x07|[()].|[=>78DEMc])")
_UNFINISHED = re.compile(r"\x1b(?:\[[?>]?[\d;]*|\][^\x07]*|[()])?$")
SLOW = 30.0  # seconds; the tests' machine may be busy


class Screen:
    """What a terminal would show: the sequences that prompt_toolkit and rich use, no more.

    Args:
        rows: height.
        columns: width.
    """

    def __init__(self, rows: int = 24, columns: int = 80) -> None:
        self.rows, self.columns = rows, columns
        self.row = self.column = 0
        self.grid: list[list[str]] = [[]]
        self.top = 0  # the grid's first visible line; those above are the scrollback
        self.colours: set[str] = set()
        self.asked_position = 0
        self._rest = ""

    @property
    def lines(self) -> list[str]:
        """All lines, scrollback first."""
        return ["".join(line).rstrip() for line in self.grid]

    @property
    def text(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines)

    @property
    def visible(self) -> str:
        """What stands on the screen now."""
        return "\n".join(self.lines[self.top :])

    def feed(self, data: str) -> None:
        """Obey output."""
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished[0] if unfinished else ""
        data = data.removesuffix(self._rest) if self._rest else data
        position = 0
        for found in _SEQUENCE.finditer(data):
            self._write(data[position : found.start()])
            position = found.end()
            if found[3]:
                self._obey(found[1], found[2], found[3])
        self._write(data[position:])

    def _write(self, text: str) -> None:
        for sign in text:
            if sign == "\r":
                self.column = 0
            elif sign == "\n":
                self._go(self.row + 1)
            elif sign == "\b":
                self.column = max(0, self.column - 1)
            elif sign >= " ":
                if self.column >= self.columns:
                    self.column = 0
                    self._go(self.row + 1)
                line = self._line()
                line[self.column : self.column + 1] = [sign]
                self.column += 1

    def _line(self) -> list[str]:
        line = self.grid[self.row]
        line.extend(" " * (self.column - len(line)))
        return line

    def _go(self, row: int) -> None:
        self.row = max(self.top, row)
        while len(self.grid) <= self.row:
            self.grid.append([])
        self.top = max(self.top, self.row - self.rows + 1)

    def _obey(self, private: str, numbers: str, letter: str) -> None:
        values = [int(one) if one else 0 for one in numbers.split(";")]
        count = values[0] or 1
        match letter:
            case "A":
                self._go(self.row - count)
            case "B":
                self._go(min(self.row + count, self.top + self.rows - 1))
            case "C":
                self.column = min(self.columns - 1, self.column + count)
            case "D":
                self.column = max(0, self.column - count)
            case "G":
                self.column = count - 1
            case "H":
                self._go(self.top + count - 1)
                self.column = (values[1] or 1) - 1 if len(values) > 1 else 0
            case "K":
                del self._line()[self.column :]
            case "J" if values[0] == 0:
                del self._line()[self.column :]
                del self.grid[self.row + 1 :]
            case "J":
                del self.grid[self.top :]
                self._go(self.top)
            case "m":
                self.colours.update(one for one in numbers.split(";") if one not in {"", "0"})
            case "n" if not private and values[0] == 6:
                self.asked_position += 1


class Terminal:
    """A program in a pseudo-terminal. Use it as a context manager.

    Args:
        program: what runs in it.
        answers_position: whether the terminal says where its cursor is, as most do.
    """

    def __init__(
        self,
        program: Program,
        *,
        rows: int = 24,
        columns: int = 80,
        answers_position: bool = True,
    ) -> None:
        self.screen = Screen(rows, columns)
        self._answers = answers_position
        self._master, slave = pty.openpty()
        self._set_size()
        self.process = Child(program, terminal=slave)
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def send(self, text: str) -> None:
        """Type."""
        os.write(self._master, text.encode())

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the window; the program is told."""
        self.screen.rows, self.screen.columns = rows, columns
        self._set_size()
        os.killpg(os.getpgid(self.process.pid), signal.SIGWINCH)

    def wait_for(self, wanted: str | Callable[[Screen], bool], timeout: float = SLOW) -> str:
        """Read until a text (or something else) is on the screen; what the screen shows then."""
        end = time.monotonic() + timeout
        while not self._has(wanted):
            if time.monotonic() > end or not self._read(0.2):
                if self._has(wanted):
                    break
                raise AssertionError(f"waited for {wanted!r}; there is:\n{self.screen.text}")
        return self.screen.visible

    def settle(self, quiet: float = 0.4) -> str:
        """Read until nothing more comes for a while; what the screen shows then."""
        while select.select([self._master], [], [], quiet)[0] and self._read(quiet):
            pass
        return self.screen.visible

    def ends(self, timeout: float = SLOW) -> int:
        """Wait for the program's end; its exit code."""
        end = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.1)
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGUSR1)
            raise AssertionError(f"it did not end; there is:\n{self.settle()}\n{self.screen.text}")
        while self._read(0.1) and select.select([self._master], [], [], 0.1)[0]:
            pass
        return self.process.wait(1)

    def _has(self, wanted: str | Callable[[Screen], bool]) -> bool:
        return wanted in self.screen.visible if isinstance(wanted, str) else wanted(self.screen)

    def _read(self, wait: float) -> bool:
        """Take what has come; False when the program has closed the terminal."""
        if not select.select([self._master], [], [], wait)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.screen.feed(data.decode(errors="replace"))
        while self.screen.asked_position:
            self.screen.asked_position -= 1
            if self._answers:
                row = self.screen.row - self.screen.top + 1
                os.write(self._master, f"\x1b[{row};{self.screen.column + 1}R".encode())
        return bool(data)

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self.screen.rows, self.screen.columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)
