"""The learner model on a real database: what a result leaves behind, once and for all."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from domain import ids
from domain.adaptivity.items import learn_items, rebuild_items
from domain.adaptivity.rebuild import rebuild_evidence, rebuild_model
from domain.adaptivity.service import learn_from_quiz
from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.quizzes import asking, service
from tests.domain.adaptivity.classroom import RIGHT, Class


@pytest.fixture
async def room(database: Database, clock: ManualClock) -> Class:
    return await Class.make(database, clock)


@pytest.fixture
async def ada(room: Class) -> Learner:
    return await room.learner()


async def test_a_result_moves_skill_trend_and_confidence(room: Class, ada: Learner):
    await room.takes(ada, await room.quiz(6), "++++++")
    good = await room.state(ada)
    assert good.observations == 6
    assert good.ability_mean > 0
    assert 0.5 < good.current_skill_level <= 1
    assert 0 < good.confidence_score < 1
    assert all(share == 1 and 0 < said < 1 for share, said in good.performance_trend)
    await room.takes(ada, await room.quiz(6), "------")
    bad = await room.state(ada)
    assert bad.current_skill_level < good.current_skill_level
    assert bad.confidence_score > good.confidence_score
    assert bad.next_difficulty <= good.next_difficulty


async def test_an_answer_is_learned_from_once_however_often_it_arrives(room: Class, ada: Learner):
    quiz = await room.quiz(3)
    attempt = await room.takes(ada, quiz, "+-+")
    before = await room.everything()
    for _ in range(2):
        async with room.database.unit_of_work(ada.user_id) as conn:
            assert await learn_from_quiz(conn, attempt) == 0
    assert await room.everything() == before
    # A second go at the same questions says more of memory; what it was like is kept all the same.
    await room.takes(ada, quiz, "+++")
    after = await room.everything()
    assert after["adaptive_state"] == before["adaptive_state"]
    assert len(after["analytics_events"]) == len(before["analytics_events"]) + 1


async def test_questions_left_out_say_nothing(room: Class, ada: Learner):
    await room.takes(ada, await room.quiz(4), "+   ")
    assert (await room.state(ada)).observations == 1


async def test_somebody_who_reads_only_has_no_state(room: Class, ada: Learner):
    assert not await room.rows(
        "SELECT 1 FROM adaptive_state WHERE user_id = :learner", learner=ada.user_id
    )


async def test_the_first_submission_counts_by_its_share_and_half_at_most_with_help(
    room: Class, ada: Learner
):
    shares = []
    for passed, more in ((4, {}), (2, {}), (4, {"hints": 3}), (4, {"cost": 5}), (0, {})):
        challenge = await room.challenge()
        await room.tries(ada, challenge, passed, **more)
        await room.tries(ada, challenge, 4)
        shares.append((await room.state(ada)).performance_trend[-1][0])
    assert shares == [1, 0.5, 0.5, 0.5, 0]
    assert (await room.state(ada)).observations == 5


async def test_strong_help_of_the_tutor_counts_as_help(room: Class, ada: Learner):
    shares = []
    for level in (2, 3):
        challenge = await room.challenge()
        async with room.database.worker_unit_of_work() as conn:
            await conn.execute(
                text(
                    "INSERT INTO ai_interactions (id, user_id, component_id, message_type,"
                    " user_message, ai_response, level)"
                    " VALUES (:id, :learner, :challenge, 'hint_request', 'Help', 'A hint', :level)"
                ),
                {
                    "id": ids.uuid7(room.clock.now()),
                    "learner": ada.user_id,
                    "challenge": challenge,
                    "level": level,
                },
            )
        attempt = await room.tries(ada, challenge, 4)
        shares.append((await room.state(ada)).performance_trend[-1][0])
        (bout,) = await room.rows(
            "SELECT help_requests FROM analytics_events WHERE id = :id", id=attempt
        )
        assert bout.help_requests == 1
    assert shares == [1, 0.5]


async def test_three_fails_never_raise_what_comes_next(room: Class, ada: Learner):
    await room.takes(ada, await room.quiz(12), "+" * 12)
    levels = [(await room.state(ada)).next_difficulty]
    for _ in range(4):
        await room.tries(ada, await room.challenge(), 0)
        levels.append((await room.state(ada)).next_difficulty)
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < levels[0]


async def test_what_was_learned_can_be_derived_again_to_the_last_digit(room: Class):
    people = [await room.learner() for _ in range(3)]
    quizzes = [await room.quiz(4) for _ in range(2)]
    challenges = [await room.challenge() for _ in range(2)]
    for number, person in enumerate(people):
        await room.takes(person, quizzes[0], ("++-+", "----", "+-+ ")[number])
        if number == 1:
            await room.learned()  # the tasks are known a little when the others come
        await room.tries(person, challenges[number % 2], number)
        await room.takes(person, quizzes[1], "+-++")
    await room.learned()
    before = await room.everything()
    assert all(before.values())
    async with room.database.worker_unit_of_work() as conn:
        for query in (
            "UPDATE adaptive_state SET ability_mean = 3, observations = 99, next_difficulty = 5",
            "UPDATE skill_abilities SET rights = 70, ability_variance = 2",
            "INSERT INTO skill_abilities (user_id, course_id, skill)"
            " SELECT user_id, course_id, 'field:none' FROM adaptive_state",
            "DELETE FROM question_difficulties",
            "UPDATE item_difficulties SET difficulty_mean = -4",
            "UPDATE skill_difficulties SET right_mean = 2, observations = 0",
            "UPDATE analytics_events SET errors_made = 77, engagement_level = 'low'",
            "DELETE FROM analytics_events WHERE code_quality_score IS NULL",
        ):
            await conn.execute(text(query))
        everybody = (
            (await conn.execute(text("SELECT DISTINCT user_id FROM skill_evidence")))
            .scalars()
            .all()
        )
        for person in everybody:
            assert await rebuild_evidence(conn, person) == 0
            await rebuild_model(conn, person)
        done = [some async for some in rebuild_items(conn)]
    assert done
    assert await room.everything() == before


async def test_answers_from_before_the_model_are_learned_from_when_derived_again(
    room: Class, ada: Learner
):
    await room.takes(ada, await room.quiz(4), "+-+-")
    await room.tries(ada, await room.challenge(), 3)
    async with room.database.worker_unit_of_work() as conn:
        for table in ("skill_evidence", "adaptive_state", "skill_abilities"):
            await conn.execute(
                text(f"DELETE FROM {table} WHERE user_id = :user"), {"user": ada.user_id}
            )
        assert await rebuild_evidence(conn, ada.user_id) == 5
        await rebuild_model(conn, ada.user_id)
        assert await rebuild_evidence(conn, ada.user_id) == 0
    assert (await room.state(ada)).observations == 5


async def test_two_learners_who_were_joined_have_one_order(room: Class):
    one, two = [await room.learner() for _ in range(2)]
    await room.takes(one, await room.quiz(3), "+++")
    await room.takes(two, await room.quiz(3), "---")
    async with room.database.worker_unit_of_work() as conn:
        await conn.execute(
            text("UPDATE skill_evidence SET user_id = :one WHERE user_id = :two"),
            {"one": one.user_id, "two": two.user_id},
        )
    async with room.database.unit_of_work(one.user_id) as conn:
        await rebuild_model(conn, one.user_id, joined=True)
    together = await room.state(one)
    assert [share for share, _ in together.performance_trend] == [1, 1, 1, 0, 0, 0]
    turns = await room.rows(
        "SELECT turn FROM skill_evidence WHERE user_id = :one ORDER BY 1", one=one.user_id
    )
    assert [row.turn for row in turns] == [1, 2, 3, 4, 5, 6]
    async with room.database.worker_unit_of_work() as conn:
        await rebuild_model(conn, one.user_id)
    assert await room.state(one) == together


async def test_many_learners_in_one_quiz_do_not_wait_for_each_other(room: Class):
    quiz = await room.quiz(4)
    people = [await room.learner() for _ in range(6)]
    async with AsyncExitStack() as open_ones:  # graded, and not committed until all are
        for person in people:
            conn = await open_ones.enter_async_context(room.database.unit_of_work(person.user_id))
            attempt = ids.uuid7(room.clock.now())
            await service.start(conn, person, quiz, attempt, room.clock.now())
            for position in range(4):
                await asking.type_answer(
                    conn, person.user_id, attempt, position, RIGHT, room.clock.now()
                )
            async with asyncio.timeout(30):
                await service.submit(conn, person.user_id, attempt, room.clock.now())
    await room.learned()
    found = await room.rows(
        "SELECT d.observations, d.difficulty_mean FROM question_difficulties d"
        " JOIN assessment_questions a USING (question_id) WHERE a.assessment_id = :quiz",
        quiz=quiz,
    )
    assert [row.observations for row in found] == [6] * 4
    assert all(row.difficulty_mean < -1.6 for row in found)  # easier than its author says


async def test_results_of_one_learner_at_the_same_time_all_count(room: Class, ada: Learner):
    quizzes = [await room.quiz(3) for _ in range(3)]
    challenge = await room.challenge()
    await asyncio.gather(
        *(room.takes(ada, quiz, "+-+") for quiz in quizzes), room.tries(ada, challenge, 4)
    )
    state = await room.state(ada)
    assert (state.observations, len(state.performance_trend)) == (10, 10)
    async with room.database.worker_unit_of_work() as conn:
        await rebuild_model(conn, ada.user_id)
    assert await room.state(ada) == state


async def test_two_workers_learn_each_answer_once(room: Class):
    people = [await room.learner() for _ in range(3)]
    quiz = await room.quiz(4)
    for person in people:
        await room.takes(person, quiz, "+-+-")

    async def work() -> int:
        async with room.database.worker_unit_of_work() as conn:
            return await learn_items(conn, 5)

    done = await asyncio.gather(*(work() for _ in range(4)))
    assert sum(done) + await room.learned() >= 12
    (row,) = await room.rows(
        "SELECT count(DISTINCT learned_as) AS numbers, count(*) AS answers FROM skill_evidence"
        " WHERE component_id = :quiz",
        quiz=quiz,
    )
    assert (row.numbers, row.answers) == (12, 12)


async def test_a_bout_says_what_an_attempt_was_like(room: Class, ada: Learner):
    quiz = await room.takes(ada, await room.quiz(4), "++- ")
    challenge = await room.challenge()
    async with room.database.unit_of_work(ada.user_id) as conn:
        await conn.execute(
            text(
                "INSERT INTO user_progress (user_id, component_id, status, started_at)"
                " VALUES (:learner, :challenge, 'in_progress', :at)"
            ),
            {"learner": ada.user_id, "challenge": challenge, "at": room.clock.now()},
        )
    first = await room.tries(ada, challenge, 1)
    second = await room.tries(ada, challenge, 4)
    third = await room.tries(ada, challenge, 4)
    found = {row.id: row for row in (await room.everything())["analytics_events"]}
    one = found[quiz]
    assert (one.duration_seconds, one.errors_made, one.completion_rate) == (15, 1, 50)
    assert one.code_quality_score is None
    assert [found[key].errors_made for key in (first, second)] == [3, 0]
    assert [found[key].completion_rate for key in (first, second)] == [25, 100]
    assert [found[key].duration_seconds for key in (first, second, third)] == [60, 60, 60]
    assert [found[key].code_quality_score for key in (first, second)] == [None, 88]
    assert [found[key].engagement_level for key in (first, second, third)] == [
        "medium",
        "medium",
        "high",
    ]
