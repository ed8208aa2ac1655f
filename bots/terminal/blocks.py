"""Code over several lines: where a fenced block begins and where it ends. Pure.

A block begins with a line of three or more backticks, with the name of a language or code after
them, or with words before them. It ends with a line of as many backticks, or with a line that
ends in them.
"""

import re

FENCE = "```"
LONGEST = 1024 * 1024  # characters of one block; challenges take far less
_AT_START = re.compile(r" {0,3}(`{3,})([^`]*)$")
_AFTER_WORDS = re.compile(r".*\S\s+(`{3,})[\w+#.-]*\s*$")
_AT_END = re.compile(r"(?<!`)(`{3,})\s*$")
_OWN_LINE = re.compile(r"^ {0,3}(`{3,})\s*$")


class Collector:
    """Gathers the lines of one message; most messages are one line."""

    def __init__(self) -> None:
        self._fence = ""
        self._lines: list[str] = []
        self._size = 0

    @property
    def is_open(self) -> bool:
        """Whether the message goes on with the next line."""
        return bool(self._fence)

    @property
    def is_too_long(self) -> bool:
        """Whether lines were left out because the message became too long."""
        return self._size > LONGEST

    @property
    def text(self) -> str:
        """What was gathered."""
        return "\n".join(self._lines)

    def add(self, line: str) -> bool:
        """Take one line; whether the message is whole now."""
        self._size += len(line) + 1
        if not self.is_too_long:
            self._lines.append(line)
        self._fence = _after(line, self._fence)
        return not self._fence


def _after(line: str, fence: str) -> str:
    """The fence that is open after a line, when `fence` was open before it."""
    if fence:
        return "" if _closes(line, fence) else fence
    return _opened(line)


def _opened(line: str) -> str:
    """The fence that a line opens, or nothing."""
    found = _AT_START.match(line) or _AFTER_WORDS.match(line)
    return found[1] if found else ""


def _closes(line: str, fence: str) -> bool:
    ends = _OWN_LINE if line.lstrip().startswith("`") else _AT_END
    found = ends.search(line)
    return found is not None and len(found[1]) >= len(fence)


def open_fence(text: str) -> str:
    """The fence that is still open at the end of a text, or nothing."""
    fence = ""
    for line in text.split("\n"):
        fence = _after(line, fence)
    return fence


def goes_on(text: str, *, asked: bool) -> bool:
    """Whether a message that is being typed goes on after its last line.

    Args:
        text: what stands there.
        asked: code was asked for, so that it needs no opening line, only a closing one.
    """
    if not asked or _opened(text.split("\n", 1)[0]):
        return bool(open_fence(text))
    return bool(text.strip()) and without_end(text) == text


def sendable(text: str, *, asked: bool) -> str:
    """A message as it is sent: an open block is closed, and code that was asked for is fenced."""
    fence = open_fence(text)
    if asked and not _opened(text.split("\n", 1)[0]):
        code = without_end(text).strip("\n")
        many = "\n" in code or code != text
        return f"{FENCE}\n{code}\n{FENCE}" if many and FENCE not in code else code
    return f"{text}\n{fence}" if fence else text


def without_end(text: str) -> str:
    """Code that needed no opening line, without the closing line that only ended it."""
    *lines, last = text.rstrip().split("\n")
    before = "\n".join(lines)
    return before if _OWN_LINE.match(last) and not open_fence(before) else text


def language(text: str) -> str:
    """The language that the last opened block names, or nothing."""
    for line in reversed(text.split("\n")):
        found = _AT_START.match(line)
        if found and found[2].strip():
            return found[2].split()[0].lower()
    return ""
