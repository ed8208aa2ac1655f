"""Mistakes with return: missing, too early, the wrong value, print in its place, empty input."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.edits.values import by_one, wrapped
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Function, Program, parameters

_PLAIN = ("0", "1", "-1", "True", "False", "None", "[]", "()", '""', "{}")
_AS = ("list", "tuple", "str", "int", "float", "set", "sorted", "len", "bool")


def edits(program: Program, functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.Return):
            yield from _returned(program, node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _not_returned(program, node, node.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.BinOp | ast.Compare):
            yield program.swap("missing_return", node, f"return {program.of(node.value)}")
    for function in program.functions:
        yield from _at_the_end(program, function)
        yield from _empty_case(program, function, wanted=function.name in functions)


def _returned(program: Program, node: ast.Return) -> Iterator[Edit]:
    if node.value is None:
        for name in program.names(program.function_of(node))[:8]:
            yield program.swap("missing_return_value", node, f"return {name}")
        return
    value, text = node.value, program.of(node.value)
    yield program.swap("print_or_return", node, f"print({text})")
    plain = isinstance(value, ast.Name | ast.Constant)
    if not isinstance(value, ast.Constant):
        yield from by_one(program, "result_off_by_one", value)
        for kind in _AS:
            yield wrapped(program, "wrong_type", value, f"{kind}(", ")")
        yield wrapped(program, "rounding", value, "round(", ", 2)")
        yield program.swap("wrong_result", value, f"not ({text})")
    for other in _PLAIN:
        yield program.swap("wrong_result", value, other)
    function = program.function_of(node)
    if function is not None:
        for name in parameters(function)[:4]:
            yield program.swap("wrong_result", value, f"len({name})")
            yield program.swap("wrong_result", value, f"len({name}) - 1")
            yield program.swap("wrong_result", value, f"{name}[-1]")
        if not plain:
            for name in program.names(function)[:8]:
                yield program.swap("wrong_result", value, name)
    if isinstance(value, ast.Name):
        yield program.swap("wrong_type", value, f"[{text}]")
        yield program.swap("wrong_type", value, f'"".join({text})')
        yield program.swap("wrong_type", value, f"{text}[::-1]")
        for part in ("[:-1]", "[1:]", ".strip()"):
            yield program.swap("wrong_result", value, text + part)
    if isinstance(value, ast.List | ast.Tuple) and len(value.elts) == 1:
        yield program.swap("wrong_type", value, program.of(value.elts[0]))


def _not_returned(program: Program, node: ast.Expr, call: ast.Call) -> Iterator[Edit]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    own = {function.name for function in program.functions}
    if name == "print" and program.function_of(node) is not None:
        inside = ", ".join(program.of(one) for one in call.args)
        yield program.swap("print_or_return", node, f"return {inside}")
        yield program.swap("print_or_return", node, "pass")
    elif name in own:
        cause = "recursion_result_lost" if _inside(program, node, name) else "missing_return"
        yield program.swap(cause, node, f"return {program.of(call)}")
    if name == "print" and len(call.args) > 1 and not call.keywords:
        inside = ", ".join(program.of(one) for one in call.args)
        yield program.swap("separator", node, f'print({inside}, sep="")')


def _inside(program: Program, node: ast.AST, name: str) -> bool:
    function = program.function_of(node)
    return function is not None and function.name == name


def candidates(program: Program, function: Function) -> list[str]:
    """What a function might have been meant to give, likeliest first."""
    names = program.names(function)
    given = parameters(function)
    own = [name for name in names if name not in given and name != "self"]
    sizes = [f"len({name})" for name in given[:4]]
    more = [f"{name} + 1" for name in own[:4]]
    return [*own[:10], *given[:6], *sizes, *_PLAIN, *more]


def _at_the_end(program: Program, function: Function) -> Iterator[Edit]:
    """What is left to do when the last line was reached without a `return`."""
    first, last = function.body[0], function.body[-1]
    if isinstance(last, ast.Return) or not program.alone(first):
        return
    while isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and last is not first:
        last = function.body[function.body.index(last) - 1]
    end = program.starts[last.end_lineno or last.lineno] - 1
    for text in candidates(program, function):
        change = Change(end, end, f"\n{program.indent(first)}return {text}")
        yield Edit("falls_off_the_end", last.end_lineno or last.lineno, (change,))


def _empty_case(program: Program, function: Function, *, wanted: bool) -> Iterator[Edit]:
    """Cases that are answered before anything else: nothing given, or where recursion ends."""
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        if len(function.body) == 1:
            return
        first = function.body[1]
    if not program.alone(first):
        return
    start, indent = program.starts[first.lineno - 1], program.indent(first)
    calls = {
        node.func.id
        for node in program.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    given = parameters(function)
    if function.name in calls:
        for name in given[:3]:
            for test, answers in (
                (f"{name} <= 0", ("0", "1", "[]", '""')),
                (f"{name} <= 1", ("1", "0", name)),
                (f"not {name}", ("0", "[]", '""', "()", "True", name)),
            ):
                for answer in answers:
                    text = f"{indent}if {test}:\n{indent}    return {answer}\n"
                    yield Edit("base_case", first.lineno, (Change(start, start, text),))
        return
    if wanted or len(program.functions) == 1:
        for name in given[:4]:
            for answer in (*_PLAIN, name, "0.0", "set()"):
                text = f"{indent}if not {name}:\n{indent}    return {answer}\n"
                yield Edit("empty_case", first.lineno, (Change(start, start, text),))
