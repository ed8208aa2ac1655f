"""Mistakes in what is stored, and where: keys, positions, exchanges, starting values, signs."""

import ast
import itertools
from collections.abc import Iterator

from tutor.diagnosis.edits.values import by_one
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_VALUES = (ast.Name, ast.Attribute, ast.Subscript)
_MOST = 8  # names that are tried in one place
_STARTS = ("[]", "0", '""', "{}")


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.Assign):
            yield from _assigned(program, node)
            yield from _exchanged(program, node)
        elif isinstance(node, ast.AugAssign):
            yield from _signed(program, node.value)
            yield from _counted(program, node)
            if isinstance(node.target, ast.Subscript):
                yield from _key(program, node, node.target)
        elif isinstance(node, ast.Subscript):
            yield from _positions(program, node)
        elif isinstance(node, ast.Return) and node.value is not None:
            yield from _signed(program, node.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _called(program, node.value)


def _assigned(program: Program, node: ast.Assign) -> Iterator[Edit]:
    target, value = node.targets[0], node.value
    text = program.of(value)
    yield from _signed(program, value)
    if isinstance(target, ast.Attribute | ast.Name) and not isinstance(value, ast.Constant):
        yield program.swap("replaces_total", node, f"{program.of(target)}.append({text})")
    if isinstance(target, ast.Attribute | ast.Subscript):
        for sign in ("+", "-"):
            yield program.swap("replaces_total", node, f"{program.of(target)} {sign}= {text}")
    if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Constant):
        place, key = program.of(target.value), program.of(target.slice)
        for nothing in ("[]", "0"):
            new = f"{place}.get({key}, {nothing}) + {program.inside(value)}"
            yield program.swap("replaces_total", value, new)
    if isinstance(value, ast.Name):
        yield program.swap("element_or_list", value, f"[{text}]")
    if isinstance(target, ast.Subscript) and isinstance(value, ast.Name):
        key = program.of(target.slice)
        new = f"{program.of(target.value)}[{text}] = {key}"
        yield program.swap("swapped_operands", node, new)
    started = isinstance(value, ast.Call | ast.Subscript | ast.List | ast.Name | ast.Tuple)
    if isinstance(target, ast.Name) and started and program.loop_of(node) is None:
        for start in _STARTS:
            if start != text:
                yield program.swap("starting_value", value, start)


def _counted(program: Program, node: ast.AugAssign) -> Iterator[Edit]:
    """Another variable is the one to change."""
    if isinstance(node.target, ast.Name):
        for name in program.names(program.function_of(node))[:_MOST]:
            if name != node.target.id:
                yield program.swap("wrong_variable", node.target, name)


def _exchanged(program: Program, node: ast.Assign) -> Iterator[Edit]:
    """`a = b` and then `b = a`: the first value of `a` is lost."""
    block = getattr(program.parents.get(node), "body", [])
    for one, other in itertools.pairwise(block if isinstance(block, list) else []):
        if one is not node or not isinstance(other, ast.Assign):
            continue
        left, right = program.of(one.targets[0]), program.of(one.value)
        if program.of(other.targets[0]) == right and program.of(other.value) == left:
            start, end = program.start(one), program.end(other)
            text = f"{left}, {right} = {right}, {left}"
            yield Edit("swap_loses_value", one.lineno, (Change(start, end, text),))


def _key(program: Program, node: ast.AugAssign, target: ast.Subscript) -> Iterator[Edit]:
    """A key that is not there yet has no value to add to."""
    if isinstance(node.op, ast.Add):
        place, key = program.of(target), program.of(target.slice)
        value = program.of(node.value)
        for nothing in ("0", "[]", '""'):
            new = f"{place} = {program.of(target.value)}.get({key}, {nothing}) + {value}"
            yield program.swap("key_missing", node, new)


def _called(program: Program, call: ast.Call) -> Iterator[Edit]:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return
    if isinstance(function.value, ast.Subscript):
        base, key = program.of(function.value.value), program.of(function.value.slice)
        for nothing in ("[]", "set()") if function.attr in ("append", "add") else ():
            yield program.swap(
                "key_missing", function.value, f"{base}.setdefault({key}, {nothing})"
            )
    for argument in call.args:
        yield from _signed(program, argument)


def _signed(program: Program, value: ast.expr) -> Iterator[Edit]:
    if isinstance(value, _VALUES):
        yield program.swap("wrong_sign", value, f"-{program.of(value)}")
    elif isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        yield program.swap("wrong_sign", value, program.of(value.operand))


def _positions(program: Program, node: ast.Subscript) -> Iterator[Edit]:
    inner = node.value
    plain = not isinstance(node.slice, ast.Slice | ast.Tuple)
    if isinstance(node.ctx, ast.Store) and plain and not isinstance(node.slice, ast.Constant):
        yield from by_one(program, "index_off_by_one", node.slice)
    if plain and isinstance(node.ctx, ast.Load):
        base, index = program.of(inner), program.of(node.slice)
        if index in ("0", "-1"):
            yield program.swap("other_method", node, f"{base}.pop({index})")
        elif not isinstance(node.slice, ast.Constant):
            new = f"{base}[{program.inside(node.slice)} % len({base})]"
            yield program.swap("wraps_around", node, new)
    if plain and isinstance(inner, ast.Subscript) and not isinstance(inner.slice, ast.Slice):
        one, other = program.of(inner.slice), program.of(node.slice)
        if one != other:
            new = f"{program.of(inner.value)}[{other}][{one}]"
            yield program.swap("swapped_indexes", node, new)
    if isinstance(node.slice, ast.Slice) and node.slice.step is None:
        base = program.of(node.value)
        low, high = node.slice.lower, node.slice.upper
        if (low is None) != (high is None):
            bound = program.of(low or high or node)
            for part in (f"{bound}:", f":{bound}", f"-{bound}:", f":-{bound}"):
                yield program.swap("slice_bounds", node, f"{base}[{part}]")
