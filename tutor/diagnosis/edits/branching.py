"""Mistakes in which cases are told apart: their order, and what a condition asks about."""

import ast
import itertools
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters

_MOST = 4
_GATHERS = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Call, ast.Constant)


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.If):
            yield from _order(program, node)
        if isinstance(node, ast.If | ast.While):
            yield from _asked(program, node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _parts(program, node)
            yield from _operand(program, node)
        if isinstance(node, ast.BoolOp):
            yield from _shared(program, node)


def _order(program: Program, node: ast.If) -> Iterator[Edit]:
    """The special case stands behind the general one."""
    parent = program.parents.get(node)
    if isinstance(parent, ast.If) and parent.orelse == [node]:
        return
    chain = [node]
    while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ast.If):
        chain.append(chain[-1].orelse[0])
    if len(chain) < 2 or not all(program.alone(one.body[0]) for one in chain):
        return
    for one, other in itertools.combinations(chain[:_MOST], 2):
        pieces = [(one.test, other.test), (other.test, one.test)]
        changes = [
            Change(program.start(old), program.end(old), program.of(new)) for old, new in pieces
        ]
        for old, new in ((one, other), (other, one)):
            changes.append(Change(*_body(program, old), _text(program, new)))
        yield Edit("branch_order", one.lineno, tuple(changes))


def _body(program: Program, node: ast.If) -> tuple[int, int]:
    last = node.body[-1]
    return program.starts[node.body[0].lineno - 1], program.starts[last.end_lineno or 0] - 1


def _text(program: Program, node: ast.If) -> str:
    return program.data[slice(*_body(program, node))].decode()


def _asked(program: Program, node: ast.If | ast.While) -> Iterator[Edit]:
    """The condition asks something else: whether a value is among others."""
    function = program.function_of(node)
    if function is None:
        return
    loop = program.loop_of(node)
    if not isinstance(loop, ast.For):
        return
    values = [one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)]
    made = [
        one.targets[0].id
        for one in program.walk(function)
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and isinstance(one.value, _GATHERS)
    ]
    groups = list(dict.fromkeys([*made, *parameters(function)]))
    for value in values[:2]:
        for group in groups[:_MOST]:
            if group != value:
                for sign in ("not in", "in"):
                    yield program.swap("wrong_condition", node.test, f"{value} {sign} {group}")


def _parts(program: Program, node: ast.Compare) -> Iterator[Edit]:
    """Whole values are compared where a part of each is meant."""
    left, right = node.left, node.comparators[0]
    plain = (ast.Name, ast.Subscript)
    if isinstance(left, plain) and isinstance(right, plain):
        for index in ("[1]", "[0]", "[-1]"):
            changes = (
                Change(program.end(left), program.end(left), index),
                Change(program.end(right), program.end(right), index),
            )
            yield Edit("value_or_position", node.lineno, changes)
        both = [
            Change(program.start(one), program.end(one), f"len({program.of(one)})")
            for one in (left, right)
        ]
        yield Edit("length", node.lineno, tuple(both))
    for one, other in ((left, right), (right, left)):
        if isinstance(one, ast.Subscript) and isinstance(other, ast.Name):
            new = f"{program.of(one.value)}[{other.id}]"
            yield program.swap("value_or_position", other, new)


def _operand(program: Program, node: ast.Compare) -> Iterator[Edit]:
    """A number stands where a variable or a length is meant."""
    right = node.comparators[0]
    if isinstance(right, ast.Constant) and isinstance(right.value, int | str):
        for name in program.visible(node)[:6]:
            if name != program.of(node.left):
                yield program.swap("other_number", right, name)
                yield program.swap("other_number", right, f"len({name})")


def _shared(program: Program, node: ast.BoolOp) -> Iterator[Edit]:
    """`a and b == c`, where both are meant to equal `c`."""
    last = node.values[-1]
    if not (isinstance(last, ast.Compare) and len(last.ops) == 1):
        return
    if any(isinstance(value, ast.Compare | ast.BoolOp) for value in node.values[:-1]):
        return
    tail = program.data[program.end(last.left) : program.end(last)].decode()
    joint = " and " if isinstance(node.op, ast.And) else " or "
    parts = [*(program.of(value) + tail for value in node.values[:-1]), program.of(last)]
    yield program.swap("comparison_shared", node, joint.join(parts))
