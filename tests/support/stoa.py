"""The program itself, in pipes and in a pseudo-terminal."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.terminal import SLOW, Terminal

PROGRAM = str(Path(sys.executable).with_name("stoa"))


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

    def run(
        self, *arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end with input from a pipe."""
        given = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(
            [PROGRAM, *arguments],
            input=given,
            capture_output=True,
            env=self.environment(**(env or {})),
            cwd=self.folder,
            timeout=SLOW * 4,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

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
        **environment: str,
    ) -> Terminal:
        """Start it in a pseudo-terminal."""
        return Terminal(
            [PROGRAM, "chat", "--as", name, *arguments],
            self.environment(**environment),
            self.folder,
            columns=columns,
            answers_position=answers_position,
        )

    def start(self, name: str) -> "subprocess.Popen[bytes]":
        """Start it with pipes, to be fed and killed."""
        return subprocess.Popen(
            [PROGRAM, "chat", "--as", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment(),
            cwd=self.folder,
        )
