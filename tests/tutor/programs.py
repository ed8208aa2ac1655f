"""Small exercises and what beginners make of them, each with one known mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.grading import Json, Limits, Task, TestCase

LIMITS = Limits(time_s=0.5)  # of processor time, so a busy machine is no matter


def call_task(function: str, *cases: tuple[Sequence[object], object], hidden: int = 0) -> Task:
    """A task of calls; the last `hidden` tests are hidden."""
    tests = tuple(
        TestCase(
            f"t{number}",
            f"test {number}",
            Decimal(1),
            number <= len(cases) - hidden,
            {"function": function, "args": [_json(one) for one in args], "expected": _json(wanted)},
        )
        for number, (args, wanted) in enumerate(cases, 1)
    )
    return Task("python", "call", "main.py", tests, LIMITS)


def stdin_task(*cases: tuple[str, str]) -> Task:
    """A task of programs that read and print."""
    tests = tuple(
        TestCase(f"t{n}", f"test {n}", Decimal(1), True, {"stdin": given, "stdout": wanted})
        for n, (given, wanted) in enumerate(cases, 1)
    )
    return Task("python", "stdin", "main.py", tests, LIMITS)


def _json(value: object) -> Json:
    return {"$python": repr(value)}


@dataclass(frozen=True)
class Mistake:
    """A program with one mistake on a line, and the concepts it may be counted to."""

    name: str
    task: Task
    program: str
    line: int
    concepts: tuple[str, ...]


TOTAL = call_task(
    "total", (([1, 2, 3],), 6), (([],), 0), (([5],), 5), (([2, -2, 7],), 7), (([1, 1],), 2)
)
LARGEST = call_task(
    "largest", (([1, 9, 3],), 9), (([-5, -2],), -2), (([4],), 4), (([3, 3],), 3), (([7, 1],), 7)
)
EVENS = call_task(
    "evens", (([1, 2, 3, 4],), [2, 4]), (([],), []), (([2],), [2]), (([1, 3],), []), (([0],), [0])
)
GRADE = call_task(
    "grade", ((90,), "A"), ((89,), "B"), ((80,), "B"), ((79,), "C"), ((100,), "A"), ((0,), "C")
)
FACTORIAL = call_task("factorial", ((0,), 1), ((1,), 1), ((3,), 6), ((5,), 120))
SHOUT = call_task("shout", (("hi",), "HI!"), (("",), "!"), (("A b",), "A B!"))
MEAN = call_task("mean", ((3, 4), 3.5), ((0, 0), 0.0), ((1, 2), 1.5), ((-1, 1), 0.0))
WEEKEND = call_task(
    "weekend", (("sat",), True), (("sun",), True), (("mon",), False), (("fri",), False)
)
SUM_OF_LINES = stdin_task(("1\n2\n", "3\n"), ("10\n-4\n", "6\n"), ("0\n0\n", "0\n"))

MISTAKES = [
    Mistake(
        "return inside the loop",
        TOTAL,
        "def total(numbers):\n    result = 0\n    for one in numbers:\n        result += one\n"
        "        return result\n",
        5,
        ("leaving", "order"),
    ),
    Mistake(
        "reset in the loop",
        TOTAL,
        "def total(numbers):\n    result = 0\n    for one in numbers:\n        result = 0\n"
        "        result += one\n    return result\n",
        4,
        ("start", "order"),
    ),
    Mistake(
        "missing return",
        TOTAL,
        "def total(numbers):\n    result = 0\n    for one in numbers:\n        result += one\n",
        4,
        ("return",),
    ),
    Mistake(
        "print instead of return",
        MEAN,
        "def mean(a, b):\n    half = (a + b) / 2\n    print(half)\n",
        3,
        ("return",),
    ),
    Mistake(
        "replaced instead of added",
        TOTAL,
        "def total(numbers):\n    result = 0\n    for one in numbers:\n        result = one\n"
        "    return result\n",
        4,
        ("running",),
    ),
    Mistake(
        "last position left out",
        TOTAL,
        "def total(numbers):\n    result = 0\n    for i in range(len(numbers) - 1):\n"
        "        result += numbers[i]\n    return result\n",
        3,
        ("bounds",),
    ),
    Mistake(
        "one position too many",
        TOTAL,
        "def total(numbers):\n    result = 0\n    for i in range(len(numbers) + 1):\n"
        "        result += numbers[i]\n    return result\n",
        3,
        ("bounds",),
    ),
    Mistake(
        "starting value",
        LARGEST,
        "def largest(numbers):\n    best = 0\n    for one in numbers:\n        if one > best:\n"
        "            best = one\n    return best\n",
        2,
        ("start",),
    ),
    Mistake(
        "comparison the wrong way round",
        LARGEST,
        "def largest(numbers):\n    best = numbers[0]\n    for one in numbers:\n"
        "        if one < best:\n            best = one\n    return best\n",
        4,
        ("comparison",),
    ),
    Mistake(
        "quotient for remainder",
        EVENS,
        "def evens(numbers):\n    found = []\n    for one in numbers:\n"
        "        if one // 2 == 0:\n            found.append(one)\n    return found\n",
        4,
        ("arithmetic",),
    ),
    Mistake(
        "method that gives None",
        EVENS,
        "def evens(numbers):\n    found = []\n    for one in numbers:\n"
        "        if one % 2 == 0:\n            found = found.append(one)\n    return found\n",
        5,
        ("calls",),
    ),
    Mistake(
        "element added as a list",
        EVENS,
        "def evens(numbers):\n    found = []\n    for one in numbers:\n"
        "        if one % 2 == 0:\n            found += one\n    return found\n",
        5,
        ("lists",),
    ),
    Mistake(
        "misspelt name",
        EVENS,
        "def evens(numbers):\n    found = []\n    for one in nubmers:\n"
        "        if one % 2 == 0:\n            found.append(one)\n    return found\n",
        3,
        ("names",),
    ),
    Mistake(
        "boundary",
        GRADE,
        "def grade(points):\n    if points > 90:\n        return 'A'\n    if points >= 80:\n"
        "        return 'B'\n    return 'C'\n",
        2,
        ("comparison", "arithmetic"),
    ),
    Mistake(
        "no base case",
        FACTORIAL,
        "def factorial(n):\n    return n * factorial(n - 1)\n",
        2,
        ("recursion",),
    ),
    Mistake(
        "result of the call is lost",
        FACTORIAL,
        "def factorial(n):\n    if n == 0:\n        return 1\n    n * factorial(n - 1)\n",
        4,
        ("recursion", "return", "calls"),
    ),
    Mistake(
        "new text is not kept",
        SHOUT,
        "def shout(text):\n    text.upper()\n    return text + '!'\n",
        2,
        ("calls",),
    ),
    Mistake(
        "missing call",
        SHOUT,
        "def shout(text):\n    big = text.upper\n    return big + '!'\n",
        2,
        ("calling",),
    ),
    Mistake(
        "order of operations",
        MEAN,
        "def mean(a, b):\n    return a + b / 2\n",
        2,
        ("arithmetic",),
    ),
    Mistake(
        "kind of division",
        MEAN,
        "def mean(a, b):\n    return (a + b) // 2\n",
        2,
        ("arithmetic",),
    ),
    Mistake(
        "comparison shared by or",
        WEEKEND,
        "def weekend(day):\n    if day == 'sat' or 'sun':\n        return True\n    return False\n",
        2,
        ("logic",),
    ),
    Mistake(
        "texts are joined, not added",
        SUM_OF_LINES,
        "a = input()\nb = input()\nprint(a + b)\n",
        3,
        ("types",),
    ),
    Mistake(
        "missing colon",
        MEAN,
        "def mean(a, b)\n    return (a + b) / 2\n",
        1,
        ("blocks",),
    ),
    Mistake(
        "loop that never moves",
        TOTAL,
        "def total(numbers):\n    result = 0\n    i = 0\n    while i < len(numbers):\n"
        "        result += numbers[i]\n    return result\n",
        4,
        ("running",),
    ),
]
