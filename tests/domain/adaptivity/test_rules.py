"""What the beliefs mean, and what is suggested, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DefaultClause

from domain.adaptivity import model, rules
from domain.adaptivity.model import Part
from domain.adaptivity.rules import Candidate, SkillLevel
from domain.adaptivity.service import Standing
from domain.adaptivity.suggesting import odds, ready_tasks, suggestions
from domain.adaptivity.tables import CONFIDENCE, AdaptiveState, SkillAbility
from domain.catalog.rules import Item

levels = st.integers(1, 5)
shares = st.floats(0, 1)
answers = st.tuples(st.sampled_from(["loops", "lists"]), shares, st.booleans(), levels)
candidates = st.builds(
    Candidate,
    st.uuids(),
    st.floats(0, 1),
    st.floats(-6, 6),
    st.floats(0.001, 2),
    st.sampled_from(["loops", "lists"]),
)


def test_a_new_row_holds_the_first_beliefs():
    for table, belief in ((AdaptiveState, model.ABILITY), (SkillAbility, model.SKILL_ABILITY)):
        for name in ("mean", "variance"):
            default = table.__table__.columns[f"ability_{name}"].server_default
            assert isinstance(default, DefaultClause)
            assert float(str(default.arg)) == getattr(belief, name)
    assert f"ability_variance / {model.ABILITY.variance}" in CONFIDENCE


@given(levels)
def test_a_level_is_what_its_author_says_until_somebody_tried(level: int):
    assert rules.level_of(rules.first_difficulty(level).mean) == level
    assert rules.first_difficulty(None) == rules.first_difficulty(3)


@given(st.floats(-20, 20), st.one_of(st.none(), levels), shares)
def test_the_next_level_is_a_level_and_no_fail_raises_it(
    ability: float, before: int | None, share: float
):
    after = rules.next_level(ability, before, share)
    assert 1 <= after <= 5
    if before is not None and share < rules.PASSED:
        assert after <= before


@given(st.lists(answers, max_size=30), st.lists(answers, min_size=3, max_size=3))
def test_three_fails_never_raise_the_suggestion_whatever_came_before(
    history: list[tuple[str, float, bool, int]], fails: list[tuple[str, float, bool, int]]
):
    standing = Standing()
    for skill, share, helped, level in history:
        task = Part(rules.first_difficulty(level), -1.0)
        standing.learn(skill, share, task, helped=helped)
    before = standing.next_level
    for skill, _, helped, level in fails:
        earlier = standing.ability.mean
        task = Part(rules.first_difficulty(level), -1.0)
        standing.learn(skill, 0.0, task, helped=helped)
        assert standing.ability.mean < earlier
    assert standing.next_level is not None
    assert before is None or standing.next_level <= before
    assert rules.fails_in_a_row(standing.trend) >= 3
    assert -1 <= rules.slope(standing.trend) <= 1
    assert 0 <= rules.confidence([standing.ability], [model.ABILITY]) <= 1
    assert len(standing.trend) <= rules.KEPT


@given(st.lists(candidates, max_size=12), st.floats(-6, 6))
def test_nothing_above_the_ceiling_is_chosen(found: list[Candidate], ceiling: float):
    for chosen in (
        rules.fitting(found, ceiling=ceiling, skill="loops"),
        rules.nearest(found, ceiling=ceiling),
    ):
        assert chosen is None or chosen.difficulty <= ceiling


def test_of_near_ones_the_less_known_is_tried_first():
    known = Candidate(uuid4(), 0.75, 0, 0.01, "loops")
    unknown = Candidate(uuid4(), 0.78, 0, 1.0, "loops")
    assert rules.fitting([known, unknown]) == unknown
    assert rules.fitting([known, replace(unknown, chance=0.9)]) == known
    assert rules.fitting([known, replace(unknown, skill="lists")], skill="lists") != known
    assert rules.fitting([replace(known, chance=0.95), replace(unknown, chance=0.3)]) is None


def test_the_trend_is_about_what_was_expected():
    assert rules.slope([[1, 0.5]] * 10) > 0.4
    assert rules.slope([[0.5, 0.9]] * 10) < -0.3
    # Harder tasks, solved as often as could be expected, are no decline.
    assert rules.slope([[1, 0.9], [0, 0.1]] * 5) == pytest.approx(0, abs=0.05)
    assert rules.slope([]) == 0


def level(skill: str, value: float, answered: int = 10) -> SkillLevel:
    return SkillLevel(skill, skill.title(), value, 0.5, answered)


def test_a_skill_lags_only_when_enough_is_known():
    assert rules.lagging([level("loops", 0.4), level("lists", 0.8)]) == level("loops", 0.4)
    assert rules.lagging([level("loops", 0.7), level("lists", 0.8)]) is None
    assert rules.lagging([level("loops", 0.4, 2), level("lists", 0.8)]) is None
    assert rules.lagging([]) is None


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.75, (3, 4)), (0.5, (1, 2)), (0.66, (2, 3)), (0.05, (1, 10)), (1.0, (9, 10)), (0.8, (4, 5))],
)
def test_a_chance_is_said_in_small_numbers(chance: float, words: tuple[int, int]):
    assert odds(chance) == words


def item(kind: str, *, done: bool = False, lesson: UUID | None = None, missing: int = 0) -> Item:
    status = "completed" if done else "not_started"
    key = uuid4()
    return Item(
        key, "k", "s", kind, "T", "U", key, lesson, False, True, False, 5, status, None, missing
    )


def course() -> list[Item]:
    """Lesson, its quiz, its challenge; another lesson, its quiz; a final quiz."""
    one, two = item("lesson", done=True), item("lesson")
    return [
        one,
        item("quiz", lesson=one.id),
        item("challenge", lesson=one.id),
        two,
        item("quiz", lesson=two.id),
        item("quiz"),
    ]


def tasks(items: Sequence[Item], *chances: float) -> list[Candidate]:
    return [
        Candidate(one.id, chance, -chance, 0.5, "loops")
        for one, chance in zip(ready_tasks(items), chances, strict=True)
    ]


def test_only_what_was_read_is_practised():
    items = course()
    assert ready_tasks(items) == items[1:3]
    items[1] = replace(items[1], missing=1)
    assert ready_tasks(items) == items[2:3]
    items[3] = replace(items[3], status="completed")
    assert ready_tasks(items) == [items[2], *items[4:]]


def test_what_fits_comes_before_reading_and_what_does_not_after():
    items = course()
    found = suggestions(items, tasks(items, 0.3, 0.74), due=4)
    assert [one.why for one in found] == ["due", "fits", "read", "hard"]
    assert [one.item for one in found[1:]] == [items[2], items[3], items[1]]
    lagging = level("loops", 0.4)
    found = suggestions(items, tasks(items, 0.97, 0.65), lagging=lagging)
    assert [one.why for one in found] == ["lags", "read", "easy"]


def test_after_fails_there_is_always_something_gentle():
    items = course()
    hard = tasks(items, 0.7, 0.72)
    found = suggestions(items, hard, ceiling=-0.71, fails=3)
    assert [one.why for one in found] == ["eases", "read"]
    items[3] = replace(items[3], status="completed")
    items[1] = replace(items[1], status="in_progress")
    hard = tasks(items[:4], 0.7, 0.72)
    assert [one.why for one in suggestions(items, hard, ceiling=-5, fails=1)] == ["begun"]
    items[1] = replace(items[1], status="not_started")
    (again,) = suggestions(items, hard, ceiling=-5, fails=1)
    assert (again.why, again.item) == ("again", items[0])
    assert suggestions([replace(one, status="completed") for one in items], []) == []
