"""Mistakes with calls: brackets, arguments, methods that change a list or give a new text."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.edits.values import by_one, wrapped
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_CHANGE = ("append", "extend", "insert", "remove", "sort", "reverse", "update", "add", "clear")
_METHODS = frozenset(
    (
        *_CHANGE,
        "pop",
        "lower",
        "upper",
        "strip",
        "split",
        "keys",
        "values",
        "items",
        "title",
        "copy",
    )
)
_INSTEAD = {
    "append": ("extend", "insert_first"),
    "extend": ("append",),
    "pop": ("remove",),
    "remove": ("pop",),
    "find": ("index", "count"),
    "index": ("find",),
    "upper": ("lower", "title", "capitalize"),
    "lower": ("upper", "title"),
    "title": ("capitalize", "upper"),
    "strip": ("lstrip", "rstrip"),
    "sort": ("reverse",),
    "reverse": ("sort",),
    "keys": ("values", "items"),
    "values": ("keys", "items"),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "isalpha": ("isalnum",),
}
_FUNCTIONS = {
    "max": ("min",),
    "min": ("max",),
    "sum": ("len", "max"),
    "len": ("sum", "max"),
    "int": ("float", "round", "str"),
    "float": ("int",),
    "round": ("int",),
    "str": ("int", "float"),
    "set": ("dict.fromkeys", "list"),
    "any": ("all",),
    "all": ("any",),
    "sorted": ("list",),
    "list": ("sorted", "tuple"),
    "tuple": ("list",),
}


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    own = {function.name for function in program.functions}
    for node in program.nodes:
        if isinstance(node, ast.Call):
            yield from _call(program, node, own)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            parent = program.parents.get(node)
            called = isinstance(parent, ast.Call) and parent.func is node
            if not called and node.attr in _METHODS:
                yield program.swap("missing_call", node, program.of(node) + "()")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in own:
            parent = program.parents.get(node)
            if not (isinstance(parent, ast.Call) and parent.func is node):
                yield program.swap("missing_call", node, node.id + "()")
        elif isinstance(node, ast.Expr):
            yield from _thrown_away(program, node)
        elif isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.Call):
            yield from _gives_none(program, node, node.value)


def _call(program: Program, node: ast.Call, own: set[str]) -> Iterator[Edit]:
    texts = [program.of(argument) for argument in node.args]
    if len(texts) >= 2:
        for place in range(len(texts) - 1):
            left, right = node.args[place], node.args[place + 1]
            changes = (
                Change(program.start(left), program.end(left), texts[place + 1]),
                Change(program.start(right), program.end(right), texts[place]),
            )
            yield Edit("swapped_arguments", node.lineno, changes)
    function = node.func
    if isinstance(function, ast.Name):
        for other in _FUNCTIONS.get(function.id, ()):
            yield program.swap("other_function", function, other)
        yield from _named(program, node, function.id, texts, own)
    elif isinstance(function, ast.Attribute):
        yield from _method(program, node, function, texts)


def _named(
    program: Program, node: ast.Call, name: str, texts: list[str], own: set[str]
) -> Iterator[Edit]:
    if len(texts) == 1 and name not in own and not node.keywords:
        if name not in ("print", "range", "input"):
            yield program.swap("needless_call", node, texts[0])
        if name not in ("print", "range", "len", "int", "str", "input", "list", "set", "sorted"):
            yield program.swap("call_or_index", node, f"{name}[{texts[0]}]")
    if name in ("list", "tuple", "str") and len(texts) == 1:
        yield program.swap("element_or_list", node, f"[{texts[0]}]")
    if name == "input":
        yield wrapped(program, "text_or_number", node, "int(", ")")
        yield wrapped(program, "text_or_number", node, "float(", ")")
        if texts:
            yield program.swap("prompt", node, "input()")
    if name in ("sorted", "max", "min") and texts:
        inside = ", ".join(texts)
        if node.keywords:
            yield program.swap("sort_order", node, f"{name}({inside})")
        if name == "sorted":
            yield program.swap("sort_order", node, f"sorted({inside}, reverse=True)")
        yield program.swap("sort_order", node, f"{name}({inside}, key=len)")
    if name == "round" and len(texts) == 1:
        yield program.swap("rounding", node, f"round({texts[0]}, 2)")
    if name == "set" and texts:
        yield program.swap("set_forgets_order", node, f"dict.fromkeys({texts[0]})")
    if name in own:
        for argument in node.args:
            yield from by_one(program, "recursive_step", argument)
            yield program.swap("recursive_step", argument, f"{program.of(argument)}[1:]")


def _method(
    program: Program, node: ast.Call, function: ast.Attribute, texts: list[str]
) -> Iterator[Edit]:
    base = program.of(function.value)
    inside = ", ".join(texts)
    for other in _INSTEAD.get(function.attr, ()):
        if other == "insert_first":
            yield program.swap("other_method", node, f"{base}.insert(0, {inside})")
        else:
            yield program.swap("other_method", node, f"{base}.{other}({inside})")
    if function.attr == "append" and len(node.args) == 1:
        argument = node.args[0]
        if isinstance(argument, ast.List) and len(argument.elts) == 1:
            yield program.swap("element_or_list", argument, program.of(argument.elts[0]))
        yield program.swap("element_or_list", argument, f"[{texts[0]}]")
        yield program.swap("same_list_twice", argument, f"{texts[0]}[:]")
    if function.attr == "pop":
        yield program.swap("remove_by_position", node, f"{base}.pop(0)")
        yield program.swap("remove_by_position", node, f"{base}.pop()")
    if function.attr == "sort" and not node.keywords:
        yield program.swap("sort_order", node, f"{base}.sort(reverse=True)")
    if function.attr == "split":
        yield program.swap("separator", node, f"{base}.split()")
        yield program.swap("separator", node, f'{base}.split(", ")')
        yield program.swap("separator", node, f'{base}.split(",")')
    if function.attr in ("append", "add", "remove", "insert", "count", "index") and texts:
        argument = node.args[-1]
        for kind in ("int", "str"):
            yield wrapped(program, "text_or_number", argument, f"{kind}(", ")")
    if function.attr in _CHANGE and len(texts) == 1:
        parent = program.parents.get(node)
        if isinstance(parent, ast.Call):  # its None is handed on
            yield program.swap("method_gives_none", node, texts[0])
    if function.attr in ("lower", "upper", "strip", "title", "copy") and not texts:
        yield program.swap("needless_call", node, base)


def _thrown_away(program: Program, node: ast.Expr) -> Iterator[Edit]:
    value, text = node.value, program.of(node.value)
    if isinstance(value, ast.Compare) and len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
        edit = program.between("compare_or_assign", value.left, value.comparators[0], "==", "=")
        if edit is not None:
            yield edit
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name):
        yield program.swap("result_ignored", node, f"{value.left.id} = {text}")
    if not isinstance(value, ast.Call):
        return
    owner: ast.expr = value
    while isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute):
        owner = owner.func.value
    if isinstance(value.func, ast.Attribute) and isinstance(owner, ast.Name):
        yield program.swap("result_ignored", node, f"{owner.id} = {text}")
    elif isinstance(value.func, ast.Name) and value.func.id != "print":
        for argument in value.args[:1]:
            if isinstance(argument, ast.Name):
                yield program.swap("result_ignored", node, f"{argument.id} = {text}")
        for name in program.names(program.function_of(node))[:6]:
            yield program.swap("result_ignored", node, f"{name} = {text}")


def _gives_none(program: Program, node: ast.Assign | ast.Return, call: ast.Call) -> Iterator[Edit]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _CHANGE:
        return
    text, base = program.of(call), program.of(call.func.value)
    arguments = ", ".join(program.of(one) for one in call.args)
    if isinstance(node, ast.Assign):
        yield program.swap("method_gives_none", node, text)
        target = program.of(node.targets[0])
        if call.func.attr in ("sort", "reverse"):
            new = f"sorted({base})" if call.func.attr == "sort" else f"{base}[::-1]"
            yield program.swap("method_gives_none", node, f"{target} = {new}")
        if call.func.attr == "append":
            yield program.swap("method_gives_none", node, f"{target} = {base} + [{arguments}]")
        if call.func.attr in ("append", "extend"):
            yield program.swap("method_gives_none", node, f"{target} = {base} + {arguments}")
    elif program.alone(node):
        yield program.swap(
            "method_gives_none", node, f"{text}\n{program.indent(node)}return {base}"
        )
        if call.func.attr == "append":
            yield program.swap("method_gives_none", node, f"return {base} + [{arguments}]")
