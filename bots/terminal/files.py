"""Files between the terminal and the conversation: saved without overwriting, read with care."""

from pathlib import Path

from bots.conversation.dialogue import File
from domain.errors import N_, Refusal

LARGEST = 10 * 1024 * 1024  # bytes; the domain has stricter limits of its own


def save(file: File, folder: Path) -> Path:
    """Write a received file into a folder; a different file of that name is kept beside it.

    Args:
        file: its name is reduced to its last part.
        folder: made when missing.

    """
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(file.name).name or "file"
    target = folder / name
    number = 1
    while target.exists() and target.read_bytes() != file.content:
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    target.write_bytes(file.content)
    return target


def load(paths: list[str]) -> tuple[File, ...]:
    """Read the files somebody named.

    Raises:
        Refusal: a file is missing, unreadable or too large.
    """
    return tuple(_load_one(Path(path).expanduser()) for path in paths)


def _load_one(path: Path) -> File:
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(N_("The file {path} is over 10 MiB."), {"path": str(path)})
        return File(path.name, path.read_bytes())
    except OSError as error:
        raise Refusal(
            N_("I cannot read {path}: {reason}. Check the name, or type /code to see it again."),
            {"path": str(path), "reason": error.strerror or "unreadable"},
        ) from error
