"""Mistakes with loops: bounds, what is looped over, updates, and lists that change meanwhile."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.edits.values import by_one
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.For):
            yield from _for(program, node)
            yield from _update(program, node)
        elif isinstance(node, ast.While):
            yield from _while(program, node)
            yield from _update(program, node)
        elif isinstance(node, ast.If):
            yield from _if(program, node)
        elif isinstance(node, ast.comprehension):
            yield from _looped(program, node.iter)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "range"
        ):
            yield from _range(program, node)


def _for(program: Program, node: ast.For) -> Iterator[Edit]:
    yield from _looped(program, node.iter)
    name = program.of(node.iter)
    if isinstance(node.iter, ast.Name) and isinstance(node.target, ast.Name):
        yield program.swap("changed_while_looping", node.iter, f"{name}[:]")
        yield program.swap("changed_while_looping", node.iter, f"list({name})")
        yield program.swap("loop_direction", node.iter, f"{name}[::-1]")
        yield program.swap("loop_direction", node.iter, f"reversed({name})")
        yield program.swap("loop_direction", node.iter, f"sorted({name})")
        yield program.swap("loop_bounds", node.iter, f"{name}[1:]")
        yield program.swap("loop_bounds", node.iter, f"{name}[:-1]")
    if isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Name):
        for text in (f"enumerate({name})", f"{name}.items()"):
            yield program.swap("unpacking", node.iter, text)
    if isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Call) and node.iter.args:
        inner = node.iter.args[0]
        for text in (f"{program.of(inner)}.items()", f"enumerate({program.of(inner)})"):
            yield program.swap("unpacking", inner, text)
    if isinstance(node.target, ast.Name):
        hidden = node.target.id
        function = program.function_of(node)
        if function is not None and hidden in parameters(function):
            yield program.swap("loop_hides_name", node.target, f"{hidden}_")


def _looped(program: Program, looped: ast.expr) -> Iterator[Edit]:
    text = program.of(looped)
    if isinstance(looped, ast.Name | ast.Attribute):
        yield program.swap("range_or_list", looped, f"range(len({text}))")
        yield program.swap("range_or_list", looped, f"range({text})")
        yield program.swap("range_or_list", looped, f"range(1, {text} + 1)")
    elif isinstance(looped, ast.Call) and isinstance(looped.func, ast.Name):
        if looped.func.id == "len":
            yield program.swap("range_or_list", looped, f"range({text})")
        if looped.func.id == "range" and len(looped.args) == 1:
            inner = looped.args[0]
            if isinstance(inner, ast.Call) and program.of(inner.func) == "len" and inner.args:
                yield program.swap("range_or_list", looped, program.of(inner.args[0]))
            else:
                yield program.swap("range_or_list", looped, f"range(len({program.of(inner)}))")


def _range(program: Program, node: ast.Call) -> Iterator[Edit]:
    texts = [program.of(argument) for argument in node.args]
    for argument in node.args:
        if not isinstance(argument, ast.Constant):
            yield from by_one(program, "loop_bounds", argument)
    if len(texts) == 1:
        for new in (
            f"1, {texts[0]}",
            f"1, {texts[0]} + 1",
            f"{texts[0]} - 1, -1, -1",
            f"0, {texts[0]}, 2",
        ):
            yield program.swap("loop_bounds", node, f"range({new})")
    elif len(texts) == 2:
        yield program.swap("loop_bounds", node, f"range({texts[1]})")
        yield program.swap("loop_bounds", node, f"range({texts[0]} + 1, {texts[1]})")
        yield program.swap("range_step", node, f"range({texts[0]}, {texts[1]}, -1)")
        yield program.swap("range_step", node, f"range({texts[0]}, {texts[1]} - 1, -1)")
        yield program.swap("range_step", node, f"range({texts[1]}, {texts[0]})")
    elif len(texts) == 3:
        yield program.swap("range_step", node, f"range({texts[0]}, {texts[1]})")
        yield program.swap("range_step", node, f"range({texts[0]}, {texts[1]}, -({texts[2]}))")


def _while(program: Program, node: ast.While) -> Iterator[Edit]:
    start = program.start(node)
    yield Edit("loops_or_once", node.lineno, (Change(start, start + len("while"), "if"),))
    last = node.body[-1]
    if not program.alone(last):
        return
    end = program.starts[last.end_lineno or last.lineno] - 1
    indent = program.indent(node.body[0])
    used = [one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)]
    for name in dict.fromkeys(used):
        for step in (f"{name} += 1", f"{name} -= 1", f"{name} = {name}[1:]", f"{name} //= 10"):
            change = Change(end, end, f"\n{indent}{step}")
            yield Edit("loop_never_moves", node.lineno, (change,))


def _update(program: Program, node: ast.For | ast.While) -> Iterator[Edit]:
    """A counter that the loop forgets; a loop that should stop at the first find."""
    names = program.names(program.function_of(node))
    last = node.body[-1]
    end = program.starts[last.end_lineno or last.lineno] - 1
    if not program.alone(last):
        return
    indent = program.indent(node.body[0])
    tested = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    for name in names[:8]:
        if name in tested:
            change = Change(end, end, f"\n{indent}{name} += 1")
            yield Edit("counter_not_updated", node.lineno, (change,))
    for inner in ast.walk(node):
        if isinstance(inner, ast.If) and program.loop_of(inner) is node:
            for block in (inner.body, inner.orelse):
                if not block or isinstance(
                    block[-1], ast.Return | ast.Break | ast.Continue | ast.If
                ):
                    continue
                if program.alone(block[-1]):
                    place = program.starts[block[-1].end_lineno or block[-1].lineno] - 1
                    text = f"\n{program.indent(block[-1])}break"
                    yield Edit("does_not_stop", block[-1].lineno, (Change(place, place, text),))


def _if(program: Program, node: ast.If) -> Iterator[Edit]:
    start = program.start(node)
    keyword = program.data[start : start + 4].decode("utf-8", "replace")
    if keyword.startswith("if") and not node.orelse:
        yield Edit("loops_or_once", node.lineno, (Change(start, start + 2, "while"),))
