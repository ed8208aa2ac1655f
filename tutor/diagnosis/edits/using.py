"""Mistakes in which function is called with what: sorting rules, recursion, names of calls."""

import ast
import difflib
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_SORTS = ("sorted", "sort", "max", "min")
_KEYS = ("lambda one: one[1]", "lambda one: one[0]", "lambda one: -one[1]")
_KEPT = frozenset({"append", "extend", "add", "remove", "pop", "insert", "count", "index"})
_MOST = 6  # names that are tried in one place


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    own = {function.name for function in program.functions}
    for node in program.nodes:
        if isinstance(node, ast.Call):
            yield from _sorted(program, node)
            yield from _called(program, node, own)
            yield from _again(program, node)
            yield from _bracket(program, node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _thrown_away(program, node, node.value, own)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            kept = node.value.attr in _KEPT
            if kept:
                new = f"{program.of(node.value)}({node.attr})"
                yield program.swap("missing_call", node, new)


def _sorted(program: Program, node: ast.Call) -> Iterator[Edit]:
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if name not in _SORTS:
        return
    given = {one.arg: one for one in node.keywords}
    parts = [program.of(one) for one in (*node.args, *node.keywords)]
    head = program.of(function)
    if "reverse" in given:
        rest = [part for part in parts if part != program.of(given["reverse"])]
        yield program.swap("sort_order", node, f"{head}({', '.join(rest)})")
    elif name in ("sorted", "sort"):
        yield program.swap("sort_order", node, f"{head}({', '.join([*parts, 'reverse=True'])})")
    if "key" not in given:
        for key in _KEYS:
            yield program.swap("sort_order", node, f"{head}({', '.join([*parts, f'key={key}'])})")
    elif isinstance(given["key"].value, ast.Lambda):
        rule = given["key"].value.body
        yield program.swap("sort_order", rule, f"-{program.inside(rule)}")


def _called(program: Program, node: ast.Call, own: set[str]) -> Iterator[Edit]:
    function = node.func
    if isinstance(function, ast.Name):
        if function.id in program.visible(node):  # a value, not a function
            yield program.swap("call_or_index", node, function.id)
        elif function.id not in program.defined():
            for name in difflib.get_close_matches(function.id, own, n=2, cutoff=0.6):
                yield program.swap("misspelt_name", function, name)
    elif isinstance(function, ast.Attribute) and function.attr == "pop":
        base = program.of(function.value)
        for name in program.visible(node)[:_MOST]:
            yield program.swap("remove_by_position", node, f"{base}.remove({name})")
    if isinstance(function, ast.Name) and function.id == "range" and len(node.args) == 1:
        argument = node.args[0]
        yield program.swap("range_or_list", node, program.of(argument))
        for name in program.visible(node)[:_MOST]:
            if name != program.of(argument):
                yield program.swap("loop_bounds", argument, name)
        for inner in ast.walk(argument):
            if isinstance(inner, ast.Call) and program.of(inner.func) == "len" and inner.args:
                yield program.swap("range_or_list", node, program.of(inner.args[0]))


def _again(program: Program, node: ast.Call) -> Iterator[Edit]:
    """A function that should be called again for what lies inside."""
    function = program.function_of(node)
    if function is None or len(function.args.args) != 1 or not isinstance(node.func, ast.Attribute):
        return
    for argument in node.args:
        if isinstance(argument, ast.Name):
            yield program.swap("recursion_missing", argument, f"{function.name}({argument.id})")


def _bracket(program: Program, node: ast.Call) -> Iterator[Edit]:
    """A bracket closes too late; equal values count more than once."""
    if len(node.args) != 1 or node.keywords:
        return
    argument, head = node.args[0], program.of(node.func)
    if isinstance(argument, ast.BinOp):
        sign = program.data[program.end(argument.left) : program.start(argument.right)].decode()
        new = f"({head}({program.of(argument.left)}){sign}{program.of(argument.right)})"
        yield program.swap("order_of_operations", node, new)
    if head in ("sorted", "len", "list", "sum") and isinstance(argument, ast.Name):
        yield program.swap("equal_values", argument, f"set({argument.id})")


def _thrown_away(program: Program, node: ast.Expr, call: ast.Call, own: set[str]) -> Iterator[Edit]:
    """What a function of one's own gives is to be added to the result."""
    if not (isinstance(call.func, ast.Name) and call.func.id in own):
        return
    for name in program.names(program.function_of(node))[:_MOST]:
        start = program.start(node)
        change = Change(start, start, f"{name} += ")
        yield Edit("recursion_result_lost", node.lineno, (change,))
