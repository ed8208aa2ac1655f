"""Programs that Python cannot read: where, and which small change makes them readable."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program
from tutor.diagnosis.slips import plain, slips

_OPENS = re.compile(r"^\s*(if|elif|else|for|while|def|class|try|except|finally|with)\b[^#]*$")
_RESERVED = "class|def|from|import|pass|global|lambda|is|in|not|and|or|return|print"
_WORDS = (
    (re.compile(r"\belse\s+if\b"), "elif", "keyword"),
    (re.compile(r"\belseif\b"), "elif", "keyword"),
    (re.compile(r"^(\s*)(?=[a-z_]\w*\([\w\s,=]*\)\s*:)"), r"\1def ", "keyword"),
    (re.compile(r"\b(function|define|func)\b"), "def", "keyword"),
    (re.compile(r"\bDef\b"), "def", "keyword"),
    (re.compile(r"\b(If|IF)\b"), "if", "keyword"),
    (re.compile(r"\b(For|FOR)\b"), "for", "keyword"),
    (re.compile(r"\b(While|WHILE)\b"), "while", "keyword"),
    (re.compile(r"\b(Return|RETURN)\b"), "return", "keyword"),
    (re.compile(r"&&"), "and", "keyword"),
    (re.compile(r"\|\|"), "or", "keyword"),
    (re.compile(r"!(?!=)"), "not ", "keyword"),
    (re.compile(r"=<"), "<=", "keyword"),
    (re.compile(r"=>"), ">=", "keyword"),
    (re.compile(r"=!"), "!=", "keyword"),
    (re.compile(r"<>"), "!=", "keyword"),
    (re.compile(r"\+\+"), " += 1", "update_sign"),
    (re.compile(r"--$"), " -= 1", "update_sign"),
    (re.compile(r"(?<![=!<>:])=(?!=)"), "==", "compare_or_assign"),
    (re.compile(r"(?<==)="), "", "compare_or_assign"),
    (re.compile(r"^(\s*\w+)\s*:\s*(?=\S)"), r"\1 = ", "keyword"),
    (re.compile(r";"), ":", "missing_colon"),
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Where Python stopped reading, and what it says."""

    line: int
    column: int
    reason: str


def unreadable(text: str) -> Unreadable | None:
    """Why a program cannot be read; None when it can."""
    try:
        Program.read(text)
    except SyntaxError as wrong:
        reason = (wrong.msg or "invalid syntax").split(". ")[0]
        return Unreadable(wrong.lineno or 1, wrong.offset or 1, reason)
    return None


def readings(text: str, place: Unreadable) -> Iterator[Edit]:
    """Small changes near a place after which a program can be read, likeliest first."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()) + 1)
    yield from _other_signs(text, lines, starts)
    near = [place.line, place.line - 1, place.line + 1, place.line - 2]
    seen: set[str] = set()
    for number in near:
        if not 1 <= number <= len(lines):
            continue
        for cause, new in _lines(lines, number):
            changed = [*lines[: number - 1], *new, *lines[number:]]
            whole = "\n".join(changed)
            if whole in seen or unreadable(whole) is not None:
                continue
            seen.add(whole)
            change = Change(starts[number - 1], starts[number] - 1, "\n".join(new))
            yield Edit(cause, number, (change,))


def _other_signs(text: str, lines: list[str], starts: list[int]) -> Iterator[Edit]:
    """All signs that only look like Python's, on every line at once."""
    changes = tuple(
        Change(starts[number], starts[number + 1] - 1, plain(line))
        for number, line in enumerate(lines)
        if plain(line) != line
    )
    if changes and unreadable(plain(text)) is None:
        yield Edit("other_signs", text.encode()[: changes[0].start].count(b"\n") + 1, changes)


def _lines(lines: list[str], number: int) -> Iterator[tuple[str, list[str]]]:
    line = lines[number - 1]
    bare = line.rstrip()
    indent = line[: len(line) - len(line.lstrip())]
    if _OPENS.match(bare) and not bare.endswith(":"):
        yield "missing_colon", [bare + ":"]
        yield "missing_colon", [bare.rstrip(";,.") + ":"]
    for cause, changed in slips(line):
        yield cause, [changed]
    for closing in (")", "]", "}", '"', "'", "))", '")', "')", "])"):
        yield "unclosed", [bare + closing]
        if bare.endswith(":"):
            yield "unclosed", [bare[:-1] + closing + ":"]
    for position, sign in enumerate(bare):
        if sign in ")]}\"'":
            yield "unclosed", [bare[:position] + bare[position + 1 :]]
        elif sign in ",(" and bare.count('"') % 2 + bare.count("'") % 2:
            yield "unclosed", [bare[:position] + '"' + bare[position:]]
            yield "unclosed", [bare[:position] + "'" + bare[position:]]
    for pattern, text, cause in _WORDS:
        changed = pattern.sub(text, line, count=1)
        if changed != line:
            yield cause, [changed]
            again = changed if changed.rstrip().endswith(":") else changed.rstrip() + ":"
            yield cause, [again]
            yield cause, [pattern.sub(text, line)]
    for other in dict.fromkeys(_indents(lines, number)):
        if other != indent:
            yield "block_indentation", [other + line.lstrip()]
    if _OPENS.match(bare) or bare.endswith(":"):
        yield "block_indentation", [line, indent + "    pass"]
    for word in re.findall(rf"\b({_RESERVED})\b", line):
        yield "reserved_name", [re.sub(rf"\b{word}\b", f"{word}_", line)]
    yield "extra_statement", [indent + "pass"]
    if "\t" in line:
        yield "block_indentation", [line.replace("\t", "    ")]


def _indents(lines: list[str], number: int) -> Iterator[str]:
    for other in (*reversed(lines[: number - 1]), *lines[number:]):
        if other.strip():
            white = other[: len(other) - len(other.lstrip())]
            yield white
            yield white + "    "
    yield ""
