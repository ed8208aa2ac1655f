"""What a test gives a program, and what it wants from it; only the first goes into the sandbox."""

import ast
from collections.abc import Callable, Mapping

from domain.grading import Json, Task, TestCase
from domain.grading.compare import same_output
from domain.grading.jail.values import same
from domain.grading.tasks import literal
from domain.syntax import literal_value, parse
from tutor.diagnosis.inside.values import canonical, shortened

_TOOLS = frozenset({"printed", "approx", "raises"})  # what assertions may use besides


def mode_of(task: Task) -> str:
    """How the process runs tests: a checker's are calls or scripts, too."""
    if task.mode == "checker":
        return "stdin" if any("stdin" in test.spec for test in task.tests) else "call"
    return task.mode


def inputs(task: Task, test: TestCase) -> Json:
    """What the process is told of a test: everything but what it wants."""
    spec = test.spec
    if task.mode == "assert":
        plain = claimed(spec)
        if plain is not None:
            return {"value": plain[0]}
        run = str(spec["function"]) if "source" in spec else ""
        return {"code": str(spec.get("source") or spec.get("code")), "run": run}
    if "stdin" in spec:
        return {"stdin": str(spec["stdin"])}
    return {
        "function": str(spec["function"]),
        "args": repr(literal(spec.get("args", []))),
        "kwargs": repr(literal(spec.get("kwargs", {}))),
        "close": "tolerance" in spec or task.mode == "checker",
        "raises": "raises" in spec,
    }


def wanted(task: Task, test: TestCase) -> Callable[[str], bool]:
    """A function that says whether an outcome is what a test wants."""
    spec = test.spec
    if task.mode == "checker":
        return lambda _: False
    if task.mode == "assert":
        plain = claimed(spec)
        if plain is None:
            return lambda outcome: outcome == "vTrue"
        claim, value = "v" + shortened(canonical(plain[1])), plain[1]
        return lambda outcome: (
            outcome == claim or (outcome[:1] == "v" and _equal(outcome[1:], value))
        )
    if task.mode == "stdin":
        wanted, compare = str(spec["stdout"]), str(spec.get("compare", "tolerant"))
        return lambda outcome: (
            outcome[:1] == "p" and same_output(wanted, outcome[1:], compare) is None
        )
    if "raises" in spec:
        kind = str(spec["raises"])
        return lambda outcome: outcome[:1] == "x" and kind in outcome[1:].split("@")[0].split(",")
    expected = literal(spec["expected"])
    tolerance = spec.get("tolerance")
    if isinstance(tolerance, int | float):
        return lambda outcome: outcome[:1] == "v" and _close(outcome[1:], expected, tolerance)
    text = "v" + shortened(canonical(expected))
    return lambda outcome: outcome == text


def wanted_text(task: Task, test: TestCase) -> str | None:
    """The outcome that a test wants; None where that is not one text."""
    spec = test.spec
    if task.mode == "assert":
        plain = claimed(spec)
        return None if plain is None else "v" + shortened(canonical(plain[1]))
    if task.mode == "checker" or "raises" in spec:
        return None
    if task.mode == "stdin":
        return f"p{spec['stdout']}"
    return "v" + shortened(canonical(literal(spec["expected"])))


def claimed(spec: Mapping[str, Json]) -> tuple[str, object] | None:
    """What a test claims that only asserts one value: the expression, and the value it should have.

    None for every other test. Such a value can be compared outside, like that of a call.
    """
    try:
        body = parse(str(spec.get("code", ""))).body
        claim = body[0].test if len(body) == 1 and isinstance(body[0], ast.Assert) else None
        if not (isinstance(claim, ast.Compare) and len(claim.ops) == 1):
            return None
        names = {node.id for node in ast.walk(claim) if isinstance(node, ast.Name)}
        if not isinstance(claim.ops[0], ast.Eq) or names & _TOOLS:
            return None
        return ast.unparse(claim.left), ast.literal_eval(claim.comparators[0])
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _equal(text: str, expected: object) -> bool:
    try:
        return bool(literal_value(text) == expected)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False


def _close(text: str, expected: object, tolerance: float) -> bool:
    try:
        return same(literal_value(text), expected, tolerance)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False
