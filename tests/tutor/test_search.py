"""How the search goes on when one edit is not enough, and whom it believes."""

from collections import Counter

from domain.grading import Grader
from tests.tutor.programs import TOTAL, call_task
from tutor.diagnosis.candidates import Candidate, Nearness, needed, promising
from tutor.diagnosis.diagnose import diagnose
from tutor.diagnosis.inside.values import canonical, plain
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.search import edited
from tutor.diagnosis.wants import claimed
from tutor.ladder import ladder
from tutor.told import text_of

UNIQUE = call_task(
    "unique",
    (([1, 1, 2],), [1, 2]),
    (([],), []),
    (([3, 1, 3],), [3, 1]),
    (([5],), [5]),
    (([2, 2, 2, 4],), [2, 4]),
)


async def test_mistakes_that_hide_each_other_are_found_one_after_the_other():
    """The first exception hides the second, and neither change alone passes a test more."""
    text = (
        "def unique(values):\n    kept = []\n    result = []\n    for one in values:\n"
        "        if one not in kept:\n            kpt += [one]\n            resullt.append(one)\n"
        "    return result\n"
    )
    async with Grader() as grader:
        found = await diagnose(grader, UNIQUE, {"main.py": text}, budget_s=20)
    assert found.confidence == "validated"
    assert [edit.cause for edit in found.edits] == ["misspelt_name", "misspelt_name"]
    assert found.repaired is not None
    assert "kept += [one]\n            result.append(one)" in found.repaired


async def test_three_small_changes_are_found_and_counted():
    text = (
        "def total(numbers):\n    result = 1\n    for one in range(numbers):\n"
        "        result -= one\n    return result\n"
    )
    async with Grader() as grader:
        found = await diagnose(grader, TOTAL, {"main.py": text}, budget_s=20)
    assert found.confidence == "validated"
    assert len(found.edits) == 3
    assert "Three small changes" in text_of(ladder(found)[3])


async def test_what_one_test_leaves_behind_for_the_next_is_seen():
    task = call_task("doubled", (([1],), [2]), (([2],), [4]), (([],), []))
    text = (
        "def doubled(values, kept=[]):\n    for one in values:\n        kept.append(2 * one)\n"
        "    return kept\n"
    )
    async with Grader() as grader:
        found = await diagnose(grader, task, {"main.py": text}, budget_s=20)
    assert found.confidence == "validated"
    assert found.cause is not None
    assert found.cause.key == "mutable_default"


def test_a_claim_about_one_value_is_taken_apart():
    assert claimed({"code": "assert Box(2).take() == [1, 2]"}) == ("Box(2).take()", [1, 2])
    assert claimed({"code": "assert area(2) == approx(4)"}) is None
    assert claimed({"code": "assert area(2) > 4"}) is None
    assert claimed({"code": "assert printed() == 'Hello'"}) is None
    assert claimed({"code": "x = 1\nassert x == 1"}) is None
    assert claimed({"source": "def test_it():\n    pass"}) is None


def test_a_claim_is_met_by_what_python_calls_equal():
    assert canonical(plain(Counter("aab"))) == canonical({"a": 2, "b": 1})
    assert plain(True) is True
    assert plain(3.5) == 3.5


def test_values_are_the_nearer_the_liker_they_are():
    nearness = Nearness(["v[1,2,3]", "v10", None])
    order = ["xNameError@2", "vNone", "v'a'", "v[1]", "v[1,2]"]
    near = [nearness.of(0, outcome) for outcome in order]
    assert near == sorted(near)
    assert near[2] < near[3] < near[4] < 1
    assert nearness.of(1, "v11") > nearness.of(1, "v19") > nearness.of(1, "x")
    assert 0 < nearness.of(2, "v1") < 1


def test_an_exception_further_on_is_a_step_but_not_one_that_the_change_raises_itself():
    nearness = Nearness(["v1"], reached={1, 2})
    before, points = {0: "v0"}, {0: 0.3}
    further, _ = nearness.whole({0: "xTypeError@5"}, (), before, points, line=2)
    itself, _ = nearness.whole({0: "xTypeError@2"}, (), before, points, line=2)
    assert further > 0.3 > itself


def candidate(line: int, outcome: str, gain: float, cause: str = "boundary") -> Candidate:
    edit = Edit(cause, line, (Change(line, line, "x"),))
    return Candidate((edit,), f"{line}{cause}", 1.0, frozenset(), {0: outcome}, gain, {}, gain)


def test_of_programs_that_behave_alike_only_few_go_on():
    alike = [candidate(line, "v1", 0.5) for line in range(1, 9)]
    other = candidate(9, "v2", 0.1)
    still = candidate(10, "v3", 0.0)
    chosen = promising([*alike, other, still], 5, 0.02)
    assert other in chosen
    assert still not in chosen
    assert len([one for one in chosen if one in alike]) == 2


def test_an_edit_that_a_later_one_replaced_is_not_told():
    text = "if a not in b:\n    c.append(a)\n"
    first = Edit("reversed_condition", 1, (Change(5, 11, "in"),))
    second = Edit("method_gives_none", 2, (Change(15, 26, "d.append(a)"),))
    third = Edit("wrong_condition", 1, (Change(3, 9, "a in d"),))
    for edit in (first, second, third):
        text = edited(text, edit.changes)
    assert text == "if a in d:\n    d.append(a)\n"
    assert needed((first, second, third)) == (second, third)
    assert needed((first, second)) == (first, second)
