"""What somebody handed in: code found in a message or in files, or a reason why not. Pure."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from domain.challenges import fences, pages
from domain.errors import N_, Refusal
from domain.syntax import parse

LARGEST = 64 * 1024  # bytes of one submission, all files together
MOST_FILES = 20
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "python": (".py", ".txt", ".csv", ".json"),
    "web": (".html", ".css", ".js"),
}


_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_LOOKS_LIKE_CODE = re.compile(
    r"^\s*(def|class|import|from|for|while|if|print|return)\b|=", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a challenge expects: its language and the names of its files, main one first."""

    language: str
    main: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """Files to grade, how many lines they have together, and what the main file was called."""

    files: Mapping[str, str]
    lines: int
    sent_as: str = ""


@dataclass(frozen=True, slots=True)
class Blocks:
    """More than one code block: the learner must say which one is meant."""

    blocks: tuple[str, ...]


def from_text(text: str, wanted: Wanted) -> Understood | Blocks:
    """Code in a message: fenced by any of the ticks, or the whole message when it is code.

    Raises:
        Refusal: there is none, it is too long, or it is marked as another language.
    """
    text = text.replace("\r\n", "\n")
    _refuse_large(len(text.encode("utf-8", "replace")))
    if wanted.language == "web":
        return _checked(pages.from_parts(fences.pieces(text), wanted.names))
    blocks = fences.blocks(text, wanted.language)
    if len(blocks) > 1:
        return Blocks(tuple(blocks))
    if blocks:
        return _checked({wanted.main: blocks[0]})
    if wanted.language == "python" and fences.is_program(text):
        return _checked({wanted.main: text})
    if _LOOKS_LIKE_CODE.search(text):
        raise _unreadable(text)
    raise Refusal(
        N_("I see no code in that. Put your code between two lines of ```, or send a file.")
    )


def is_code(text: str) -> bool:
    """Whether a message is surely meant to be handed in: fenced, or a program as it stands."""
    if any(tick * 3 in text for tick in fences.TICKS):
        return True
    return fences.is_program(text) or len(_LOOKS_LIKE_CODE.findall(text)) > 1


def chosen_block(blocks: Sequence[str], number: int, wanted: Wanted) -> Understood:
    """The block that the learner picked.

    Raises:
        Refusal: there is no such block any more.
    """
    if not 0 <= number < len(blocks):
        raise Refusal(N_("I do not have that code any more. Send it once more, please."))
    return _checked({wanted.main: blocks[number]})


def from_files(files: Sequence[tuple[str, bytes]], wanted: Wanted) -> Understood:
    """Uploaded files; a zip is unpacked, and a single file of another name is the main one.

    Raises:
        Refusal: too many, too large, not text, or of another kind than the challenge takes.
    """
    unpacked: list[tuple[str, bytes]] = []
    for name, content in files:
        if PurePosixPath(name).suffix.lower() == ".zip":
            unpacked += _unzip(name, content)
        else:
            unpacked.append((PurePosixPath(name).name, content))
    if len(unpacked) > MOST_FILES:
        raise Refusal(N_("A submission can have {most} files at most."), {"most": MOST_FILES})
    _refuse_large(sum(len(content) for _, content in unpacked))
    texts: dict[str, str] = {}
    for name, content in unpacked:
        _refuse_foreign(name, wanted, alone=len(unpacked) == 1)
        if name in texts:
            raise Refusal(N_("There are two files called {name}. Send one."), {"name": name})
        texts[name] = _text(name, content)
    if not texts:
        raise Refusal(N_("There is no file in that."))
    if wanted.language == "web":
        return _checked(pages.from_named(texts, wanted.names))
    main_kind = PurePosixPath(wanted.main).suffix
    sources = [name for name in texts if name.endswith(main_kind)]
    if wanted.main not in texts:
        if len(sources) != 1:
            raise Refusal(N_("One of the files must be called {main}."), {"main": wanted.main})
        texts = {wanted.main: texts.pop(sources[0]), **texts}
        return replace(_checked(texts), sent_as=sources[0])
    return _checked(texts)


def _unreadable(text: str) -> Refusal:
    try:
        parse(text)
    except SyntaxError as wrong:
        return Refusal(
            N_(
                "That looks like code, but Python cannot read it (line {line}: {reason}). Correct "
                "it, or put it between two lines of ``` to hand it in as it is."
            ),
            {"line": wrong.lineno or 1, "reason": wrong.msg},
        )
    except (ValueError, RecursionError, MemoryError):
        pass
    return Refusal(
        N_(
            "That looks like code, but Python cannot read it. Correct it, or put it between two "
            "lines of ``` to hand it in as it is."
        )
    )


def _checked(files: Mapping[str, str]) -> Understood:
    if not any(text.strip() for text in files.values()):
        raise Refusal(N_("There is nothing in that. Send your code once more, please."))
    if any("\x00" in text for text in files.values()):
        raise Refusal(N_("That is not text. Send the source code itself."))
    ended = {name: text if text.endswith("\n") else f"{text}\n" for name, text in files.items()}
    storable = {name: text.encode("utf-8", "replace").decode() for name, text in ended.items()}
    return Understood(storable, sum(text.count("\n") for text in storable.values()))


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise Refusal(
            N_("That is {size} KiB of code; a submission can have {most}. Send less, please."),
            {"size": -(-size // 1024), "most": LARGEST // 1024},
        )


def _refuse_foreign(name: str, wanted: Wanted, *, alone: bool) -> None:
    """A file that comes alone may have any name, because it gets the name of the main one."""
    if not alone and not _FILE_NAME.fullmatch(name):
        raise Refusal(
            N_("The file name {name} has characters that I cannot use. Rename it, please."),
            {"name": name[:60]},
        )
    allowed = EXTENSIONS[wanted.language]
    if PurePosixPath(name).suffix.lower() not in allowed:
        raise Refusal(
            N_("{name} does not fit here. This challenge takes files that end in {endings}."),
            {"name": name, "endings": ", ".join(allowed)},
        )


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise Refusal(
            N_("{name} is not a text file (UTF-8). Send the source code itself."), {"name": name}
        )
    return text.replace("\r\n", "\n")


def _unzip(name: str, content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [
                entry
                for entry in archive.infolist()
                if not entry.is_dir() and "__MACOSX" not in entry.filename
            ]
            if len(entries) > MOST_FILES:
                raise Refusal(
                    N_("A submission can have {most} files at most."), {"most": MOST_FILES}
                )
            found, size = [], 0
            if any(".." in PurePosixPath(entry.filename).parts for entry in entries):
                raise zipfile.BadZipFile
            for entry in entries:
                with archive.open(entry) as file:
                    data = file.read(LARGEST + 1 - size)
                size += len(data)
                _refuse_large(size)
                found.append((PurePosixPath(entry.filename).name, data))
            return found
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as wrong:
        raise Refusal(
            N_("I cannot open {name}. Send the files one by one."), {"name": name}
        ) from wrong
