"""Shape: how long, deep and repetitive a program is."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from domain.errors import N_
from domain.grading import Json, Note
from tutor.diagnosis.program import blocks
from tutor.review.finding import Finding

LONG = N_("Line {line}: `{name}` has {n} lines. Which part of it could be a function of its own?")
MANY_WAYS = N_("Line {line}: `{name}` has {n} ways through it. A reader has to try them all.")
DEEP = N_("Line {line} is {n} blocks deep. Leave early with `return`, or make a function of it.")
TWICE = N_("Lines {line} and {other} begin the same {n} statements. One function could do both.")
SAME_BRANCHES = N_("Line {line}: both branches of this `if` do the same.")
NEVER = N_("Line {line} never runs: the line before it always leaves.")
WIDE = N_("Line {line} has {n} characters. Break it where a reader would breathe.")

MOST_LINES, MOST_WAYS, MOST_DEPTH, MOST_COLUMNS = 30, 8, 3, 100
_BRANCHES = (ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.comprehension)
_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_ALIKE = 3  # statements that are worth a remark when they come twice


def size(tree: ast.Module) -> Iterator[Finding]:
    """Functions that are long, have many ways through them, or go deep."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        ways = 1 + sum(_ways(inner) for inner in ast.walk(node))
        if ways > MOST_WAYS:
            yield _about(node, MANY_WAYS, ways, 60)
        elif lines > MOST_LINES:
            yield _about(node, LONG, lines, 55)
        depth, line = _depth(node.body, 0)
        if depth > MOST_DEPTH:
            yield Finding(line, 65, Note(DEEP, {"line": line, "n": depth}))


def _ways(node: ast.AST) -> int:
    """How many ways through a function a node adds (McCabe 1976)."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return int(isinstance(node, _BRANCHES))


def _about(
    node: ast.FunctionDef | ast.AsyncFunctionDef, message: str, number: int, weight: int
) -> Finding:
    values: dict[str, Json] = {"line": node.lineno, "name": node.name, "n": number}
    return Finding(node.lineno, weight, Note(message, values))


def _depth(body: list[ast.stmt], depth: int) -> tuple[int, int]:
    """How many blocks the deepest statement stands in, and its line."""
    deepest = (depth, body[0].lineno if body else 0)
    for node in body:
        if isinstance(node, _BLOCKS):
            inner = depth + 1
            found = [_depth(node.body, inner)]
            other = getattr(node, "orelse", [])
            if other:  # an elif stands beside its if, not inside it
                is_elif = isinstance(node, ast.If) and isinstance(other[0], ast.If)
                found.append(_depth(other, depth if is_elif else inner))
            deepest = max(deepest, *found, key=lambda one: one[0])
    return deepest


def repeated(tree: ast.Module) -> Iterator[Finding]:
    """The same statements in two places, and branches that do not differ."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and node.orelse and _same(node.body, node.orelse):
            yield Finding(node.lineno, 85, Note(SAME_BRANCHES, {"line": node.lineno}))
    seen: dict[tuple[str, ...], int] = {}
    ended = 0  # the line up to which a repetition was told
    for _, body in blocks(tree):
        texts = [ast.dump(one) for one in body]
        for start in range(len(body) - _ALIKE + 1):
            line = body[start].lineno
            key = tuple(texts[start : start + _ALIKE])
            first = seen.setdefault(key, line)
            if first != line and line > ended:
                values = {"line": first, "other": line, "n": _ALIKE}
                yield Finding(line, 70, Note(TWICE, values))
                ended = body[start + _ALIKE - 1].end_lineno or line


def dead(tree: ast.Module) -> Iterator[Finding]:
    """Statements after one that always leaves."""
    for _, body in blocks(tree):
        for before, node in pairwise(body):
            if isinstance(before, _LEAVES):
                yield Finding(node.lineno, 90, Note(NEVER, {"line": node.lineno}))
                break


def wide(lines: list[str]) -> Iterator[Finding]:
    """Lines that are hard to read on a small screen."""
    for number, text in enumerate(lines, start=1):
        if len(text) > MOST_COLUMNS:
            yield Finding(number, 20, Note(WIDE, {"line": number, "n": len(text)}))
            return


def _same(left: list[ast.stmt], right: list[ast.stmt]) -> bool:
    return [ast.dump(one) for one in left] == [ast.dump(one) for one in right]
