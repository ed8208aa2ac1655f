"""The rung of help climbs by work and time, one at a time, and never by asking again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tutoring.rungs import HIGHEST, WAITS, Rung, Standing, decide, distinct

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


def test_the_first_request_after_a_try_gives_a_question_and_without_one_the_evidence() -> None:
    assert decide(None, 1, HIGHEST, NOW) == Rung(1, WAITS[2])
    assert decide(None, 0, HIGHEST, NOW).level == 0


@pytest.mark.parametrize(
    ("submissions", "minutes", "level"), [(1, 0, 1), (1, 2, 1), (1, 3, 2), (2, 0, 2), (9, 60, 2)]
)
def test_one_rung_for_new_work_or_for_a_wait(submissions: int, minutes: int, level: int) -> None:
    standing = Standing(1, 1, NOW)
    later = NOW + timedelta(minutes=minutes)
    assert decide(standing, submissions, HIGHEST, later).level == level


def test_who_handed_in_nothing_does_not_climb_by_waiting() -> None:
    assert decide(Standing(0, 0, NOW), 0, HIGHEST, NOW + timedelta(days=9)).level == 0


def test_a_course_may_allow_less_and_then_nothing_more_opens() -> None:
    assert decide(Standing(3, 5, NOW), 6, 2, NOW) == Rung(2, None)
    assert decide(None, 3, 0, NOW) == Rung(0, None)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), min_size=1, max_size=30))
def test_asking_never_climbs_faster_than_work_and_time(steps: list[tuple[int, int]]) -> None:
    standing, submissions, now = None, 1, NOW
    most = 1.0
    for new, minutes in steps:
        submissions += new
        now += timedelta(minutes=minutes)
        rung = decide(standing, submissions, HIGHEST, now)
        most += new + minutes / 3
        assert rung.level <= most
        assert standing is None or rung.level - standing.level in {0, 1}
        if standing is None or rung.level > standing.level:
            standing = Standing(rung.level, submissions, now)
        assert (rung.more_in is None) == (rung.level == HIGHEST)


def test_blanks_and_comments_make_no_new_program() -> None:
    one = {"a.py": "def f(x):\n    return x\n"}
    same = {"a.py": "# please help\ndef f( x ):\n\n    return   x\n"}
    assert distinct([one, same]) == 1
    assert distinct([one, {"a.py": "def f(x):\n    return -x\n"}]) == 2
    assert distinct([{"a.py": "def f(:"}, {"a.py": "def  f(:\n"}, {"a.py": "def g(:"}]) == 2
    assert distinct([{"a.html": "<p>x</p>"}, {"a.html": " <p>x</p>\n"}]) == 1
