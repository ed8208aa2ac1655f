"""Statements that stand on the wrong side of a loop's first or last line."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.edits.structure import moved
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, blocks

_MOST = 4  # statements before a loop that may belong into it


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for _, block in blocks(program.tree):
        for place, node in enumerate(block):
            if not isinstance(node, ast.For | ast.While) or not program.alone(node.body[0]):
                continue
            yield from _into_rounds(program, block[max(0, place - _MOST) : place], node)
            yield from _out_of_rounds(program, node)
            yield from _else_of_loop(program, node)
            if place + 1 < len(block):
                yield from _without_break(program, node, block[place + 1])


def _into_rounds(
    program: Program, before: list[ast.stmt], loop: ast.For | ast.While
) -> Iterator[Edit]:
    """What is set once before the loop must be set anew in each round."""
    place, indent = program.starts[loop.body[0].lineno - 1], program.indent(loop.body[0])
    for node in before:
        if isinstance(node, ast.Assign) and program.alone(node):
            start, end = program.lines_of(node)
            text = f"{indent}{program.of(node)}\n"
            if "\n" not in program.of(node):
                changes = (Change(start, end + 1, ""), Change(place, place, text))
                yield Edit("not_reset", node.lineno, changes)


def _out_of_rounds(program: Program, loop: ast.For | ast.While) -> Iterator[Edit]:
    """What is set in every round must be set once, before the loop."""
    place = program.starts[loop.lineno - 1]
    for node in loop.body[1:]:
        if isinstance(node, ast.Assign) and program.alone(node):
            start, end = program.lines_of(node)
            text = program.indent(loop) + program.of(node) + "\n"
            changes = (Change(place, place, text), Change(start, end + 1, ""))
            yield Edit("reset_in_loop", node.lineno, changes)


def _else_of_loop(program: Program, loop: ast.For | ast.While) -> Iterator[Edit]:
    """What belongs to the end of the whole loop is done in its first round."""
    last = loop.body[-1]
    if not (isinstance(last, ast.If) and last.orelse and program.alone(last.orelse[0])):
        return
    if loop.orelse or not isinstance(last.body[-1], ast.Break):
        return
    block = last.orelse
    kept = block[:-1] if isinstance(block[-1], ast.Break) and len(block) > 1 else block
    start = program.starts[last.body[-1].end_lineno or 0]
    end = program.starts[block[-1].end_lineno or 0] - 1
    first = program.starts[kept[0].lineno - 1]
    body = program.data[first : program.starts[kept[-1].end_lineno or 0] - 1].decode()
    text = f"{program.indent(loop)}else:\n{body}"
    yield Edit("else_in_loop", kept[0].lineno, (Change(start, end, text),))


def _without_break(program: Program, loop: ast.For | ast.While, after: ast.stmt) -> Iterator[Edit]:
    """What follows a loop should happen only if nothing was found in it."""
    breaks = any(isinstance(node, ast.Break) for node in ast.walk(loop))
    if not breaks or loop.orelse or not program.alone(after):
        return
    change = moved(program, after, program.indent(loop.body[0]))
    if change is not None:
        text = f"{program.indent(loop)}else:\n{change.text}"
        yield Edit("else_in_loop", after.lineno, (Change(change.start, change.end, text),))
