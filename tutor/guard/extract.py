"""Finds what could be programs in a text: fences, backticks, bare lines, lists, patches."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from domain.syntax import parse
from tutor.guard.layout import parses, views

_FENCE = re.compile(r"(?ms)^[ \t>]*(```+|~~~+)[^\n]*\n(.*?)(?:^[ \t>]*\1|\Z)")
_TICKS = re.compile(r"``([^\n]+?)``|`([^`\n]+)`")
_CODE = re.compile(
    r"^\s*(?:def|class|return|for|while|if|elif|else|try|except|finally|with|import|from|print|pass"
    r"|break|continue|global|lambda|del|raise|yield|assert|async|await)\b"
    r"|^\s*[\w.\[\]'\", ]+\s*(?:=|\+=|-=|\*=|/=|//=|%=)\s*\S"
    r"|^\s*[\w.]+\([^)]*\)?\s*$|^\s*[\w.]+\(.*\)\s*$|^\s*@\w+|^\s*[\])}]+\s*$"
)


def fences(text: str) -> list[str]:
    """The contents of fenced blocks."""
    return [found[2] for found in _FENCE.finditer(text)]


def prose(text: str) -> str:
    """A text without its blocks and lines of code."""
    lines = _FENCE.sub("\n", text).split("\n")
    return "\n".join(line for line in lines if not code_line(line))


def spans(text: str) -> list[str]:
    """What stands in backticks inside lines, with its spaces; fences are left out."""
    bare = _FENCE.sub("\n", text)
    return [found[1] or found[2] for found in _TICKS.finditer(bare)]


@lru_cache(maxsize=64)
def programs(text: str) -> tuple[str, ...]:
    """Texts that could be whole programs, likeliest first; many are none."""
    return tuple(dict.fromkeys(_programs(text)))


def _programs(text: str) -> Iterator[str]:
    blocks = fences(text)
    yield from blocks
    if len(blocks) > 1:
        yield "\n".join(blocks)
        yield "\n".join(reversed(blocks))
        yield blocks[0] + "\n" + "\n".join(_indented(block) for block in blocks[1:])
    yield from _patched(text)
    inline = spans(text)
    yield from inline
    if len(inline) > 1:
        yield "\n".join(inline)
    bare = re.sub(r"(?m)^[ \t>]*(```+|~~~+).*$", "", text)
    yield from _bare(bare)
    yield from _bare(re.sub(r"`", "", bare))
    for view in views(bare):
        yield from _bare(view)
    for block in blocks:
        yield from views(block)
    commented = [re.sub(r"^\s*(#|//) ?", "", line) for line in text.split("\n") if _hashed(line)]
    if commented:
        yield "\n".join(commented)
    quoted = "\n".join(_strings(text))
    if quoted:
        yield quoted
    if text.count(";") >= 2:
        yield re.sub(r";\s*", "\n", text)


def _hashed(line: str) -> bool:
    return re.match(r"\s*(#|//)", line) is not None


def _indented(block: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else line for line in block.split("\n"))


def _bare(text: str) -> Iterator[str]:
    """Runs of lines that look like code, with and without what is between them."""
    lines = text.split("\n")
    coded = [line for line in lines if code_line(line)]
    if not coded:
        return
    yield "\n".join(_tail(line) for line in coded)
    run: list[str] = []
    for line in [*lines, "."]:
        if code_line(line) or (run and not line.strip()):
            run.append(_tail(line))
        elif run:
            if len(run) < len(coded):
                yield "\n".join(run)
            run = []


def runs(text: str) -> list[str]:
    """Lines of code that follow each other without a fence."""
    bare = re.sub(r"`", "", _FENCE.sub("\n", text))
    return [one for one in _bare(bare) if "\n" in one]


def _tail(line: str) -> str:
    """Code that follows words: "Then write: return x"."""
    found = re.match(r"^(\s*)[A-Z][^:`]*:\s+(\S.*)$", line)
    return found[1] + found[2] if found and _CODE.match(found[2]) else line


def code_line(line: str) -> bool:
    """Whether a line looks like Python rather than prose."""
    stripped = _tail(line).strip()
    if not stripped:
        return False
    if _CODE.match(stripped) is None and not _statement(stripped):
        return False
    if stripped.endswith((".", "?", "!")) and not stripped.endswith((")", "]")):
        return False
    words = re.findall(r"[A-Za-z]{2,}", stripped)
    return parses(stripped) or len(words) < 8


def _statement(line: str) -> bool:
    """Whether a line is Python with more than words in it: `teams[n % 2].append(name)`."""
    return re.search(r"[(\[=]", line) is not None and parses(line)


def _patched(text: str) -> Iterator[str]:
    """The new side of a patch."""
    lines = text.split("\n")
    signed = [line for line in lines if re.match(r"^\s{0,3}[+-](?![+-]{2})", line)]
    added = [line for line in signed if line.lstrip().startswith("+")]
    if not added:
        return
    yield "\n".join(line.lstrip()[1:] for line in added)
    kept = [
        line for line in lines if not re.match(r"^\s{0,3}(-|@@|\+\+\+|diff |index |```|~~~)", line)
    ]
    new = [re.sub(r"^\s{0,3}\+", "", line) if line in added else line for line in kept]
    yield "\n".join(
        line[1:] if line.startswith(" ") and line not in added else line for line in new
    )
    yield "\n".join(new)


def _strings(text: str) -> Iterator[str]:
    """Code inside string literals, as in exec("...") or lines that are joined."""
    for block in [*fences(text), text]:
        try:
            tree = parse(block)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                coded = [line for line in node.value.split("\n") if code_line(line)]
                yield from [node.value.removesuffix("\n")] if coded else []
