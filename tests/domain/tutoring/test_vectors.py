"""Vectors as numbers: length 1, half precision, nearness with its floor, two rankings as one."""

import math
from random import Random

import pytest

from domain.tutoring.vectors import LEAST_FOREIGN, fused, nearness, normalised, packed

RANDOM = Random(19)  # noqa: S311 - repeatable


def somewhere(size: int = 32) -> tuple[float, ...]:
    return normalised([RANDOM.gauss(0, 1) for _ in range(size)])


def test_a_vector_gets_length_one_and_what_is_none_is_refused() -> None:
    assert normalised([3, 4]) == (0.6, 0.8)
    assert math.hypot(*normalised([1e-200, 1e-200])) == pytest.approx(1)
    for values in ([], [0.0, 0.0], [math.nan, 1.0], [math.inf, 1.0]):
        with pytest.raises(ValueError, match="not a vector"):
            normalised(values)


def test_what_is_kept_is_as_near_as_what_was_given() -> None:
    asked, others = somewhere(768), [somewhere(768) for _ in range(50)]
    exact = [math.fsum(a * b for a, b in zip(asked, other, strict=True)) for other in others]
    found = nearness(b"".join(map(packed, others)), asked, b"")
    assert found.cosines == pytest.approx(exact, abs=1e-4)
    assert found.floor is None
    assert nearness(b"", asked, b"").cosines == []


def test_the_floor_lies_above_what_foreign_questions_reach() -> None:
    kept, foreign = (b"".join(packed(somewhere()) for _ in range(n)) for n in (40, 30))
    found = nearness(kept, somewhere(), foreign)
    assert found.floor is not None
    assert max(found.cosines) < found.floor < 1
    assert nearness(kept, somewhere(), foreign[: 64 * (LEAST_FOREIGN - 1)]).floor is None
    alike = nearness(kept, somewhere(), kept[:64] * LEAST_FOREIGN).floor
    assert alike == pytest.approx(1, abs=1e-2)


def test_two_rankings_become_one() -> None:
    scores = fused("abc", "bd")
    assert sorted(scores, key=lambda key: scores[key], reverse=True) == ["b", "a", "d", "c"]
    assert fused([], []) == {}
