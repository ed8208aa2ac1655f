"""Steps that were forgotten: a check before, a value to remember, a round to skip, what is left."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_MOST = 4  # texts that are tried in one place


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.For):
            yield from _skipped(program, node)
        if isinstance(node, ast.If | ast.While):
            yield from _unguarded(program, node.test)
        if isinstance(node, ast.If) and program.loop_of(node) is not None:
            yield from _remembered(program, node)
        if isinstance(node, ast.Expr) and program.loop_of(node) is not None:
            yield from _kept_once(program, node)
        if isinstance(node, ast.ClassDef):
            yield from _empty_object(program, node)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Name | ast.BinOp):
            yield from _left_over(program, node, program.of(node.value))


def _skipped(program: Program, loop: ast.For) -> Iterator[Edit]:
    """A round that has nothing to work on."""
    first = loop.body[0]
    if not program.alone(first):
        return
    names = [one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)]
    texts = dict.fromkeys(names)
    for one in loop.body:
        for node in ast.walk(one):
            key = node.slice if isinstance(node, ast.Subscript) else None
            if isinstance(key, ast.Name) and key.id in names:
                texts[program.of(node)] = None
    place, indent = program.starts[first.lineno - 1], program.indent(first)
    for text in list(texts)[:_MOST]:
        skip = f"{indent}if not {text}:\n{indent}    continue\n"
        yield Edit("empty_round", first.lineno, (Change(place, place, skip),))


def _unguarded(program: Program, test: ast.expr) -> Iterator[Edit]:
    """A position is used before it is known to exist."""
    seen = []
    for node in ast.walk(test):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            base, index = program.of(node.value), node.slice.id
            guards = (f"{index} < len({base})", f"{index} >= 0")
            seen += [f"{guard} and {program.inside(test)}" for guard in guards]
    for text in list(dict.fromkeys(seen))[:_MOST]:
        yield program.swap("unguarded_index", test, text)


def _remembered(program: Program, node: ast.If) -> Iterator[Edit]:
    """A new best value was found, and is not kept for the next comparison."""
    last = node.body[-1]
    if not program.alone(last) or isinstance(last, ast.Return | ast.Break | ast.Continue):
        return
    end = program.starts[last.end_lineno or last.lineno] - 1
    tests = [one for one in ast.walk(node.test) if isinstance(one, ast.Compare)]
    for test in tests[:2]:
        left, right = test.left, test.comparators[0]
        for name, value in ((right, left), (left, right)):
            if isinstance(name, ast.Name) and isinstance(
                test.ops[0], ast.Lt | ast.Gt | ast.LtE | ast.GtE
            ):
                text = f"\n{program.indent(node.body[0])}{name.id} = {program.of(value)}"
                yield Edit("not_remembered", last.lineno, (Change(end, end, text),))


def _kept_once(program: Program, node: ast.Expr) -> Iterator[Edit]:
    """A value is kept again each time that it comes."""
    call = node.value
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
        return
    if call.func.attr != "append" or not program.alone(node):
        return
    text, indent = program.of(node), program.indent(node)
    test = f"{program.of(call.args[0])} not in {program.of(call.func.value)}"
    yield program.swap("equal_values", node, f"if {test}:\n{indent}    {text}")


def _empty_object(program: Program, owner: ast.ClassDef) -> Iterator[Edit]:
    """A method of an object that holds nothing yet."""
    for method in owner.body:
        if not isinstance(method, ast.FunctionDef) or not program.alone(method.body[0]):
            continue
        first = method.body[0]
        place, indent = program.starts[first.lineno - 1], program.indent(first)
        fields = [
            program.of(node)
            for node in ast.walk(method)
            if isinstance(node, ast.Attribute) and program.of(node.value) == "self"
        ]
        for field in list(dict.fromkeys(fields))[:2]:
            for answer in ("None", "False", "0", "[]"):
                text = f"{indent}if not {field}:\n{indent}    return {answer}\n"
                yield Edit("empty_case", first.lineno, (Change(place, place, text),))


def _left_over(program: Program, node: ast.Return, text: str) -> Iterator[Edit]:
    """A loop over two positions ends with the first; the rest of the other is lost."""
    function = program.function_of(node)
    if function is None:
        return
    for loop in program.walk(function):
        if not isinstance(loop, ast.While) or loop.lineno > node.lineno:
            continue
        for test in ast.walk(loop.test):
            if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name):
                size = test.comparators[0]
                if isinstance(size, ast.Call) and program.of(size.func) == "len" and size.args:
                    rest = f"{program.of(size.args[0])}[{test.left.id}:]"
                    if rest not in text and node.value is not None:
                        yield program.swap("rest_lost", node.value, f"{text} + {rest}")
