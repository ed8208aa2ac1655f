"""The files of a course, from a folder or a zip, within limits, as path -> bytes."""

import hashlib
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from domain.authoring.problems import Problems

MAX_FILES = 2_000
MAX_TOTAL = 50 * 1024 * 1024
MAX_TEXT = 1024 * 1024
MAX_MEDIA = 10 * 1024 * 1024
MAX_RATIO = 100
RATIO_FREE = 64 * 1024  # a short file of spaces is no bomb
FORMAT = "1"  # part of the hash: a new meaning of the same files is a new course

Tree = Mapping[str, bytes]

_NOT_CONTENT = {"README.md", "LICENSE", "LICENSE.md", "LICENSE.txt", "CHANGELOG.md"}
_LITTER = {"__pycache__", "__MACOSX", "Thumbs.db", "desktop.ini"}
_ARCHIVES = (".zip", ".gz", ".tar", ".7z", ".rar", ".xz", ".bz2", ".zst")


def is_content(path: str) -> bool:
    """Whether a file belongs to the course (not a read-me, a licence, a hidden file or litter)."""
    parts = PurePosixPath(path).parts
    if path in _NOT_CONTENT or path.endswith((".pyc", "~", ".swp")):
        return False
    return not any(part.startswith(".") or part in _LITTER for part in parts)


def bad_path(path: str) -> str | None:
    """Why a path inside a course is refused, or None."""
    if path.startswith(("/", "\\")) or (len(path) > 1 and path[1] == ":"):
        return "absolute paths are not allowed: pack the course folder itself"
    if "\\" in path or any(ord(character) < 32 for character in path):
        return "use '/' between folders and no control characters in names"
    if not path or any(part in {"", ".", ".."} for part in path.split("/")):
        return "'.' and '..' are not allowed in paths: pack the course folder itself"
    try:
        path.encode()
    except UnicodeEncodeError:
        return "the name is not UTF-8: rename the file"
    return None


def read_source(path: Path) -> tuple[dict[str, bytes], Problems]:
    """The files of a course, and what was wrong with reading them.

    Args:
        path: a folder, or a zip file.
    """
    problems = Problems()
    tree = read_folder(path, problems) if path.is_dir() else read_zip(path, problems)
    return tree, problems


def read_folder(folder: Path, problems: Problems) -> dict[str, bytes]:
    """Read a course folder. Links are refused, so that nothing outside of it is read."""
    tree: dict[str, bytes] = {}
    total = 0
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        reason = bad_path(name)
        if reason is not None:
            problems.error(name.encode(errors="replace").decode(), 1, reason)
            continue
        if not is_content(name):
            continue
        if path.is_symlink() or not path.is_file():
            problems.error(name, 1, "links and devices are not allowed: put the file itself here")
            continue
        total += path.stat().st_size
        if not _within_limits(name, len(tree) + 1, total, problems):
            break
        tree[name] = path.read_bytes()
    return tree


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            if not path.name.startswith(".") and path.name not in _LITTER:
                yield from _walk(path)
        else:
            yield path


def read_zip(source: Path, problems: Problems) -> dict[str, bytes]:
    """Read a zip whose root, or whose only folder, is the course."""
    try:
        with zipfile.ZipFile(source) as archive:
            tree = _members(archive, problems)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        problems.error(source.name, 1, f"this zip cannot be read ({error}): pack it again")
        return {}
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        problems.error(source.name, 1, f"this zip is damaged ({error}): pack it again")
        return {}
    return _without_wrapper(tree)


def _members(archive: zipfile.ZipFile, problems: Problems) -> dict[str, bytes]:
    tree: dict[str, bytes] = {}
    total = 0
    for info in archive.infolist():
        if info.is_dir():
            continue
        name = info.filename
        shown = name.encode(errors="replace").decode() or "?"
        reason = bad_path(name) or _bad_member(info)
        if reason is None and name in tree:
            reason = "the zip holds this name twice: pack it again"
        if reason is not None:
            problems.error(shown, 1, reason)
            continue
        total += info.file_size
        if not _within_limits(name, len(tree) + 1, total, problems):
            break
        if any(part.startswith(".") or part in _LITTER for part in name.split("/")):
            continue
        # The header may lie about the size: read one byte more than it promises, never all.
        with archive.open(info) as member:
            content = member.read(info.file_size + 1)
        if len(content) != info.file_size:
            problems.error(shown, 1, "the zip lies about the size of this file: pack it again")
            continue
        tree[name] = content
    return tree


def _bad_member(info: zipfile.ZipInfo) -> str | None:
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "links and devices are not allowed: pack the file itself"
    if info.flag_bits & 0x1:
        return "encrypted files cannot be read: pack without a password"
    if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"unpacks to more than {MAX_RATIO} times its size: refused as a zip bomb"
    if info.filename.lower().endswith(_ARCHIVES):
        return "archives inside the archive are not allowed: unpack it first"
    return None


def _without_wrapper(tree: dict[str, bytes]) -> dict[str, bytes]:
    tops = {name.split("/", 1)[0] for name in tree}
    if "course.yaml" not in tree and len(tops) == 1 and all("/" in name for name in tree):
        tree = {name.split("/", 1)[1]: content for name, content in tree.items()}
    return {name: content for name, content in tree.items() if is_content(name)}


def _within_limits(name: str, files: int, total: int, problems: Problems) -> bool:
    if files > MAX_FILES:
        problems.error(name, 1, f"a course has at most {MAX_FILES:,} files: split the course")
        return False
    if total > MAX_TOTAL:
        problems.error(name, 1, f"a course has at most {MAX_TOTAL >> 20} MiB: use smaller media")
        return False
    return True


def decode(path: str, content: bytes, problems: Problems) -> str | None:
    """A text file as str: UTF-8, with or without BOM, any line ends; None after an error."""
    if len(content) > MAX_TEXT:
        problems.error(path, 1, f"a text has at most {MAX_TEXT >> 20} MiB: split it")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = error.start + (3 if content.startswith(b"\xef\xbb\xbf") else 0)
        line = content[:offset].count(b"\n") + 1
        problems.error(
            path, line, f"not UTF-8 (byte {offset} is 0x{content[offset]:02x}): save it as UTF-8"
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, row in enumerate(text.split("\n"), 1):
        for character in row:
            if (ord(character) < 32 and character != "\t") or ord(character) == 127:
                message = f"character U+{ord(character):04X} is not allowed: remove it"
                problems.error(path, number, message)
                return None
    return text


def tree_hash(tree: Tree) -> str:
    """SHA-256 over paths and contents; the order of files and kind of line ends do not count."""
    whole = hashlib.sha256(FORMAT.encode())
    for path in sorted(path for path in tree if is_content(path)):
        content = tree[path]
        if not path.startswith("media/"):
            content = content.removeprefix(b"\xef\xbb\xbf")
            content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        whole.update(hashlib.sha256(path.encode()).digest())
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()
