"""Tasks about one small file, for tests."""

from collections.abc import Mapping
from decimal import Decimal

from domain.grading import Limits, Task, TestCase
from domain.grading.model import Json


def a_task(mode: str, *specs: Mapping[str, Json], limits: Limits | None = None) -> Task:
    tests = tuple(
        TestCase(f"t{number}", f"test {number}", Decimal(number), number == 1, spec)
        for number, spec in enumerate(specs, start=1)
    )
    return Task("python", mode, "two_fer.py", tests, limits or Limits())  # type: ignore[arg-type]


def call(*args: Json, **rest: Json) -> dict[str, Json]:
    return {"function": "two_fer", "args": list(args), "kwargs": {}, **rest}
