"""Turns of phrase: what Python has a shorter or a safer way for."""

import ast
from collections.abc import Iterator

from domain.errors import N_
from domain.grading import Json, Note
from tutor.review.finding import Finding

TRUTH = N_(
    "Line {line}: a condition is true or false already; comparing it with {value} adds none."
)
IS_NONE = N_("Line {line}: compare with `None` by `is`, not by `==`.")
GIVES_TRUTH = N_("Line {line}: this `if` gives True or False; the condition itself is that value.")
BY_INDEX = N_("Line {line}: the loop counts positions only to look values up. Walk the values.")
COUNTS = N_("Line {line} counts rounds by hand. `enumerate` gives the number with each value.")
ANY_ERROR = N_("Line {line}: `except` without a name also hides your own mistakes. Name the error.")
SHARED_DEFAULT = N_("Line {line}: the default `{value}` is made once and shared by all calls.")
PRINTS = N_("Line {line} prints inside a function that returns its answer. Is it left from a test?")
IN_KEYS = N_("Line {line}: `in` looks at the keys of a dictionary already, without `.keys()`.")
EMPTY = N_(
    "Line {line}: a list or text is false when it is empty; its length need not be compared."
)


def comparisons(tree: ast.Module) -> Iterator[Finding]:
    """Comparisons with True, False, None and with an empty length."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        other, is_equal = node.comparators[0], isinstance(node.ops[0], ast.Eq | ast.NotEq)
        if is_equal and isinstance(other, ast.Constant) and isinstance(other.value, bool):
            values: dict[str, Json] = {"line": node.lineno, "value": str(other.value)}
            yield Finding(node.lineno, 60, Note(TRUTH, values))
        elif is_equal and isinstance(other, ast.Constant) and other.value is None:
            yield Finding(node.lineno, 60, Note(IS_NONE, {"line": node.lineno}))
        elif isinstance(node.ops[0], ast.In | ast.NotIn) and _calls(other, "keys"):
            yield Finding(node.lineno, 35, Note(IN_KEYS, {"line": node.lineno}))
        elif (
            is_equal
            and isinstance(other, ast.Constant)
            and other.value == 0
            and isinstance(node.left, ast.Call)
            and isinstance(node.left.func, ast.Name)
            and node.left.func.id == "len"
        ):
            yield Finding(node.lineno, 25, Note(EMPTY, {"line": node.lineno}))


def _calls(node: ast.expr, method: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        and not node.args
    )


def returns(tree: ast.Module) -> Iterator[Finding]:
    """`if c: return True else: return False`."""
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            body = getattr(node, name, None)
            if not isinstance(body, list):
                continue
            for place, one in enumerate(body):
                if not isinstance(one, ast.If) or len(one.body) != 1:
                    continue
                other = one.orelse or body[place + 1 : place + 2]
                if len(other) == 1 and {_truth(one.body[0]), _truth(other[0])} == {True, False}:
                    yield Finding(one.lineno, 65, Note(GIVES_TRUTH, {"line": one.lineno}))


def _truth(node: ast.stmt) -> bool | None:
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
        return node.value.value if isinstance(node.value.value, bool) else None
    return None


def loops(tree: ast.Module) -> Iterator[Finding]:
    """Loops over positions, and rounds that are counted by hand."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.For):
            continue
        if isinstance(node.target, ast.Name) and _only_looks_up(node, node.target.id):
            yield Finding(node.lineno, 50, Note(BY_INDEX, {"line": node.lineno}))
        elif not _is_range(node.iter) and _counts(node):
            yield Finding(node.lineno, 45, Note(COUNTS, {"line": node.lineno}))


def _is_range(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
    )


def _only_looks_up(loop: ast.For, name: str) -> bool:
    """Whether `for i in range(len(x))` uses `i` in `x[i]` only, and only to read."""
    call = loop.iter
    if not (isinstance(call, ast.Call) and _is_range(call) and len(call.args) == 1):
        return False
    inner = call.args[0]
    if not (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id == "len"
        and len(inner.args) == 1
    ):
        return False
    walked = ast.dump(inner.args[0])
    uses = [
        node
        for statement in loop.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id == name
    ]
    looks = [
        node
        for statement in loop.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Name)
        and node.slice.id == name
        and ast.dump(node.value) == walked
    ]
    return bool(uses) and len(uses) == len(looks)


def _counts(loop: ast.For) -> bool:
    """Whether the last statement of each round adds 1 to a name that is a position inside."""
    last = loop.body[-1]
    if not (
        isinstance(last, ast.AugAssign)
        and isinstance(last.op, ast.Add)
        and isinstance(last.target, ast.Name)
        and isinstance(last.value, ast.Constant)
        and last.value.value == 1
    ):
        return False
    return any(
        isinstance(node, ast.Name) and node.id == last.target.id and isinstance(node.ctx, ast.Load)
        for statement in loop.body[:-1]
        for node in ast.walk(statement)
    )


def risks(tree: ast.Module, *, returns_values: bool) -> Iterator[Finding]:
    """Errors hidden, defaults shared, and prints left over.

    Args:
        tree: of the program.
        returns_values: the exercise asks for what a function returns, not for what it prints.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield Finding(node.lineno, 85, Note(ANY_ERROR, {"line": node.lineno}))
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            if isinstance(default, ast.List | ast.Dict | ast.Set):
                values: dict[str, Json] = {
                    "line": default.lineno,
                    "value": ast.unparse(default)[:40],
                }
                yield Finding(default.lineno, 85, Note(SHARED_DEFAULT, values))
        if returns_values and any(
            isinstance(one, ast.Return) and one.value is not None for one in ast.walk(node)
        ):
            for one in ast.walk(node):
                if (
                    isinstance(one, ast.Call)
                    and isinstance(one.func, ast.Name)
                    and one.func.id == "print"
                ):
                    yield Finding(one.lineno, 70, Note(PRINTS, {"line": one.lineno}))
                    break
