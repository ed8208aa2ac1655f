"""Changes that a text asks the learner to make, in words: "use <= instead of < on line 3"."""

import ast
import re
import textwrap
from collections.abc import Iterator

from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.edits.structure import moved
from tutor.diagnosis.model import Change
from tutor.diagnosis.program import Program
from tutor.guard.extract import spans
from tutor.guard.languages import english, with_signs

_NAME = r"[A-Za-z_]\w*(?:\.\w+)*(?:\[[^\]\n]*\]|\([^)\n]*\))*"
_PIECE = (  # code in quotes, a number, a sign, or names joined by signs
    r"(`[^`\n]+`|'[^'\n]+'|\"[^\"\n]+\"|[-+]?\d+(?:\.\d+)?|[<>=!+\-*/%]{1,3}"
    rf"|{_NAME}(?:\s*[-+*/%<>=!]{{1,2}}\s*[\w.\[\]()]+)*)"
)
_THE = r"(?:a\s+|an\s+|the\s+|your\s+|that\s+|with\s+|from\s+|at\s+)?"
_FEW = r"(?:\w+\s+){0,4}?"
_CHANGE = r"(?:change|replace|swap|switch|turn|convert|edit|alter|rename|correct)"
_USE = (
    r"(?:use|write|put|try|return|pass|compare|start|take|need|want|be|is|with|using|say|have"
    r"|call|do)"
)
_ADD = (
    r"(?:use|write|put|try|return|insert|add|append|type|need|needs|want|make it|it should be"
    r"|should be|must be|should say|has to be|change (?:it|this|that|line \d+) to"
    r"|replace (?:it|this|that|line \d+) with)"
)
_OLD_NEW = (
    rf"{_CHANGE}\s+{_THE}{_FEW}{_PIECE}\s+{_FEW}(?:to|with|into|for|by|→|->)\s+{_THE}{_PIECE}",
    rf"{_PIECE}\s+{_FEW}(?:should|must|needs to|has to|ought to|wants to)\s+(?:really\s+)?"
    rf"(?:be|say|read|become)\s+{_THE}{_PIECE}",
    rf"not\s+{_PIECE}\s*(?:,|but)\s*(?:but\s+)?{_PIECE}",
    rf"{_PIECE}\s*(?:→|->|=>|becomes)\s*{_PIECE}",
)
_NEW_OLD = (
    rf"{_USE}\s+{_THE}{_PIECE}\s*,?\s*"
    rf"(?:instead of|rather than|in place of|and not|, not|not)\s+{_THE}{_PIECE}",
    rf"instead of\s+{_THE}{_PIECE}\s*,?\s*(?:you\s+)?{_FEW}"
    rf"(?:use|write|put|try|return|should be|say|have)?\s*{_THE}{_PIECE}",
)
_NEW = (rf"{_ADD}\s+(?::\s*)?{_THE}{_PIECE}",)
_LINE = re.compile(r"\bline\s+(\d{1,3})\b|\bl\.?\s?(\d{1,3})\b", re.IGNORECASE)
_WHERE = re.compile(r"\s*\b(?:in|on|at|of)\s+(?:the\s+)?line\s+\d{1,3}\b(?!\s*(?:\.|$))")
_REMOVE = re.compile(
    r"\b(?:remove|delete|drop|erase|take out|get rid of|cut|leave out)\s+"
    r"(?:the\s+|that\s+|this\s+|your\s+)?"
    r"(?:line\s+(\d{1,3})|`([^`\n]+)`|(else|break|continue|pass)\b)",
    re.IGNORECASE,
)
_OUT = re.compile(
    r"\b(?:(?:dedent|unindent|outdent)\b|(?:move|shift|pull|put|bring|take)\b[^.\n]*?"
    r"\b(?:out(?:side)?|left|back|after the loop|below the loop|one level (?:up|out)))",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:indent\b|(?:move|shift|push|put)\b[^.\n]*?\b(?:inside|into|right|in the loop|within))",
    re.IGNORECASE,
)
# "Put a print into the loop": something to look with is new, and no line of the program moves.
_PROBES = re.compile(
    r"\b(?:put|insert|push|set) (?:an?|some|another|two|one|more|a few)\s+(?:\w+\s+)?"
    r"(?:prints?|`print[^`]*`|breakpoints?|assert\w*)\b[^,;]*",
    re.IGNORECASE,
)
_MOST = 120


def variants(text: str, program: Program) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Changes of a program that a text asks for, each with the words that ask.

    Args:
        text: without disguises.
        program: the learner's.
    """
    for count, found in enumerate(_all(text, program)):
        if count >= _MOST:
            return
        yield found


def _all(text: str, program: Program) -> Iterator[tuple[str, tuple[Change, ...]]]:
    yield from _patched(text, program)
    sentences = [one for reading in english(text) for one in _sentences(reading)]
    for sentence in dict.fromkeys(sentences):
        said = with_signs(sentence)
        lines = [int(one or other) for one, other in _LINE.findall(said)]
        said = _WHERE.sub("", said)
        seen = False
        for pattern in _OLD_NEW:
            for one, two in _found(pattern, said):
                seen = True
                yield from _swapped(sentence, one, two, program, lines)
        for pattern in _NEW_OLD:
            for one, two in _found(pattern, said):
                seen = True
                yield from _swapped(sentence, two, one, program, lines)
        if not seen and not said.rstrip().endswith("?"):
            for pattern in _NEW:
                for (one,) in _found(pattern, said):
                    yield from _operator(sentence, one, program, lines)
        yield from _replaced(sentence, program, lines)
        yield from _removed(sentence, program)
        yield from _moved(sentence, program, lines)
        yield from _turned(sentence, program, lines)


def _patched(text: str, program: Program) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """A patch of the learner's program: lines with a minus, then lines with a plus instead."""
    mine = program.text.split("\n")
    made: list[Change] = []
    for found in re.finditer(
        r"((?:^\s?-(?!-).*\n)+)((?:^\s?\+(?!\+).*(?:\n|\Z))+)", text, re.MULTILINE
    ):
        old = [line.strip()[1:].strip() for line in found[1].splitlines()]
        new = [line.lstrip()[1:].rstrip() for line in found[2].splitlines()]
        for first in range(len(mine) - len(old) + 1):
            here = mine[first : first + len(old)]
            if [line.strip() for line in here] == old:
                indent = here[0][: len(here[0]) - len(here[0].lstrip())]
                block = textwrap.indent(textwrap.dedent("\n".join(new)), indent)
                end = program.starts[first + len(old) - 1] + len(here[-1].encode())
                made.append(Change(program.starts[first], end, block))
                break
    if made:
        yield text, tuple(made)


def _found(pattern: str, said: str) -> list[tuple[str, ...]]:
    """What a pattern's pieces match, from every word on: "the 15" begins at both words."""
    compiled = re.compile(pattern, re.IGNORECASE)
    starts = [place.start() for place in re.finditer(r"(?<!\w)(?=\S)", said)]
    matches = [match for start in starts if (match := compiled.match(said, start))]
    return list(dict.fromkeys(tuple(map(_bare, match.groups())) for match in matches))


def _replaced(
    said: str, program: Program, lines: list[int]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Code that shall stand on lines that are named, or before or after them."""
    several = re.search(r"\blines\s+(\d{1,3})\s*(?:-|to|and|through)\s*(\d{1,3})", said)
    first, last = (int(several[1]), int(several[2])) if several else (0, 0)
    ranges = [(first, last)] if several else [(line, line) for line in lines]
    code = "\n".join(span.strip() for span in spans(said))
    for begin, end in ranges:
        if not code or not 1 <= begin <= end < len(program.starts):
            continue
        line = program.line(begin)
        if _same(code, line.strip()):
            continue  # the line itself is quoted
        indent = line[: len(line) - len(line.lstrip())]
        block = textwrap.indent(code, indent)
        start, stop = program.starts[begin - 1], program.starts[end] - 1
        yield said, (Change(start, stop, block),)
        yield said, (Change(start, start, f"{block}\n"),)
        yield said, (Change(stop, stop, f"\n{block}"),)


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?])\s+(?=[A-Z`])|\n", text) if one.strip()]


def _bare(piece: str) -> str:
    return piece.strip("`").strip() if piece.startswith("`") else piece.strip()


def _places(program: Program, old: str, lines: list[int]) -> Iterator[tuple[int, int]]:
    """Where a piece of code stands as a whole, on the named lines if there are any."""
    if not old:
        return
    escaped = re.escape(old)
    before = r"(?<![\w.])" if re.match(r"\w", old) else r"(?<![<>=!+\-*/%])"
    after = r"(?!\w)" if re.search(r"\w$", old) else r"(?![<>=!+\-*/%])"
    for found in re.finditer(before + escaped + after, program.text):
        start = len(program.text[: found.start()].encode())
        line = program.text[: found.start()].count("\n") + 1
        if not lines or line in lines or not _exists(program, lines):
            yield start, start + len(old.encode())


def _exists(program: Program, lines: list[int]) -> bool:
    return any(1 <= line < len(program.starts) for line in lines)


def _swapped(
    said: str, old: str, new: str, program: Program, lines: list[int]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    if old == new or not new or new in _EMPTY_WORDS or old in _EMPTY_WORDS:
        return
    places = list(_places(program, old, lines))
    for start, end in places:
        yield said, (Change(start, end, new),)
        yield said, (Change(start, end, f"({new})"),)
    if len(places) > 1:
        yield said, tuple(Change(start, end, new) for start, end in places)
    if places:
        return
    yield from _operator(said, new, program, lines)


_EMPTY_WORDS = frozenset(
    {"it", "this", "that", "them", "the", "a", "an", "one", "you", "your", "line", "loop"}
    | {"value", "values", "function", "list", "variable", "each"}
)
_COMPARING = ("<", "<=", ">", ">=", "==", "!=", "in", "not in", "is")


def _operator(
    said: str, new: str, program: Program, lines: list[int]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """A sign that is named without the one it replaces."""
    kinds = (_COMPARING, ("+", "-", "*", "/", "//", "%", "**"), ("and", "or"))
    for kind in kinds:
        if new in kind:
            for old in kind:
                if old != new:
                    for start, end in _places(program, old, lines):
                        yield said, (Change(start, end, new),)


def _removed(said: str, program: Program) -> Iterator[tuple[str, tuple[Change, ...]]]:
    for found in _REMOVE.finditer(said):
        if found[1]:
            number = int(found[1])
            if 1 <= number < len(program.starts):
                line = program.line(number)
                indent = line[: len(line) - len(line.lstrip())]
                start = program.starts[number - 1]
                yield said, (Change(start, program.starts[number] - 1, f"{indent}pass"),)
                yield said, (Change(start, program.starts[number] - 1, ""),)
            continue
        piece = found[2] or found[3]
        for start, end in _places(program, piece, []):
            yield said, (Change(start, end, ""),)
            yield said, (Change(start, end, "pass"),)
        if found[3] == "else":
            for edit in all_edits(program, ()):
                if edit.cause in ("else_in_loop", "missing_else", "extra_else"):
                    yield said, edit.changes


def _moved(
    said: str, program: Program, lines: list[int]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    done = _PROBES.sub("", said)
    out, into = _OUT.search(done), _IN.search(done)
    if out is None and into is None:
        return
    named = [code.strip() for code in spans(said)]
    for node in ast.walk(program.tree):
        if not isinstance(node, ast.stmt) or not program.alone(node):
            continue
        text = program.line(node.lineno).strip()
        wanted = node.lineno in lines or any(_same(code, text) for code in named)
        if not wanted and (lines or named or "return" not in said or not text.startswith("return")):
            continue
        deep = len(program.indent(node))
        for level in range(0, deep + 9, 4):
            if level == deep or (level > deep and into is None):
                continue
            change = moved(program, node, " " * level)
            if change is not None:
                yield said, (change,)
    causes = ("return_in_loop", "else_in_loop", "indentation", "reset_in_loop")
    for edit in all_edits(program, ()):
        if edit.cause in causes and (not lines or edit.line in lines):
            yield said, edit.changes


def _same(code: str, line: str) -> bool:
    bare = re.sub(r"\s+", "", code)
    return len(bare) > 2 and re.sub(r"\s+", "", line).startswith(bare)


def _turned(
    said: str, program: Program, lines: list[int]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    if re.search(r"\b(?:swap|exchange|switch|reverse the order)\b", said, re.IGNORECASE):
        for edit in all_edits(program, ()):
            if edit.cause in (
                "order_of_steps",
                "swapped_arguments",
                "swapped_parameters",
                "swapped_operands",
                "reversed_condition",
            ) and (not lines or edit.line in lines or edit.line + 1 in lines):
                yield said, edit.changes
