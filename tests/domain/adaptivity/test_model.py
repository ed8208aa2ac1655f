"""The learner model by its properties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.adaptivity import model
from domain.adaptivity.model import Belief, Mastery, Part, Skill

means = st.floats(-9, 9)
variances = st.floats(model.LEAST_VARIANCE, 3)
beliefs = st.builds(Belief, means, variances)
shares = st.floats(0, 1)
masteries = st.builds(Mastery, beliefs, st.floats(0, 500), st.floats(0, 500))
skills = st.builds(Skill, beliefs, beliefs, beliefs)


def flipped(part: Part) -> Part:
    return Part(Belief(-part.belief.mean, part.belief.variance), part.weight, part.drift)


@given(
    st.lists(st.builds(Part, beliefs, st.sampled_from([1.0, -1.0, 0.5, -0.25])), min_size=1), shares
)
def test_right_and_wrong_are_mirror_images(parts: list[Part], share: float):
    expected, after = model.update(parts, share)
    mirrored, other = model.update([flipped(part) for part in parts], 1 - share)
    assert mirrored == pytest.approx(1 - expected, abs=1e-9)
    for one, two in zip(after, other, strict=True):
        assert two.mean == pytest.approx(-one.mean, abs=1e-9)
        assert two.variance == pytest.approx(one.variance, abs=1e-9)


@given(st.lists(st.builds(Part, beliefs, st.floats(-3, 3)), min_size=1), shares)
def test_a_chance_is_a_chance_and_doubt_shrinks_but_never_ends(parts: list[Part], share: float):
    expected, after = model.update(parts, share)
    assert 0 <= expected <= 1
    for part, belief in zip(parts, after, strict=True):
        assert model.LEAST_VARIANCE <= belief.variance <= part.belief.variance
        assert math.isfinite(belief.mean)
        assert abs(belief.mean) <= model.FURTHEST


@given(beliefs, beliefs, shares)
def test_each_side_moves_towards_what_happened(ability: Belief, item: Belief, share: float):
    expected, (mine, its) = model.update([Part(ability), Part(item, -1.0)], share)
    assert (mine.mean - ability.mean) * (share - expected) >= 0
    assert (its.mean - item.mean) * (share - expected) <= 0


@given(beliefs, st.lists(st.tuples(masteries, skills), min_size=1, max_size=4), beliefs, shares)
def test_one_side_alone_learns_what_it_would_have_learned_beside_the_other(
    ability: Belief, known: list[tuple[Mastery, Skill]], item: Belief, share: float
):
    had, have = [mastery for mastery, _ in known], [skill for _, skill in known]
    mine, its = model.learner_parts(ability, had), model.task_parts(item, have, had)
    expected, after = model.update(mine + its, share)
    alone, mine_after = model.update([*mine, model.as_one(its)], share)
    _, its_after = model.update([model.as_one(mine), *its], share)
    assert alone == pytest.approx(expected)
    for one, two in zip(after, mine_after[:-1] + its_after[1:], strict=True):
        assert two.mean == pytest.approx(one.mean)
        assert two.variance == pytest.approx(one.variance)
    assert len(model.skills_of(its_after[2:])) == len(have)


@given(means, variances, variances)
def test_more_doubt_draws_the_chance_to_one_half(mean: float, less: float, more: float):
    sure, unsure = (model.chance(mean, doubt) for doubt in sorted((less, more)))
    assert abs(unsure - 0.5) <= abs(sure - 0.5) + 1e-12


@given(shares)
def test_help_never_counts_more_than_a_half(share: float):
    assert model.counted(share, helped=False) == share
    assert model.counted(share, helped=True) == min(share, 0.5)


@pytest.mark.parametrize("chance", [0.01, 0.25, 0.5, 0.75, 0.99])
def test_a_logit_is_a_chance_in_other_words(chance: float):
    assert model.sigmoid(model.logit_of(chance)) == pytest.approx(chance)
    assert model.sigmoid(-1000) == 0
    assert model.sigmoid(1000) == 1


def test_somebody_who_solves_hard_things_is_found_out_soon():
    """One unknown learner against tasks of known difficulty: the belief finds the truth."""
    ability = model.ABILITY
    for number in range(200):
        difficulty = Belief(1.0 + (number % 5) / 10, model.LEAST_VARIANCE)
        truth = model.sigmoid(1.5 - difficulty.mean)
        # The share that such a person solves on average stands for each answer.
        _, (ability, _) = model.update([Part(ability), Part(difficulty, -1.0)], truth)
    assert ability.mean == pytest.approx(1.5, abs=0.1)
    assert ability.variance < 0.05
