"""How hard tasks turn out: right numbers, only for who teaches, and never about a few people."""

from datetime import timedelta

import pytest

from domain.analytics.calibration import Task, calibrate, wilson, work
from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from tests.domain.adaptivity.classroom import Class


@pytest.fixture
async def room(database: Database, clock: ManualClock) -> Class:
    return await Class.make(database, clock)


async def teacher_of(room: Class) -> Learner:
    teacher = await room.learner()
    await room.rows(
        "UPDATE courses SET owner_id = :teacher WHERE id = :course RETURNING id",
        teacher=teacher.user_id,
        course=room.course.id,
    )
    return teacher


async def test_numbers_are_counted_once_and_only_for_who_teaches(room: Class):
    hard, tried_by_few = await room.challenge(), await room.challenge()
    quiz = await room.quiz(2)
    people = [await room.learner() for n in range(8)]
    before = room.clock.now()
    for number, person in enumerate(people):
        for _ in range(3):
            await room.tries(person, hard, 0)
        if number == 0:
            await room.tries(person, hard, 4)
        await room.takes(person, quiz, "++" if number else "+-")
        await room.takes(person, quiz, "++")
    for person in people[:4]:
        await room.tries(person, tried_by_few, 4)
    await room.learned()
    teacher = await teacher_of(room)
    async with room.database.unit_of_work(teacher.user_id) as conn:
        found = await calibrate(conn, room.course.id)
        done = {one.component_id: one for one in await work(conn, room.course.id, before)}
        later = await work(conn, room.course.id, room.clock.now() + timedelta(days=1))
    assert later == []
    first = found[0]
    assert (first.component_id, first.learners, first.passed) == (hard, 8, 1)
    assert first.tries == 25 / 8
    assert first.first_share == 0
    assert first.verdict == "too hard"
    assert f"{first.verdict}: {first.pass_rate:.0%} pass" == "too hard: 12% pass"
    assert first.believed_level is not None
    assert first.believed_level > 2
    (whole,) = [one for one in found if one.component_id == quiz]
    assert (whole.learners, whole.passed, whole.tries) == (8, 8, 2)
    questions = [one for one in found if one.kind == "question"]
    assert sorted((one.learners, one.passed) for one in questions) == [(8, 7), (8, 8)]
    assert tried_by_few not in {one.component_id for one in found}
    assert set(done) == {hard, quiz}
    assert (done[hard].learners, done[hard].bouts) == (8, 25)
    assert done[quiz].bouts == 16
    assert done[quiz].errors == 1 / 16
    async with room.database.unit_of_work(people[0].user_id) as conn:
        assert await calibrate(conn, room.course.id) == []
        assert await work(conn, room.course.id, before) == []


def task(passed: int, learners: int, level: int | None, mean: float, variance: float) -> Task:
    return Task(
        "challenge", None, None, "T", level, learners, passed, 0.5, 1.0, 0.0, mean, variance
    )


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (task(1, 8, 2, 0.0, 0.5), "too hard"),
        (task(0, 2, 2, -1.4, 0.5), ""),
        (task(200, 200, 2, -3.0, 0.1), "too easy"),
        (task(40, 60, 1, 0.5, 0.05), "harder"),
        (task(40, 60, 1, 0.5, 5.0), ""),
        (task(50, 60, 5, -1.5, 0.05), "easier"),
        (task(40, 60, None, 0.5, 0.05), ""),
        (task(40, 60, 3, -0.8, 0.05), ""),
    ],
)
def test_a_verdict_needs_numbers(one: Task, verdict: str):
    assert one.verdict == verdict


def test_the_interval_is_wilsons():
    assert wilson(0, 0) == (0, 1)
    low, high = wilson(5, 10)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
    assert wilson(0, 10)[0] == pytest.approx(0)
