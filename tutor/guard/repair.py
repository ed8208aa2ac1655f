"""Makes programs of scraps: gives lines their indentation back, wraps bodies, renames functions."""

import ast
import heapq
import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence

from domain.syntax import parse
from tutor.diagnosis.program import parameters
from tutor.guard.extract import code_line

_VARIANTS = 160  # ways to indent that are tried for one scrap
_RENAMINGS = 12  # ways to give functions the names that the tests call
_CONTINUES = ("else", "elif", "except", "finally")
_LEAVES = ("return", "break", "continue", "pass", "raise")


def parsed(text: str) -> ast.Module | None:
    """The tree of a text; None when it is no Python."""
    try:
        return parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def runnable(scrap: str, wanted: Sequence[str], given: Sequence[Sequence[str]]) -> Iterator[str]:
    """Programs that a scrap may stand for.

    Args:
        scrap: lines that may be code.
        wanted: functions that the tests call; empty for a script.
        given: lists of parameter names to try when a body lacks its first line.
    """
    for text in _readable(scrap):
        tree = parsed(text)
        if tree is None or not tree.body:
            continue
        yield from _named(text, tree, wanted, given)


def _readable(scrap: str) -> Iterator[str]:
    scrap = scrap.replace("\t", "    ").strip("\n")
    text = textwrap.dedent(scrap)
    if parsed(text) is not None:
        yield text
        if any(line.endswith(":") for line in text.split("\n")):
            return
    coded = "\n".join(line for line in text.split("\n") if code_line(line))
    if coded and coded != text and parsed(textwrap.dedent(coded)) is not None:
        yield textwrap.dedent(coded)
        return
    lines = [line.strip() for line in (coded or text).split("\n") if line.strip()]
    if 1 < len(lines) <= 60 or (lines and ":" in lines[0]):
        yield from reindented(lines)


def reindented(lines: Sequence[str]) -> Iterator[str]:
    """Ways to indent lines that lost their indentation, those with the fewest surprises first."""
    open_: list[tuple[int, int, list[int]]] = [(0, 0, [])]
    tried, number = 0, 0
    while open_ and tried < _VARIANTS:
        surprises, _, levels = heapq.heappop(open_)
        while len(levels) < len(lines):
            likely, *others = _levels(lines, levels)
            for cost, level in enumerate(others, 1):
                number += 1
                heapq.heappush(open_, (surprises + cost, number, [*levels, level]))
            levels = [*levels, likely]
        tried += 1
        text = "\n".join("    " * level + line for level, line in zip(levels, lines, strict=True))
        if parsed(text) is not None:
            yield text


def _levels(lines: Sequence[str], levels: Sequence[int]) -> list[int]:
    """Levels that the next line may have, likeliest first; never none."""
    place = len(levels)
    if place == 0:
        return [0]
    before, line = lines[place - 1], lines[place]
    level = levels[-1]
    if before.split("#")[0].rstrip().endswith(":"):
        return [level + 1]
    if line.startswith(("def ", "class ")):
        return [0]
    allowed = list(range(level, 0 if lines[0].startswith("def ") else -1, -1)) or [level]
    if line.split(" ")[0].rstrip(":") in _CONTINUES:
        fits = [
            one
            for one in range(level, -1, -1)
            if _open_at(lines, levels, one) in ("if", "elif", "for", "while", "try", "except")
        ]
        return fits or allowed
    if before.split(" ")[0] in _LEAVES and len(allowed) > 1:
        return [*allowed[1:], allowed[0]]
    if line.startswith("return") and place == len(lines) - 1 and len(allowed) > 1:
        return allowed[::-1]
    return allowed


def _open_at(lines: Sequence[str], levels: Sequence[int], level: int) -> str:
    """The first word of the last line on a level, unless a line further out came after it."""
    for line, here in zip(reversed(lines[: len(levels)]), reversed(levels), strict=True):
        if here <= level:
            return line.split(" ")[0].rstrip(":") if here == level else ""
    return ""


def _named(
    text: str, tree: ast.Module, wanted: Sequence[str], given: Sequence[Sequence[str]]
) -> Iterator[str]:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    names = {function.name for function in functions}
    missing = [name for name in wanted if name not in names]
    if not missing:
        yield text
        if not wanted:
            yield from _script(text, functions)
        return
    yield from _hoisted(tree)
    strange = [function.name for function in functions if function.name not in wanted]
    for chosen in itertools.islice(itertools.permutations(strange, len(missing)), _RENAMINGS):
        changed = text
        for old, new in zip(chosen, missing, strict=True):  # as a whole word, everywhere
            changed = re.sub(rf"\b{re.escape(old)}\b", new, changed)
        yield changed
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            yield f"{text}\n{missing[0]} = {ast.unparse(node)}"
    if functions or any(isinstance(node, ast.ClassDef) for node in tree.body):
        return
    last = tree.body[-1]
    for names_given in given:
        yield _wrapped(text, missing[0], names_given)
        if isinstance(last, ast.Expr):
            lines = text.split("\n")
            lines[last.lineno - 1] = f"return {lines[last.lineno - 1].strip()}"
            yield _wrapped("\n".join(lines), missing[0], names_given)
            if isinstance(last.value, ast.Call) and ast.unparse(last.value.func) == "print":
                inside = ", ".join(ast.unparse(one) for one in last.value.args)
                kept = lines[: last.lineno - 1]
                yield _wrapped("\n".join([*kept, f"return {inside}"]), missing[0], names_given)
        elif isinstance(last, ast.Assign | ast.AugAssign):
            target = last.targets[0] if isinstance(last, ast.Assign) else last.target
            yield _wrapped(f"{text}\nreturn {ast.unparse(target)}", missing[0], names_given)


def _hoisted(tree: ast.Module) -> Iterator[str]:
    """Functions that stand inside a class or another function, each by itself."""
    found = []
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef):
            continue
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef):
                args = [one for one in inner.args.args if one.arg not in ("self", "cls")]
                plain = ast.arguments([], args, None, [], [], None, inner.args.defaults)
                found.append(
                    ast.FunctionDef(inner.name, plain, inner.body, [], lineno=inner.lineno)
                )
    if found:
        yield ast.unparse(ast.fix_missing_locations(ast.Module([*found], [])))


def _script(text: str, functions: Sequence[ast.FunctionDef]) -> Iterator[str]:
    """A program whose body was put into a function that nothing calls."""
    for function in functions:
        if not parameters(function):
            yield f"{text}\n{function.name}()"
            yield ast.unparse(ast.Module(function.body, []))


def _wrapped(body: str, name: str, given: Sequence[str]) -> str:
    inner = textwrap.indent(body, "    ")
    return f"def {name}({', '.join(given)}):\n{inner}"
