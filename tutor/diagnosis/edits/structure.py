"""Mistakes in the order of things: indentation, else and elif, statements too many or misplaced."""

import ast
import itertools
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Function, Program, blocks

_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try)


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for owner, block in blocks(program.tree):
        if isinstance(owner, _COMPOUND):
            yield from _out_of(program, owner, block)
        for here, after in itertools.pairwise(block):
            yield from _into(program, here, after)
            yield from _turned(program, here, after)
            yield from _chained(program, here, after)
        yield from _too_many(program, block)
    for node in program.nodes:
        if isinstance(node, ast.If):
            yield from _branches(program, node)
        elif isinstance(node, Function):
            yield from _defaults(program, node)


def moved(program: Program, node: ast.stmt, indent: str) -> Change | None:
    """A change that gives a statement's lines another indentation."""
    if not program.alone(node):
        return None
    old = program.indent(node)
    start, end = program.lines_of(node)
    lines = program.data[start:end].decode().split("\n")
    if any(line.strip() and not line.startswith(old) for line in lines):
        return None
    text = "\n".join(indent + line[len(old) :] if line.strip() else line for line in lines)
    return Change(start, end, text)


def _out_of(program: Program, owner: ast.stmt, block: list[ast.stmt]) -> Iterator[Edit]:
    """The last statements of a block belong after it; the first ones before it."""
    if len(block) < 2 or not program.alone(block[-1]):
        return
    outer = program.indent(owner)
    last_of_all = (owner.end_lineno or 0) == (block[-1].end_lineno or 0)
    cause = "return_in_loop" if isinstance(block[-1], ast.Return) else "indentation"
    if last_of_all:
        for count in (1, 2):
            if len(block) <= count:
                break
            changes = [moved(program, one, outer) for one in block[-count:]]
            if all(changes):
                line = block[-count].lineno
                yield Edit(cause, line, tuple(one for one in changes if one is not None))
        function = program.function_of(owner)
        if function is not None:
            change = moved(program, block[-1], program.indent(function.body[0]))
            if change is not None and program.indent(function.body[0]) != outer:
                yield Edit(cause, block[-1].lineno, (change,))
    first = block[0]
    if isinstance(owner, ast.For | ast.While) and block is owner.body and program.alone(first):
        start, end = program.lines_of(first)
        text = outer + program.data[program.start(first) : end].decode()
        if "\n" not in text:
            place = program.starts[owner.lineno - 1]
            changes_ = (Change(place, place, text + "\n"), Change(start, end, ""))
            yield Edit("reset_in_loop", first.lineno, changes_)


def _into(program: Program, here: ast.stmt, after: ast.stmt) -> Iterator[Edit]:
    """A statement belongs into the block before it."""
    inner: ast.stmt = here
    while isinstance(inner, _COMPOUND):
        block = getattr(inner, "orelse", None) or inner.body
        if not program.alone(block[-1]):
            return
        change = moved(program, after, program.indent(block[-1]))
        if change is not None:
            yield Edit("indentation", after.lineno, (change,))
        inner = block[-1]


def _turned(program: Program, here: ast.stmt, after: ast.stmt) -> Iterator[Edit]:
    simple = (ast.Assign, ast.AugAssign, ast.Expr, ast.If)
    both = (here, after)
    if all(isinstance(node, simple) and program.alone(node) for node in both):
        one, other = program.lines_of(here), program.lines_of(after)
        changes = (
            Change(*one, program.data[slice(*other)].decode()),
            Change(*other, program.data[slice(*one)].decode()),
        )
        yield Edit("order_of_steps", here.lineno, changes)


def _chained(program: Program, here: ast.stmt, after: ast.stmt) -> Iterator[Edit]:
    if not isinstance(here, ast.If):
        return
    if isinstance(after, ast.If):
        start = program.start(after)
        yield Edit("if_or_elif", after.lineno, (Change(start, start, "el"),))
    if not here.orelse and program.alone(after):
        # What follows belongs to the other case only.
        change = moved(program, after, program.indent(after) + "    ")
        if change is not None:
            text = f"{program.indent(after)}else:\n{change.text}"
            new = Change(change.start, change.end, text)
            yield Edit("missing_else", after.lineno, (new,))


def _too_many(program: Program, block: list[ast.stmt]) -> Iterator[Edit]:
    for statement in block:
        if isinstance(statement, ast.Pass | Function | ast.ClassDef | ast.Import | ast.ImportFrom):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.Break | ast.Continue):
            other = "continue" if isinstance(statement, ast.Break) else "break"
            yield program.swap("break_or_continue", statement, other)
            yield program.swap("stops_too_early", statement, "pass")
        elif isinstance(statement, ast.Return):
            yield program.swap("stops_too_early", statement, "pass")
            if program.loop_of(statement) is not None:
                yield program.swap("stops_too_early", statement, "continue")
        elif isinstance(statement, ast.If | ast.For | ast.While):
            if program.alone(statement):
                start, end = program.lines_of(statement)
                change = Change(start, end, program.indent(statement) + "pass")
                yield Edit("extra_statement", statement.lineno, (change,))
        else:
            yield program.swap("extra_statement", statement, "pass")


def _branches(program: Program, node: ast.If) -> Iterator[Edit]:
    start = program.start(node)
    if program.data[start : start + 4] == b"elif":
        yield Edit("if_or_elif", node.lineno, (Change(start, start + 2, ""),))
        end = program.end(node.test)
        if not node.orelse:
            yield Edit("missing_else", node.lineno, (Change(start, end, "else"),))
    if not node.orelse or not program.alone(node.body[0]):
        return
    head_end = program.starts[node.body[-1].end_lineno or 0]
    other = node.orelse[0]
    chained = isinstance(other, ast.If) and program.data[program.start(other) :][:4] == b"elif"
    if chained:
        return
    if program.alone(other) and len(node.body) == 1 and len(node.orelse) == 1:
        one, two = program.lines_of(node.body[0]), program.lines_of(other)
        changes = (
            Change(*one, program.data[slice(*two)].decode()),
            Change(*two, program.data[slice(*one)].decode()),
        )
        yield Edit("reversed_condition", node.lineno, changes)
    if not program.alone(other):
        return
    # Without `else`: its block runs in any case, or not at all, or after the loop around it.
    last = node.orelse[-1]
    end = program.starts[last.end_lineno or last.lineno] - 1
    body = program.data[program.starts[other.lineno - 1] : end].decode()
    inner = program.indent(other)
    lines = [line.removeprefix(inner) for line in body.split("\n")]
    for cause, owner in (("else_in_loop", program.loop_of(node)), ("missing_else", node)):
        if owner is None:
            continue
        outer = program.indent(owner) if program.alone(owner) else ""
        text = "\n".join(outer + line for line in lines)
        if (owner.end_lineno or 0) == (last.end_lineno or 0):
            yield Edit(cause, other.lineno, (Change(head_end, end, text),))
    whole = Change(head_end - 1, end, "")
    yield Edit("extra_else", other.lineno, (whole,))


def _defaults(program: Program, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Edit]:
    """A list as a default is made once, and kept from call to call."""
    first = function.body[0]
    given = function.args.args[-len(function.args.defaults) :] if function.args.defaults else []
    for argument, default in zip(given, function.args.defaults, strict=False):
        if isinstance(default, ast.List | ast.Dict | ast.Call) and program.alone(first):
            indent, start = program.indent(first), program.starts[first.lineno - 1]
            text = f"{indent}if {argument.arg} is None:\n{indent}    "
            text += f"{argument.arg} = {program.of(default)}\n"
            changes = (
                Change(program.start(default), program.end(default), "None"),
                Change(start, start, text),
            )
            yield Edit("mutable_default", function.lineno, changes)
