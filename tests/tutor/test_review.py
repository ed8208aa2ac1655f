"""The review without a model: what it finds, where, and that it leaves good ones alone."""

import pytest

from domain.grading import Note
from tutor.review import idioms, names, review, shape

NESTED = """\
def f(rows):
    for row in rows:
        if row:
            for cell in row:
                if cell:
                    total = cell
                    return total
"""
LONG = (
    "def f(value):\n"
    + "".join(f"    value = value + {n}\n" for n in range(31))
    + "    return value\n"
)
MANY = "def f(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(9))
REPEATED = """\
def f(rows):
    first = rows[0]
    second = rows[1]
    rest = first + second
    print(rest)
    first = rows[0]
    second = rows[1]
    rest = first + second
    return rest
"""
FOUND = [
    ("import math\ndef f():\n    return 1\n", 1, names.UNUSED_IMPORT),
    ("def f(x):\n    left = 1\n    return x\n", 2, names.UNUSED),
    ("def f(x):\n    sum = x\n    return sum\n", 2, names.HIDES),
    ("def getTotal(x):\n    return x\n", 1, names.STYLE),
    ("def f(x):\n    q = x + 1\n    return q\n", 2, names.SHORT),
    (NESTED, 6, shape.DEEP),
    (LONG, 1, shape.LONG),
    (MANY, 1, shape.MANY_WAYS),
    (REPEATED, 6, shape.TWICE),
    (
        "def f(x):\n    if x:\n        return 1\n    else:\n        return 1\n",
        2,
        shape.SAME_BRANCHES,
    ),
    ("def f(x):\n    return x\n    x = 1\n", 3, shape.NEVER),
    (f"def f(x):\n    return x  # {'long ' * 20}\n", 2, shape.WIDE),
    ("def f(x):\n    if x == True:\n        return 1\n    return 2\n", 2, idioms.TRUTH),
    ("def f(x):\n    return x != None\n", 2, idioms.IS_NONE),
    ("def f(x):\n    if x > 1:\n        return True\n    return False\n", 2, idioms.GIVES_TRUTH),
    ("def f(xs):\n    for i in range(len(xs)):\n        print(xs[i])\n", 2, idioms.BY_INDEX),
    (
        "def f(xs):\n    i = 0\n    for x in xs:\n        print(i, x)\n        i += 1\n",
        3,
        idioms.COUNTS,
    ),
    ("def f(x):\n    try:\n        return x\n    except:\n        return 1\n", 4, idioms.ANY_ERROR),
    ("def f(x=[]):\n    return x\n", 1, idioms.SHARED_DEFAULT),
    ("def f(x):\n    print(x)\n    return x\n", 2, idioms.PRINTS),
    ("def f(d, x):\n    return x in d.keys()\n", 2, idioms.IN_KEYS),
    ("def f(x):\n    return len(x) == 0\n", 2, idioms.EMPTY),
]


@pytest.mark.parametrize(("source", "line", "message"), FOUND, ids=lambda one: str(one)[:40])
def test_each_check_finds_its_line(source: str, line: int, message: str) -> None:
    found = [(one.line, one.note.message) for one in review.findings(source)]
    assert (line, message) in found


@pytest.mark.parametrize(("source", "line", "message"), FOUND, ids=lambda one: str(one)[:40])
def test_a_remark_fills_in_and_names_its_line(source: str, line: int, message: str) -> None:
    (note,) = [one.note for one in review.findings(source) if one.note.message == message][:1]
    assert str(line) in str(note)
    assert all(len(sentence.split()) <= 20 for sentence in str(note).split(". "))


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    x.value = 1\n    return x\n",  # an attribute is no name
        "def f(xs):\n    for i, x in enumerate(xs):\n        xs[i] = x\n    return xs\n",
        "def f(xs):\n    for i in range(len(xs)):\n        xs[i] = 0\n    return xs\n",
        "def f(x):\n    if x == 1:\n        return 1\n    elif x:\n        return 2\n",
        "total = 0\ndef f(x):\n    global total\n    total = x\n",
        "def f(x):\n    _ = x\n    return x\n",
    ],
)
def test_what_is_well_is_left_alone(source: str) -> None:
    heavy = [one for one in review.findings(source) if one.weight >= 45]
    assert heavy == []


def test_at_most_three_remarks_and_silence_is_said() -> None:
    source = "import os\nimport re\nimport math\nimport json\ndef f(x=[]):\n    return x\n"
    said = review.remarks(source)
    assert len(said) == 2 + review.MOST
    assert review.remarks("def f(x):\n    return x\n")[0] == Note(review.NOTHING, {"n": 2})


def test_prints_belong_to_programs_that_print() -> None:
    source = "def f(x):\n    print(x)\n    return x\n"
    assert review.findings(source, returns_values=False) == []


def test_a_program_that_cannot_be_read_is_told_apart() -> None:
    with pytest.raises(SyntaxError):
        review.findings("def f(:")
