"""Statements that are missing: what collects, what starts, what copies."""

import ast
import difflib
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters

_EMPTY = {"[]": "append", "list()": "append", "set()": "add", '""': "+=", "''": "+="}
_STARTS = ("0", "[]", '""', "{}", "1")
_MOST = 3  # names that are tried in one place


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for function in program.functions:
        yield from _nothing_collected(program, function)
        yield from _copied(program, function)
        yield from _never_started(program, function)


def _nothing_collected(
    program: Program, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Edit]:
    """A block inside a loop that keeps nothing of what it found."""
    made = {
        node.targets[0].id: _EMPTY[program.of(node.value)]
        for node in program.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and program.of(node.value) in _EMPTY
    }
    for loop in program.walk(function):
        if isinstance(loop, ast.Call) and program.of(loop.func) == "print" and len(loop.args) == 1:
            for name, method in made.items():
                if method != "+=":
                    kept = f"{name}.{method}({program.of(loop.args[0])})"
                    yield program.swap("nothing_collected", loop, kept)
        if not isinstance(loop, ast.For | ast.While):
            continue
        values = _walked(loop)
        for block, owner in _inner_blocks(program, loop):
            last = block[-1]
            if not program.alone(last) or isinstance(last, ast.Return | ast.Break | ast.Continue):
                continue
            end = program.starts[last.end_lineno or last.lineno] - 1
            indent = program.indent(block[0])
            for name, method in list(made.items())[:_MOST]:
                for value in values[:_MOST]:
                    keep = f"{name}.{method}({value})" if method != "+=" else f"{name} += {value}"
                    if isinstance(last, ast.Pass):
                        yield program.swap("nothing_collected", last, keep)
                        continue
                    change = Change(end, end, f"\n{indent}{keep}")
                    yield Edit("nothing_collected", last.lineno, (change,))
                    if isinstance(owner, ast.If) and not owner.orelse:
                        outer = program.indent(owner)
                        text = f"\n{outer}else:\n{indent}{keep}"
                        yield Edit("missing_else", last.lineno, (Change(end, end, text),))


def _walked(loop: ast.For | ast.While) -> list[str]:
    """What a loop has in each round: its variables, or what its first lines store."""
    target: list[ast.AST] = [loop.target] if isinstance(loop, ast.For) else []
    stored = [one.targets[0] for one in loop.body if isinstance(one, ast.Assign)]
    nodes = (node for one in (*target, *stored) for node in ast.walk(one))
    return list(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))


def _inner_blocks(
    program: Program, loop: ast.For | ast.While
) -> Iterator[tuple[list[ast.stmt], ast.stmt]]:
    yield loop.body, loop
    for node in ast.walk(loop):
        if (
            isinstance(node, ast.If)
            and program.loop_of(node) is loop
            and program.alone(node.body[0])
        ):
            yield node.body, node


def _copied(program: Program, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Edit]:
    """The function changes what it was given."""
    first = function.body[0]
    if not program.alone(first):
        return
    place, indent = program.starts[first.lineno - 1], program.indent(first)
    plain = function.args.args[: len(function.args.args) - len(function.args.defaults)]
    for name in [one.arg for one in plain if one.arg != "self"][:_MOST]:
        for cause, value in (
            ("copy_first", f"{name}.copy()"),
            ("prepared", f"abs({name})"),
            ("prepared", f"sorted({name})"),
            ("prepared", f"{name}.lower()"),
            ("prepared", f"{name}.strip()"),
        ):
            text = f"{indent}{name} = {value}\n"
            yield Edit(cause, first.lineno, (Change(place, place, text),))


def _never_started(
    program: Program, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Edit]:
    """A name that is used before anything is stored under it."""
    first = function.body[0]
    if not program.alone(first):
        return
    started = set(parameters(function)) | program.outer()
    for node in program.walk(function):
        stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if stored and not isinstance(program.parents.get(node), ast.AugAssign):
            started.add(program.of(node))
    place, indent = program.starts[first.lineno - 1], program.indent(first)
    missing = [
        node
        for node in program.walk(function)
        if isinstance(node, ast.Name) and node.id not in started
    ]
    for name in dict.fromkeys(node.id for node in missing):
        line = min(node.lineno for node in missing if node.id == name)
        for other in difflib.get_close_matches(name, sorted(started), n=2, cutoff=0.7):
            places = [node for node in missing if node.id == name]
            changes = tuple(Change(program.start(one), program.end(one), other) for one in places)
            yield Edit("misspelt_name", line, changes)
        for start in _STARTS:
            change = Change(place, place, f"{indent}{name} = {start}\n")
            yield Edit("missing_start", line, (change,))
