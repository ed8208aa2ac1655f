"""The program itself, in pipes and in a pseudo-terminal."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.support.children import STOA, Child, Program
from tests.support.terminal import SLOW, Terminal

INTERPRETER = ("LANG", "LC_", "PYTHON")  # how variables begin that it looks at when it starts
PROGRAM = str(Path(sys.executable).with_name("stoa"))

_WHOLE = re.compile(rb"\n(?:\[[^\n]*|[^\n]+:)\n\n$")


@dataclass(frozen=True)
class Stoa:
    """Starts the program.

    Args:
        data: its data folder.
        folder: where it runs, and where it saves files.
        first: standard output and standard error of the very first start.
    """

    data: Path
    folder: Path
    first: tuple[str, str] = ("", "")

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "STOA_DATA_DIR": str(self.data),
            **{name: os.environ[name] for name in ("STOA_PG_BINDIR",) if name in os.environ},
            **more,
        }

    def program(self, *arguments: str, **more: str) -> Program:
        """The program as it is started."""
        return Program(STOA, arguments, self.environment(**more), self.folder)

    def run(
        self, *arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end with input from a pipe; in a fresh interpreter if `env` is about it."""
        given = stdin if isinstance(stdin, bytes) else stdin.encode()
        if any(name.startswith(INTERPRETER) for name in env or ()):
            done = subprocess.run(
                [PROGRAM, *arguments],
                input=given,
                capture_output=True,
                env=self.environment(**(env or {})),
                cwd=self.folder,
                timeout=SLOW * 4,
                check=False,
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        else:
            with Child(self.program(*arguments, **(env or {}))) as child:
                out, err = child.communicate(given, SLOW * 4)
                code = child.wait()
        return subprocess.CompletedProcess(arguments, code, out.decode(), err.decode())

    def says(self, name: str, *lines: str) -> str:
        """What it answers to lines from a pipe; it must end well."""
        done = self.run("chat", "--as", name, stdin="\n".join([*lines, ""]))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def talk(
        self,
        name: str,
        *arguments: str,
        columns: int = 80,
        answers_position: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Start it in a pseudo-terminal."""
        return Terminal(
            self.program("chat", "--as", name, *arguments, **(env or {})),
            columns=columns,
            answers_position=answers_position,
        )

    def start(self, name: str) -> "Pipe":
        """Start it with pipes, to be asked line by line."""
        return Pipe(self.program("chat", "--as", name))


class Pipe:
    """A chat that is fed line by line and may be killed at any moment."""

    def __init__(self, program: Program) -> None:
        self._process = Child(program)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def send(self, line: str) -> None:
        """Type a line and do not wait."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def ask(self, line: str, until: str = "") -> str:
        """Type a line; what is answered, up to the buttons, the question of a prompt, or a text."""
        whole = re.compile(re.escape(until.encode())) if until else _WHOLE
        assert self._process.stdout is not None
        self.send(line)
        answer, end = b"", time.monotonic() + SLOW
        while not whole.search(answer):
            left = end - time.monotonic()
            if not select.select([self._process.stdout], [], [], max(0.0, left))[0]:
                raise AssertionError(f"no whole answer to {line!r}:\n{answer.decode()}")
            chunk = os.read(self._process.stdout.fileno(), 65536)
            assert chunk, f"the program ended at {line!r}:\n{answer.decode()}"
            answer += chunk
        return answer.decode().partition("\n")[2]  # without the line itself

    def kill(self) -> None:
        """End it as the machine's power would."""
        self._process.kill()
        self._process.wait()
        self._process.close()
