# ruff: noqa: ANN401 - what crosses the wire has no static type
"""Runs an author's test code. No learner code is in this process, only proxies of its objects."""

import ast
import linecache
import math
import sys
from types import CodeType, ModuleType, TracebackType
from typing import Any, Self

from .cell import CONTROL, from_grader
from .frames import send
from .remote import LearnerGone, Link
from .values import decode

_SHOWN = 1000
_FILE = "tests"
_CHECK = "stoa_check"


class Differs(AssertionError):
    """A comparison that is false, with both sides."""

    def __init__(self, code: str, got: object, expected: object) -> None:
        super().__init__(code)
        self.code, self.got, self.expected = code, got, expected


class _ShowBothSides(ast.NodeTransformer):
    """Turns `assert a == b` into a call that keeps both sides when it is false."""

    def __init__(self, source: str) -> None:
        self.source = source

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        test = node.test
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1) or node.msg is not None:
            return node
        code = ast.get_source_segment(self.source, node) or "assert"
        left, right = (ast.Name(name, ast.Load()) for name in ("a", "b"))
        compare = ast.Lambda(
            ast.arguments([], [ast.arg("a"), ast.arg("b")], None, [], [], None, []),
            ast.Compare(left, test.ops, [right]),
        )
        call = ast.Call(
            ast.Name(_CHECK, ast.Load()),
            [compare, test.left, test.comparators[0], ast.Constant(code)],
            [],
        )
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def _check(compare: Any, left: object, right: object, code: str) -> None:
    if not compare(left, right):
        raise Differs(code, left, right)


class raises:  # noqa: N801 - the name people know
    """`with raises(ValueError): ...` is true when the block raises that."""

    def __init__(self, *kinds: type[BaseException]) -> None:
        self.kinds = kinds
        self.value: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None
    ) -> bool:
        if kind is None:
            names = " or ".join(one.__name__ for one in self.kinds)
            raise AssertionError(f"{names} should be raised")
        self.value = value
        return issubclass(kind, self.kinds)


class approx:  # noqa: N801 - the name people know
    """`x == approx(0.3)` is true for numbers within a millionth of it."""

    def __init__(self, value: float, tolerance: float = 1e-6) -> None:
        self.value, self.tolerance = value, tolerance

    def __eq__(self, other: object) -> bool:
        return type(other) in (int, float) and math.isclose(
            float(other),  # type: ignore[arg-type]
            self.value,
            rel_tol=self.tolerance,
            abs_tol=self.tolerance,
        )

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"about {self.value!r}"


class _Borrowed(ModuleType):
    """The learner's module as test files import it."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"module {self.__name__} has no attribute {name}", name=name)


def _compiled(source: str) -> CodeType:
    linecache.cache[_FILE] = (len(source), None, source.splitlines(keepends=True), _FILE)
    tree = _ShowBothSides(source).visit(ast.parse(source))
    return compile(ast.fix_missing_locations(tree), _FILE, "exec", dont_inherit=True)


def _text(value: object) -> str:
    try:
        return repr(value)[:_SHOWN]
    except LearnerGone:
        raise
    except Exception:  # noqa: BLE001 - a proxy's repr is the learner's
        return f"<{type(value).__name__}>"


def main(_setup: dict[str, Any]) -> None:
    """Run test after test until the grader closes the connection."""
    link = Link()
    while True:
        order: Any = from_grader.receive()
        try:
            if "check" in order:
                verdict = _run_checker(order)
            else:
                verdict = _run_asserts(order, link)
                link.flush()
        except LearnerGone:
            verdict = {"gone": True}
        send(CONTROL, verdict)


def _run_asserts(order: Any, link: Link) -> dict[str, object]:
    module_name = order["module"].removesuffix(".py")
    names = link.names()
    module = _Borrowed(module_name)
    vars(module).update(names)
    for name in {module_name, "solution"}:
        sys.modules[name] = module

    def printed() -> str:
        link.flush()
        send(CONTROL, {"printed": True})
        answer: Any = from_grader.receive()
        return str(answer["text"])

    space: dict[str, Any] = {"raises": raises, "approx": approx, "printed": printed, _CHECK: _check}
    space |= {"__name__": _FILE} | names | {module_name: names.get(module_name, module)}
    try:
        exec(_compiled(order["source"]), space)  # noqa: S102 - the author's test
        if order["function"]:
            space[order["function"]]()
    except Differs as wrong:
        sides = {"got": _text(wrong.got), "expected": _text(wrong.expected)}
        return {"fail": {"code": wrong.code, **sides}}
    except Exception as wrong:  # noqa: BLE001 - whatever a test raises is its verdict
        return _ending(wrong, link)
    return {"pass": True}


def _ending(wrong: Exception, link: Link) -> dict[str, object]:
    report = getattr(wrong, "stoa_report", None)
    if report is not None:
        return {"raised": report}
    if isinstance(wrong, NameError | AttributeError) and wrong.name:
        return {"missing": wrong.name, "functions": link.functions}
    if isinstance(wrong, ImportError) and "'" in str(wrong):
        return {"missing": str(wrong).split("'")[1], "functions": link.functions}
    if isinstance(wrong, AssertionError):
        return {"fail": {"message": str(wrong)[:_SHOWN], "code": _line(wrong)}}
    return {"fail": {"message": f"{type(wrong).__name__}: {wrong}"[:_SHOWN], "code": _line(wrong)}}


def _line(wrong: BaseException) -> str:
    number, trace = None, wrong.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            number = trace.tb_lineno
        trace = trace.tb_next
    return linecache.getline(_FILE, number).strip() if number else ""


def _run_checker(order: Any) -> dict[str, object]:
    """A checker answers True or None for right, False for wrong, a text for wrong and why."""
    space: dict[str, Any] = {"__name__": _FILE, "approx": approx}
    args: Any = decode(order["args"])
    kwargs: Any = decode(order["kwargs"])
    try:
        exec(_compiled_plain(order["source"]), space)  # noqa: S102 - the author's checker
        verdict = space[order["check"]](decode(order["got"]), *args, **kwargs)
    except AssertionError as wrong:
        return {"fail": {"message": str(wrong)[:_SHOWN], "code": _line(wrong)}}
    except Exception as wrong:  # noqa: BLE001 - an unexpected value may trip a checker
        return {"fail": {"message": f"{type(wrong).__name__}: {wrong}"[:_SHOWN], "code": ""}}
    if verdict is None or verdict is True:
        return {"pass": True}
    message = verdict[:_SHOWN] if isinstance(verdict, str) else ""
    return {"fail": {"message": message, "code": ""}}


def _compiled_plain(source: str) -> CodeType:
    linecache.cache[_FILE] = (len(source), None, source.splitlines(keepends=True), _FILE)
    return compile(source, _FILE, "exec", dont_inherit=True)
