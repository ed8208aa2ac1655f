"""From a challenge directory's parsed files to a `Task`, all mistakes reported at once."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from typing import cast, get_args

from domain.grading.model import Json, Language, Limits, Mode, Task, TestCase
from domain.syntax import literal_value, parse

LITERAL = "$python"  # {"$python": "(1, 2)"} writes a value that YAML has no word for
COMMON = {"id", "name", "points", "sample"}
PAGE_FIELDS = {"test", "fresh"}  # of a test of a web page
FIELDS: dict[Mode, set[str]] = {
    "call": {"function", "args", "kwargs", "expected", "raises", "tolerance"},
    "stdin": {"stdin", "stdout", "compare"},
    "assert": {"code", "file", "function"},
    "checker": {"checker", "check", "function", "args", "kwargs", "stdin"},
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: `file` and the way to the value inside it, such as ("cases", 3, "points")."""

    file: str
    where: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.where)
        return f"{self.file}{path}: {self.message}"


class TaskError(Exception):
    """The challenge cannot be graded as written; `problems` lists every mistake."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def task_from_files(
    challenge: Mapping[str, object], cases: object, test_files: Mapping[str, str] | None = None
) -> Task:
    """The task that `challenge.yaml` and `tests/cases.yaml` describe.

    Args:
        challenge: `challenge.yaml`, parsed.
        cases: `tests/cases.yaml`, parsed: a mapping with `cases`, or the list itself.
        test_files: texts of the Python files in `tests/`, by file name.

    Raises:
        TaskError: with every mistake found.
    """
    return _Reader(challenge, cases, test_files or {}).read()


def task_from_stored(
    *,
    language: str,
    mode: str,
    main: str,
    limits: Mapping[str, object],
    tests: Sequence[TestCase],
) -> Task:
    """The task as it was stored after import; nothing is checked a second time but the limits."""
    return Task(
        language=cast("Language", language),
        mode=cast("Mode", mode),
        main=main,
        tests=tuple(tests),
        limits=_limits(limits),
    )


def literal(value: Json) -> object:
    """A value as Python sees it: `{"$python": text}` is replaced by the literal it spells.

    Raises:
        ValueError: the text is not a Python literal.
    """
    if isinstance(value, list):
        return [literal(item) for item in value]
    if isinstance(value, dict):
        text = value.get(LITERAL)
        if len(value) == 1 and isinstance(text, str):
            try:
                return literal_value(text.strip())
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as wrong:
                raise ValueError(f"not a Python literal: {text}") from wrong
        return {key: literal(item) for key, item in value.items()}
    return value


def _limits(given: Mapping[str, object]) -> Limits:
    time_s, memory_mb = given.get("time_s", 2.0), given.get("memory_mb", 64)
    if isinstance(time_s, bool) or not isinstance(time_s, int | float):
        raise ValueError("time_s must be a number of seconds")
    if isinstance(memory_mb, bool) or not isinstance(memory_mb, int):
        raise ValueError("memory_mb must be a whole number of MiB")
    return Limits(time_s=float(time_s), memory_mb=memory_mb)


def _is_json(value: object) -> bool:
    if isinstance(value, float):
        return not math.isnan(value)
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    return value is None or isinstance(value, bool | int | str)


class _Reader:
    """Reads one challenge, collecting mistakes as it goes."""

    def __init__(
        self, challenge: Mapping[str, object], cases: object, test_files: Mapping[str, str]
    ) -> None:
        self.challenge = challenge
        self.cases = cases.get("cases") if isinstance(cases, Mapping) else cases
        self.test_files = {PurePosixPath(name).name: text for name, text in test_files.items()}
        self.problems: list[Problem] = []

    def wrong(self, where: tuple[str | int, ...], message: str, file: str = "") -> None:
        self.problems.append(Problem(file or "tests/cases.yaml", where, message))

    def read(self) -> Task:
        file = "challenge.yaml"
        language = self.choice("language", get_args(Language))
        mode = "assert" if language == "web" else self.choice("mode", get_args(Mode))
        limits = Limits()
        try:
            given = self.challenge.get("limits") or {}
            limits = _limits(cast("Mapping[str, object]", given))
        except (ValueError, AttributeError) as wrong:
            self.wrong(("limits",), str(wrong), file)
        main = self.main()
        tests: list[TestCase] = []
        if not isinstance(self.cases, list) or not self.cases:
            self.wrong(("cases",), "at least one test is needed")
        elif mode:
            for index, case in enumerate(self.cases):
                if (test := self.test(index, case, cast("Mode", mode))) is not None:
                    tests.append(test)
            self.totals(tests)
        if self.problems:
            raise TaskError(self.problems)
        return Task(cast("Language", language), cast("Mode", mode), main, tuple(tests), limits)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.challenge.get(name)
        if value not in allowed:
            self.wrong((name,), f"must be one of {', '.join(allowed)}", "challenge.yaml")
            return ""
        return str(value)

    def main(self) -> str:
        files = self.challenge.get("files")
        starter = files.get("starter") if isinstance(files, Mapping) else None
        if not isinstance(starter, list) or not starter or not isinstance(starter[0], str):
            self.wrong(("files", "starter"), "name at least one starter file", "challenge.yaml")
            return "main.py"
        return PurePosixPath(starter[0]).name

    def totals(self, tests: Sequence[TestCase]) -> None:
        keys = [test.key for test in tests]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self.wrong(("cases",), f"the id {key} is used twice")
        points, total = self.challenge.get("points"), sum(test.points for test in tests)
        if isinstance(points, int | float) and total != Decimal(str(points)):
            self.wrong(("cases",), f"points sum to {total}, the challenge has {points}")

    def test(self, index: int, case: object, mode: Mode) -> TestCase | None:
        at: tuple[str | int, ...] = ("cases", index)
        if not isinstance(case, Mapping):
            self.wrong(at, "a test is a mapping with id, name and points")
            return None
        before = len(self.problems)
        page = self.challenge.get("language") == "web"
        for name in sorted(set(map(str, case)) - COMMON - (PAGE_FIELDS if page else FIELDS[mode])):
            of = "a web page's test" if page else f"mode {mode}"
            self.wrong((*at, name), f"{of} knows no field {name}")
        for name in ("id", "name"):
            if not isinstance(case.get(name), str) or not case[name]:
                self.wrong((*at, name), "must be a text")
        if not isinstance(case.get("sample", False), bool):
            self.wrong((*at, "sample"), "must be true or false")
        points = Decimal(0)
        try:
            if isinstance(case.get("points"), bool):
                raise InvalidOperation
            points = Decimal(str(case.get("points")))
            if not points.is_finite() or points <= 0:
                raise InvalidOperation
        except InvalidOperation:
            self.wrong((*at, "points"), "must be a number above 0")
        spec = self.page_spec(at, case) if page else self.spec(at, case, mode)
        if len(self.problems) > before:
            return None
        return TestCase(case["id"], case["name"], points, case.get("sample", False), spec)

    def page_spec(self, at: tuple[str | int, ...], case: Mapping[str, object]) -> dict[str, Json]:
        fresh = case.get("fresh", False)
        if not isinstance(fresh, bool):
            self.wrong((*at, "fresh"), "must be true or false")
        self.texts(at, case, "test")
        return {"test": str(case.get("test")), "fresh": bool(fresh)}

    def spec(
        self, at: tuple[str | int, ...], case: Mapping[str, object], mode: Mode
    ) -> dict[str, Json]:
        spec = {name: case[name] for name in FIELDS[mode] if name in case}
        for name, value in spec.items():
            if not _is_json(value):
                self.wrong((*at, name), "only texts, numbers, true/false, lists and mappings")
                return {}
            try:
                literal(cast("Json", value))
            except ValueError as wrong:
                self.wrong((*at, name), str(wrong))
        if mode == "call" or (mode == "checker" and "stdin" not in case):
            self.call_fields(at, spec)
        if mode == "call" and ("expected" in spec) == ("raises" in spec):
            self.wrong(at, "give either expected or raises")
        if mode == "stdin":
            spec.setdefault("stdin", "")
            spec.setdefault("compare", "tolerant")
            self.texts(at, spec, "stdin", "stdout")
            if spec["compare"] not in ("exact", "tolerant"):
                self.wrong((*at, "compare"), "must be exact or tolerant")
        if mode == "assert":
            if "file" in spec:
                self.source(at, spec, "file")
                self.texts(at, spec, "function")
            else:
                self.texts(at, spec, "code")
                self.syntax((*at, "code"), str(spec.get("code", "")))
        if mode == "checker":
            self.source(at, spec, "checker")
            spec.setdefault("check", "check")
            if "stdin" in spec:
                self.texts(at, spec, "stdin")
        return cast("dict[str, Json]", json.loads(json.dumps(spec)))

    def call_fields(self, at: tuple[str | int, ...], spec: dict[str, object]) -> None:
        spec.setdefault("function", self.challenge.get("function"))
        spec.setdefault("args", [])
        spec.setdefault("kwargs", {})
        if not isinstance(spec["function"], str) or not spec["function"].isidentifier():
            self.wrong(("function",), "name the function that is called", "challenge.yaml")
        if not isinstance(spec["args"], list):
            self.wrong((*at, "args"), "must be a list")
        if not isinstance(spec["kwargs"], dict):
            self.wrong((*at, "kwargs"), "must be a mapping")

    def texts(self, at: tuple[str | int, ...], spec: Mapping[str, object], *names: str) -> None:
        for name in names:
            if not isinstance(spec.get(name), str):
                self.wrong((*at, name), "must be a text; quote it")

    def source(self, at: tuple[str | int, ...], spec: dict[str, object], field: str) -> None:
        name = PurePosixPath(str(spec.pop(field, ""))).name
        if name not in self.test_files:
            self.wrong((*at, field), f"there is no file {name or '(none named)'} in tests/")
            return
        spec["source"] = self.test_files[name]
        self.syntax((*at, field), self.test_files[name], f"tests/{name}")

    def syntax(self, where: tuple[str | int, ...], code: str, file: str = "") -> None:
        try:
            parse(code)
        except (SyntaxError, ValueError) as wrong:
            self.wrong(where, f"not valid Python: {wrong}", file)
