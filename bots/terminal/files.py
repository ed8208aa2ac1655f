"""Files between the terminal and the conversation: saved without overwriting, read with care."""

import glob
import os
import shlex
import stat
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bots.conversation.dialogue import File
from bots.terminal.safe import visible
from domain.errors import N_, Refusal

LARGEST = 10 * 1024 * 1024  # bytes; the domain has stricter limits of its own
MOST = 20  # files in one message
LONGEST_NAME = 120  # characters
_OPEN_SAFELY = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe nobody writes to must not block


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a received file: where it lies, or why it could not be saved."""

    name: str
    alt: str
    path: Path | None
    problem: str = ""


def save(file: File, folder: Path) -> Saved:
    """Write a received file into a folder; a different file of that name is kept beside it.

    Args:
        file: its name is reduced to its last part, and to characters that can be seen.
        folder: made when missing.
    """
    name = _safe_name(file.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Saved(name, file.alt, _write(file.content, folder, name))
    except OSError as error:
        return Saved(name, file.alt, None, error.strerror or "it cannot be written")


def _safe_name(name: str) -> str:
    last = visible(name).replace("\\", "/").rpartition("/")[2].strip().lstrip(".-")
    stem, suffix = os.path.splitext(last)  # noqa: PTH122 - a text, not a path
    return (stem[: LONGEST_NAME - len(suffix)] + suffix)[:LONGEST_NAME] or "file"


def _write(content: bytes, folder: Path, name: str) -> Path:
    stem, suffix = Path(name).stem, Path(name).suffix
    for number in count(1):
        target = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
        try:
            with target.open("xb") as file:  # never through a link that somebody put there
                file.write(content)
        except FileExistsError:
            if not target.is_file() or target.read_bytes() != content:
                continue
        break
    return target


def paths_in(arguments: str) -> list[str]:
    r"""The paths that somebody typed: quotes and backslashes keep spaces, as in a shell.

    The whole is one path when there is such a file: few people quote a name with spaces.

    Raises:
        Refusal: a quote was left open.
    """
    whole = arguments.strip()
    if whole and os.path.isfile(os.path.expanduser(whole)):  # noqa: PTH111, PTH113 - refuses nothing
        return [whole]
    try:
        return shlex.split(arguments)
    except ValueError as error:
        raise Refusal(
            N_("A quote is left open in: {arguments}. Close it, or leave quotes out."),
            {"arguments": arguments[:80]},
        ) from error


def load(paths: list[str]) -> tuple[File, ...]:
    """Read the files somebody named.

    Raises:
        Refusal: too many; or one is missing, unreadable, not a file, or too large.
    """
    if len(paths) > MOST:
        raise Refusal(
            N_("Send at most {most} files at once; you named {count}."),
            {"most": MOST, "count": len(paths)},
        )
    return tuple(_load_one(path) for path in paths)


def _load_one(typed: str) -> File:
    path = Path(typed).expanduser()
    try:
        return File(path.name, _read(path))
    except (OSError, ValueError, RuntimeError) as error:
        if any(sign in typed for sign in "*?[") and glob.glob(str(path)):  # noqa: PTH207 - text in, text out
            raise Refusal(
                N_("I do not fill in * and ?. Name each file: {path} stands for several."),
                {"path": typed},
            ) from error
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Refusal(
            N_("I cannot read {path}: {reason}. Check the name; Tab completes it."),
            {"path": typed[:200], "reason": reason or "unreadable"},
        ) from error


def _read(path: Path) -> bytes:
    descriptor = os.open(path, _OPEN_SAFELY)
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            raise ValueError("it is a folder; name the files in it")
        if not stat.S_ISREG(kind):
            raise ValueError("it is not a file")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(LARGEST + 1)
    finally:
        os.close(descriptor)
    if len(content) > LARGEST:
        raise ValueError("it is over 10 MiB")
    return content
