"""Assertions and checkers: test code that runs in a process of its own."""

import pytest

from domain.grading import Grader, Limits
from tests.domain.grading.submitting import a_task, call

pytestmark = pytest.mark.asyncio(loop_scope="module")


CLASSES = '''
class Empty(LookupError):
    def __init__(self, text, code=0):
        super().__init__(text); self.code = code
class Stack:
    """A stack."""
    limit = 3
    def __init__(self, items=()): self.items = list(items)
    def push(self, item): self.items.append(item); return self
    def pop(self):
        if not self.items: raise Empty("nothing there", code=7)
        return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __getitem__(self, n): return self.items[n]
    def __eq__(self, other): return isinstance(other, Stack) and self.items == other.items
    def __hash__(self): return 1
    def __add__(self, other): return Stack(self.items + other.items)
    def __repr__(self): return f"Stack({self.items})"
    def __enter__(self): return self
    def __exit__(self, *a): self.items.clear()
    @property
    def top(self): return self.items[-1]
    @classmethod
    def of(cls, *items): return cls(items)
def numbers(n):
    for i in range(n): yield i
def double_all(items):
    for i, x in enumerate(items): items[i] = 2 * x
def apply(f, x): return f(x)
def greet(): print("hello")
COUNT = 3
'''


async def test_assertions_reach_classes_exceptions_generators_and_callbacks(
    grader: Grader,
) -> None:
    lines = [
        "s = Stack([1]); s.push(2).push(3)\nassert len(s) == 3\nassert s.pop() == 3",
        "assert isinstance(Stack(), Stack) and not isinstance(3, Stack)",
        "with raises(Empty):\n    Stack().pop()",
        "with raises(LookupError) as e:\n    Stack().pop()\nassert str(e.value) == 'nothing there'",
        "assert list(numbers(3)) == [0, 1, 2]",
        "x = [1, 2]\ndouble_all(x)\nassert x == [2, 4]",
        "assert apply(lambda n: n + 1, 3) == 4",
        "assert Stack([1]) == Stack([1]) and Stack([1]) != Stack([2])",
        "assert repr(Stack([1]) + Stack([2])) == 'Stack([1, 2])'",
        "s = Stack.of(1, 2)\nassert s.top == 2 and s[0] == 1 and 2 in s and 5 not in s",
        "greet()\nassert printed() == 'hello\\n'",
        "assert COUNT == 3 and Stack.limit == 3 and Stack.__name__ == 'Stack'",
        "import two_fer\nfrom two_fer import numbers as n\nassert two_fer.COUNT == 3",
        "with Stack([1]) as s:\n    assert s.items == [1]\nassert s.items == []",
        "s = Stack()\ns.items = [9]\nassert s.items == [9]\nassert {s: 1}[s] == 1",
        "assert 0.1 + 0.2 == approx(0.3)",
        "with raises(TypeError):\n    Stack() + 3 + None",
    ]
    task = a_task("assert", *({"code": code} for code in lines))
    result = await grader.grade(task, {"two_fer.py": CLASSES})
    wrong = [(code, test) for code, test in zip(lines[:-1], result.tests, strict=False)
             if test.status != "passed"]  # fmt: skip
    assert not wrong
    assert result.tests[-1].status == "error"  # an AttributeError, not the TypeError


async def test_a_false_assertion_shows_both_sides(grader: Grader) -> None:
    task = a_task(
        "assert",
        {"code": "assert numbers_of(3) == [1]"},
        {"code": "x = COUNT\nassert x == 4"},
        {"code": "assert COUNT > 5, 'more, please'"},
        {"source": "def test_it():\n    assert COUNT is None", "function": "test_it"},
    )
    result = await grader.grade(task, {"two_fer.py": CLASSES})
    assert [test.status for test in result.tests] == ["error", "failed", "failed", "failed"]
    assert "`numbers_of`, but there is `numbers`" in str(result.tests[0].note)
    assert (result.tests[1].expected, result.tests[1].got) == ("4", "3")
    assert str(result.tests[1].note) == "This should be true: x == 4"
    assert str(result.tests[2].note) == "more, please"


async def test_errors_in_the_learners_code_under_assertions(grader: Grader) -> None:
    task = a_task("assert", {"code": "f()"}, {"code": "g()"}, {"code": "h()"}, {"code": "k()"},
                  limits=Limits(time_s=0.1))  # fmt: skip
    source = """
import os
def f(): return 1 / 0
def g():
    while True: pass
def h(): os._exit(0)
def k(): return 1
"""
    result = await grader.grade(task, {"two_fer.py": source})
    assert [test.status for test in result.tests] == ["error", "timeout", "error", "passed"]
    assert "ZeroDivisionError" in str(result.tests[0].note)
    assert "line 5" in str(result.tests[1].note)
    assert "line 3, in f" in str(result.traceback)


async def test_checkers_see_values_and_outputs(grader: Grader) -> None:
    prime = "def check(got, n):\n    return got > n or f'{got} is not above {n}'"
    shout = (
        "def check(output, stdin):\n    assert output.strip() == stdin.strip().upper(), 'louder'"
    )
    task = a_task("checker", call(3, source=prime), call(9, source=prime))
    source = "def two_fer(n): return 5"
    result = await grader.grade(task, {"two_fer.py": source})
    assert [test.status for test in result.tests] == ["passed", "failed"]
    assert str(result.tests[1].note) == "5 is not above 9"
    task = a_task("checker", {"source": shout, "stdin": "ab\n"}, {"source": shout, "stdin": "Hi\n"})
    source = "x = input()\nprint(x.upper() if x == 'ab' else x)"
    result = await grader.grade(task, {"two_fer.py": source})
    assert [test.status for test in result.tests] == ["passed", "failed"]
    assert str(result.tests[1].note) == "louder"
