"""Each kind of edit turns a beginner's program into the right one."""

import pytest

from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.program import Program
from tutor.diagnosis.search import edited

CASES = [
    (
        "branch_order",
        "if n % 2 == 0:\n    print('even')\nelif n % 4 == 0:\n    print('four')\n",
        "if n % 4 == 0:\n    print('four')\nelif n % 2 == 0:\n    print('even')\n",
    ),
    (
        "wrong_condition",
        "def f(xs):\n    a = []\n    for x in xs:\n        if x == 1:\n            a += [x]\n",
        "def f(xs):\n    a = []\n    for x in xs:\n        if x not in a:\n            a += [x]\n",
    ),
    (
        "value_or_position",
        "def f(one, best):\n    return one > best\n",
        "def f(one, best):\n    return one[1] > best[1]\n",
    ),
    (
        "value_or_position",
        "def f(marks, one, best):\n    return marks[one] > best\n",
        "def f(marks, one, best):\n    return marks[one] > marks[best]\n",
    ),
    (
        "length",
        "def f(one, best):\n    return one > best\n",
        "def f(one, best):\n    return len(one) > len(best)\n",
    ),
    (
        "comparison_shared",
        "def f(n):\n    return n % 3 and n % 5 == 0\n",
        "def f(n):\n    return n % 3 == 0 and n % 5 == 0\n",
    ),
    (
        "other_number",
        "def f(xs, k):\n    return [x for x in xs if x > 3]\n",
        "def f(xs, k):\n    return [x for x in xs if x > k]\n",
    ),
    (
        "recursion_missing",
        "def flat(xs):\n    out = []\n    out.extend(xs)\n    return out\n",
        "def flat(xs):\n    out = []\n    out.extend(flat(xs))\n    return out\n",
    ),
    (
        "recursion_result_lost",
        "def flat(xs):\n    out = []\n    flat(xs)\n    return out\n",
        "def flat(xs):\n    out = []\n    out += flat(xs)\n    return out\n",
    ),
    (
        "not_reset",
        "def f(xs):\n    n = 0\n    for x in xs:\n        n += x\n        print(n)\n",
        "def f(xs):\n    for x in xs:\n        n = 0\n        n += x\n        print(n)\n",
    ),
    (
        "reset_in_loop",
        "def f(xs):\n    for x in xs:\n        print(x)\n        total = 0\n    return total\n",
        "def f(xs):\n    total = 0\n    for x in xs:\n        print(x)\n    return total\n",
    ),
    (
        "missing_start",
        "def f(xs):\n    for x in xs:\n        total += x\n    return total\n",
        "def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total\n",
    ),
    (
        "misspelt_name",
        "def f(xs):\n    total = 0\n    for x in xs:\n        totl += x\n    return total\n",
        "def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total\n",
    ),
    (
        "swapped_indexes",
        "def f(t, i, j):\n    return t[i][j]\n",
        "def f(t, i, j):\n    return t[j][i]\n",
    ),
    (
        "wraps_around",
        "def f(xs, i):\n    return xs[i + 1]\n",
        "def f(xs, i):\n    return xs[(i + 1) % len(xs)]\n",
    ),
    (
        "unguarded_index",
        "def f(xs, i):\n    while xs[i] < 3:\n        i += 1\n",
        "def f(xs, i):\n    while i < len(xs) and (xs[i] < 3):\n        i += 1\n",
    ),
    (
        "wrong_sign",
        "def f(kept, n):\n    kept.append(n)\n",
        "def f(kept, n):\n    kept.append(-n)\n",
    ),
    (
        "nothing_collected",
        "def f(xs):\n    out = []\n    for x in xs:\n        print(x)\n    return out\n",
        "def f(xs):\n    out = []\n    for x in xs:\n        print(x)\n        out.append(x)\n"
        "    return out\n",
    ),
    (
        "missing_else",
        "def f(s):\n    out = ''\n    for c in s:\n        if c == 'a':\n            out += 'b'\n"
        "    return out\n",
        "def f(s):\n    out = ''\n    for c in s:\n        if c == 'a':\n            out += 'b'\n"
        "        else:\n            out += c\n    return out\n",
    ),
    (
        "rest_lost",
        "def f(a, i, out):\n    while i < len(a):\n        i += 2\n    return out\n",
        "def f(a, i, out):\n    while i < len(a):\n        i += 2\n    return out + a[i:]\n",
    ),
    ("equal_values", "def f(xs):\n    return len(xs)\n", "def f(xs):\n    return len(set(xs))\n"),
    (
        "copy_first",
        "def f(xs):\n    xs.sort()\n    return xs\n",
        "def f(xs):\n    xs = xs.copy()\n    xs.sort()\n    return xs\n",
    ),
    (
        "class_attribute",
        "class A:\n    kept = []\n\n    def __init__(self):\n        self.n = 0\n",
        "class A:\n    kept = []\n\n    def __init__(self):\n        self.kept = []\n"
        "        self.n = 0\n",
    ),
    (
        "function_name",
        "class A:\n    def _init_(self):\n        self.n = 0\n",
        "class A:\n    def __init__(self):\n        self.n = 0\n",
    ),
    (
        "swap_loses_value",
        "def f(a, i, j):\n    a[i] = a[j]\n    a[j] = a[i]\n",
        "def f(a, i, j):\n    a[i], a[j] = a[j], a[i]\n",
    ),
    (
        "words_or_letters",
        "def f(text):\n    for word in text:\n        print(word)\n",
        "def f(text):\n    for word in text.split():\n        print(word)\n",
    ),
    (
        "letter_case",
        "def f(text):\n    for word in text.split():\n        print(word)\n",
        "def f(text):\n    for word in text.lower().split():\n        print(word)\n",
    ),
    (
        "sort_order",
        "def f(xs):\n    return sorted(xs, key=len)\n",
        "def f(xs):\n    return sorted(xs, key=len, reverse=True)\n",
    ),
    (
        "key_missing",
        "def f(d, k):\n    d[k] += 1\n",
        "def f(d, k):\n    d[k] = d.get(k, 0) + 1\n",
    ),
    (
        "key_missing",
        "def f(d, k):\n    d[k].append(1)\n",
        "def f(d, k):\n    d.setdefault(k, []).append(1)\n",
    ),
    (
        "replaces_total",
        "class A:\n    def add(self, n):\n        self.n = n\n",
        "class A:\n    def add(self, n):\n        self.n += n\n",
    ),
    (
        "order_of_operations",
        "def f(a, i, n):\n    return a.index(i + n) % 26\n",
        "def f(a, i, n):\n    return (a.index(i) + n) % 26\n",
    ),
    (
        "empty_round",
        "def f(d):\n    for name in d:\n        print(sum(d[name]))\n",
        "def f(d):\n    for name in d:\n        if not d[name]:\n            continue\n"
        "        print(sum(d[name]))\n",
    ),
    (
        "not_remembered",
        "def f(d):\n    best = most = 0\n    for k in d:\n        if d[k] > most:\n"
        "            best = k\n    return best\n",
        "def f(d):\n    best = most = 0\n    for k in d:\n        if d[k] > most:\n"
        "            best = k\n            most = d[k]\n    return best\n",
    ),
    (
        "else_in_loop",
        "def f(n, out):\n    for d in range(2, n):\n        if n % d == 0:\n            break\n"
        "        else:\n            out.append(n)\n            break\n",
        "def f(n, out):\n    for d in range(2, n):\n        if n % d == 0:\n            break\n"
        "    else:\n            out.append(n)\n",
    ),
    (
        "wrong_arithmetic",
        "def f(n):\n    return n / 3 == 0 or n / 5 == 0\n",
        "def f(n):\n    return n % 3 == 0 or n % 5 == 0\n",
    ),
    (
        "missing_call",
        "def f(xs, x):\n    xs.append.x\n",
        "def f(xs, x):\n    xs.append(x)\n",
    ),
]


@pytest.mark.parametrize(("cause", "wrong", "right"), CASES)
def test_a_mistake_is_undone(cause: str, wrong: str, right: str):
    made = [
        edited(wrong, edit.changes)
        for edit in all_edits(Program.read(wrong), ("f",))
        if edit.cause == cause
    ]
    assert right in made


def test_edits_come_in_the_same_order_every_time():
    text = "\n".join(wrong for _, wrong, _ in CASES if wrong.startswith("def f"))
    one, other = (list(all_edits(Program.read(text), ("f",))) for _ in range(2))
    assert one == other
    assert len({edit.key() for edit in one}) == len(one)
