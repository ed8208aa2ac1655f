"""Mistakes in values: off by one, starting values, arithmetic, types, indexes, slices."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_EMPTY = ("[]", "()", '""', "{}", "set()", "0", "None")


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.Constant):
            yield from _constant(program, node)
        elif isinstance(node, ast.BinOp):
            yield from _arithmetic(program, node)
        elif isinstance(node, ast.AugAssign):
            yield from _running(program, node)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield from _index(program, node)
        elif isinstance(node, ast.Assign):
            yield from _assigned(program, node)


def by_one(program: Program, cause: str, node: ast.expr) -> Iterator[Edit]:
    """One more and one less."""
    text = program.of(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        right = program.of(node.right)
        if right == "1":
            yield program.swap(cause, node, program.of(node.left))
    yield program.swap(cause, node, f"{text} + 1")
    yield program.swap(cause, node, f"{text} - 1")


def _constant(program: Program, node: ast.Constant) -> Iterator[Edit]:
    value, parent = node.value, program.parents.get(node)
    if isinstance(parent, ast.Expr | ast.JoinedStr | ast.FormattedValue):
        return
    if value is True or value is False:
        yield program.swap("true_or_false", node, str(not value))
    elif isinstance(value, int) and abs(value) < 10**9:
        for other in dict.fromkeys((value + 1, value - 1, 0, 1)):
            if other != value:
                text = f"({other})" if other < 0 else str(other)
                yield program.swap("off_by_one", node, text)
    elif isinstance(value, str) and len(value) <= 3:
        for text in ("", " ", ", ", "\n"):
            if text != value and not value.isalnum():
                yield program.swap("separator", node, repr(text))
    elif isinstance(value, float):
        yield program.swap("other_number", node, repr(value / 10))
        yield program.swap("other_number", node, repr(value * 10))
        yield program.swap("other_number", node, repr(value / 100))


def _arithmetic(program: Program, node: ast.BinOp) -> Iterator[Edit]:
    sign = _SIGNS.get(type(node.op))
    if sign is None:
        return
    left, right = program.of(node.left), program.of(node.right)
    if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
        yield program.swap("text_or_number", node, f"{left} {sign} str({right})")
        return
    others = {
        "+": ("-", "*"),
        "-": ("+", "%"),
        "*": ("+", "**", "/"),
        "/": ("//", "*", "%"),
        "//": ("/", "%"),
        "%": ("//", "/"),
        "**": ("*",),
    }[sign]
    for other in others:
        cause = "kind_of_division" if {sign, other} == {"/", "//"} else "wrong_arithmetic"
        edit = program.between(cause, node.left, node.right, sign, other)
        if edit is not None:
            yield edit
    if sign in ("-", "/", "//", "%", "**") and left != right:
        text = f"{program.inside(node.right)} {sign} {program.inside(node.left)}"
        yield program.swap("swapped_operands", node, text)
    inner = node.left if isinstance(node.left, ast.BinOp) else None
    if inner is not None and _SIGNS.get(type(inner.op)):
        text = f"{program.of(inner.left)} {_SIGNS[type(inner.op)]} "
        yield program.swap(
            "order_of_operations", node, f"{text}({program.of(inner.right)} {sign} {right})"
        )
    inner = node.right if isinstance(node.right, ast.BinOp) else None
    if inner is not None and _SIGNS.get(type(inner.op)):
        text = f"({left} {sign} {program.of(inner.left)}) {_SIGNS[type(inner.op)]}"
        yield program.swap("order_of_operations", node, f"{text} {program.of(inner.right)}")
    if sign in ("+", "-"):
        yield program.swap("extra_term", node, program.inside(node.left))
        yield program.swap("extra_term", node, program.inside(node.right))
    if sign == "+":
        yield program.swap("text_or_number", node, f"{left} + str({right})")
        yield program.swap("text_or_number", node, f"str({left}) + {right}")
        yield program.swap("element_or_list", node, f"{left} + [{right}]")
        yield program.swap("element_or_list", node, f"[{left}] + {right}")
        yield program.swap("text_or_number", node, f"int({left}) + int({right})")
    if isinstance(node.left, ast.List) and sign == "*" and node.left.elts:
        each = program.of(node.left.elts[0])
        yield program.swap("shared_list", node, f"[{each} for _ in range({right})]")


def _running(program: Program, node: ast.AugAssign) -> Iterator[Edit]:
    sign = _SIGNS.get(type(node.op))
    if sign is None:
        return
    name, text = program.of(node.target), program.of(node.value)
    others = {"+": ("-", "*"), "-": ("+",), "*": ("+",), "/": ("//",), "//": ("/",)}
    for other in others.get(sign, ()):
        yield program.swap("wrong_arithmetic", node, f"{name} {other}= {text}")
    yield program.swap("replaces_total", node, f"{name} = {text}")
    if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        inside = ", ".join(program.of(one) for one in node.value.args)
        if node.value.func.attr in ("append", "extend", "add"):
            call = f"{name}.{node.value.func.attr}({inside})"
            yield program.swap("method_gives_none", node, call)
            yield program.swap("method_gives_none", node.value, f"[{inside}]")
    if sign == "+":
        for other in (f"[{text}]", f"({text},)", f"str({text})", f"int({text})", f"list({text})"):
            yield program.swap("element_or_list", node, f"{name} += {other}")
        yield program.swap("element_or_list", node, f"{name}.append({text})")
        yield program.swap("text_order", node, f"{name} = {text} + {name}")


def _index(program: Program, node: ast.Subscript) -> Iterator[Edit]:
    base = program.of(node.value)
    if not isinstance(node.slice, ast.Slice):
        if isinstance(node.slice, ast.Tuple):
            return
        index = program.of(node.slice)
        yield program.swap("value_or_position", node, index)
        yield program.swap("value_or_position", node, base)
        if not isinstance(node.slice, ast.Constant):
            yield from by_one(program, "index_off_by_one", node.slice)
            yield program.swap("call_or_index", node, f"{base}({index})")
        for other in ("0", "-1"):
            yield program.swap("wrong_index", node, f"{base}[{other}]")
        yield program.swap("element_or_list", node, f"{base}[{index}:]")
        yield program.swap("element_or_list", node, f"{base}[:{index}]")
        if isinstance(node.slice, ast.Name):
            yield program.swap("key_missing", node, f"{base}.get({index}, 0)")
        return
    lower, upper = node.slice.lower, node.slice.upper
    step = f":{program.of(node.slice.step)}" if node.slice.step else ""
    low, high = (program.of(one) if one else "" for one in (lower, upper))
    for other in _around(low, "1"):
        yield program.swap("slice_bounds", node, f"{base}[{other}:{high}{step}]")
    for other in _around(high, "-1"):
        yield program.swap("slice_bounds", node, f"{base}[{low}:{other}{step}]")
    if not step:
        yield program.swap("slice_bounds", node, f"{base}[::-1]")
        yield program.swap("slice_bounds", node, f"{base}[{low}:{high}:2]")


def _around(bound: str, empty: str) -> tuple[str, ...]:
    return (f"{bound} + 1", f"{bound} - 1", "") if bound else (empty,)


def _assigned(program: Program, node: ast.Assign) -> Iterator[Edit]:
    value, text = node.value, program.of(node.value)
    target = program.of(node.targets[-1])
    if text in (*_EMPTY, "''", "list()", "tuple()", "dict()", "str()", "1", "-1", "float('inf')"):
        for other in _EMPTY:
            if other != text:
                yield program.swap("starting_value", value, other)
        function = program.function_of(node)
        if function is not None:
            for name in [arg.arg for arg in function.args.args][:3]:
                yield program.swap("starting_value", value, f"{name}[0]")
                yield program.swap("starting_value", value, f"len({name})")
                yield program.swap("starting_value", value, name)
    if isinstance(value, ast.Name):
        for copy in ("[:]", ".copy()"):
            yield program.swap("same_list_twice", value, f"{text}{copy}")
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.UAdd | ast.USub):
        sign = "+" if isinstance(value.op, ast.UAdd) else "-"
        edit = f"{target} {sign}= {program.of(value.operand)}"
        yield program.swap("update_sign", node, edit)
    if program.loop_of(node) is not None and isinstance(node.targets[0], ast.Name):
        names = {one.id for one in ast.walk(value) if isinstance(one, ast.Name)}
        if target not in names:
            yield program.swap("replaces_total", node, f"{target} += {text}")
            yield program.swap("replaces_total", node, f"{target} = {target} + [{text}]")
    if isinstance(value, ast.Call):
        for kind in ("int", "float", "str", "list"):
            yield program.swap("text_or_number", value, f"{kind}({text})")
    if isinstance(value, ast.Call | ast.Name | ast.BinOp):
        yield from by_one(program, "off_by_one", value)


def wrapped(program: Program, cause: str, node: ast.AST, before: str, after: str) -> Edit:
    """An edit that puts texts around a node."""
    start, end = program.start(node), program.end(node)
    line: int = node.lineno  # type: ignore[attr-defined]
    return Edit(cause, line, (Change(start, start, before), Change(end, end, after)))
