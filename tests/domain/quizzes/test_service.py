"""Attempts on a real database: started once, answered, handed in once, whatever happens."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from domain.clock import ManualClock
from domain.errors import NotFound, Refusal
from domain.quizzes import asking, grading
from domain.quizzes.grading import Result
from domain.quizzes.sheet import load_question
from domain.quizzes.shown import Answered, Shown
from domain.quizzes.starting import Part
from domain.sql import sql
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course, make_course
from tests.domain.quizzes.taking import Taker

_COUNT = sql("SELECT count(*) FROM assessment_attempts WHERE user_id = :learner")


async def test_all_right_is_all_points(course: Course, taker: Taker):
    await taker.start(await course.quiz("all", shuffle=False))
    await taker.types(0, "b")
    await taker.types(1, "true")
    await taker.types(2, "a c")
    await taker.types(3, "addresses")
    await taker.types(4, "1 024")
    await right_by_text(taker, 5)
    await right_by_text(taker, 6)
    await taker.types(7, "network; IP")
    graded = await taker.submit()
    assert (graded.sheet.score, graded.sheet.max_score) == (Decimal("9.00"), Decimal("9.00"))
    assert graded.sheet.percentage == Decimal("100.00")
    assert graded.sheet.passed
    assert graded.outcome is not None
    assert graded.outcome.xp == 9


async def shown_places(taker: Taker, position: int) -> list[int]:
    """The places shown that make the right answer of a matching or ordering question."""
    async with taker.work() as conn:
        asked = await load_question(conn, taker.attempt, position)
    key = asked.question.key
    stored = getattr(key, "right_of", ()) or getattr(key, "order", ())
    return [asked.order.index(place) for place in stored]


async def right_by_text(taker: Taker, position: int):
    places = await shown_places(taker, position)
    shown = await taker.show(position)
    assert isinstance(shown, Shown)
    if shown.question.kind == "matching":
        text = " ".join(f"{n}{'ABCDEFGH'[place]}" for n, place in enumerate(places, start=1))
    else:
        text = " ".join(str(place + 1) for place in places)
    return await taker.types(position, text)


async def test_buttons_and_text_earn_the_same(course: Course, clock: ManualClock):
    quiz = await course.quiz("same")
    scores = []
    for way in ("text", "press"):
        taker = Taker(course.database, await course.learner(f"{way}-{course.slug}"), clock)
        await taker.start(quiz)
        if way == "text":
            for position, text in enumerate(["a", "f", "a b c"]):
                await taker.types(position, text)
            await right_by_text(taker, 5)
            await right_by_text(taker, 6)
        else:
            await taker.presses(0, 0)
            await taker.presses(1, 1)
            await taker.presses(2, 0, 1, 2)
            await taker.confirms(2)
            await taker.presses(5, *await shown_places(taker, 5))
            await taker.presses(6, *await shown_places(taker, 6))
            await taker.confirms(6)
        await taker.types(3, "ports")
        await taker.types(4, "1024")
        if way == "text":
            await taker.types(7, "network; UDP")
        else:
            await taker.types(7, "network")
            await taker.types(7, "UDP")
        graded = await taker.submit()
        async with taker.work() as conn:
            rows = [await load_question(conn, taker.attempt, n) for n in range(8)]
        scores.append((graded.sheet.score, [row.earned for row in rows]))
        assert graded.sheet.score == sum(row.earned for row in rows if row.earned is not None)
    assert scores[0] == scores[1]
    assert scores[0][0] == Decimal("4.00")


async def test_answer_is_replaced_until_it_is_handed_in(course: Course, taker: Taker):
    await taker.start(await course.quiz("replace", (samples.SINGLE,)))
    first = await taker.presses(0, 0)
    assert isinstance(first, Answered)
    assert first.mark is None
    assert first.right == ()
    await taker.presses(0, 1)
    assert (await taker.submit()).sheet.score == Decimal("2.00")
    again = await taker.presses(0, 0)
    assert isinstance(again, Result)
    assert again.sheet.score == Decimal("2.00")


async def test_handing_in_twice_gives_one_result_and_one_reward(course: Course, taker: Taker):
    await taker.start(await course.quiz("twice", (samples.SINGLE,)))
    await taker.presses(0, 1)
    first, second = await asyncio.gather(taker.submit(), taker.submit())
    rewarded = [one for one in (first, second) if one.outcome is not None]
    assert len(rewarded) == 1
    assert first.sheet.score == second.sheet.score


async def test_many_starts_at_once_are_one_attempt_and_the_fourth_is_refused(
    course: Course, taker: Taker
):
    quiz = await course.quiz("limit", (samples.SINGLE,), attempts=3)
    for number in range(1, 4):
        started = await asyncio.gather(*(taker.start(quiz) for _ in range(8)))
        assert len(set(started)) == 1
        taker.attempt = started[0]
        assert (await taker.submit()).sheet.number == number
    refused = await asyncio.gather(*(taker.start(quiz) for _ in range(8)), return_exceptions=True)
    assert all(isinstance(one, Refusal) for one in refused)
    assert "all 3 attempts" in str(refused[0])
    async with taker.work() as conn:
        count = await conn.execute(_COUNT, {"learner": taker.learner.user_id})
        assert count.scalar_one() == 3


async def test_after_the_deadline_what_there_was_is_handed_in(
    course: Course, taker: Taker, clock: ManualClock
):
    quiz = await course.quiz("timed", (samples.SINGLE, samples.TRUE_FALSE), limit=60)
    await taker.start(quiz)
    began = clock.now()
    await taker.presses(0, 1)
    clock.advance(timedelta(seconds=61))
    late = await taker.presses(1, 0)
    assert isinstance(late, Result)
    assert late.was_late
    assert late.sheet.score == Decimal("2.00")
    assert late.sheet.submitted_at == began + timedelta(seconds=60)
    assert isinstance(await taker.show(), Result)


async def test_worker_hands_in_what_nobody_came_back_for(
    course: Course, taker: Taker, clock: ManualClock
):
    await taker.start(await course.quiz("left", (samples.SINGLE,), limit=60))
    await taker.presses(0, 1)
    clock.advance(timedelta(minutes=5))
    async with course.database.worker_unit_of_work() as conn:
        assert await grading.grade_overdue(conn, clock.now())
    shown = await taker.show()
    assert isinstance(shown, Result)
    assert shown.sheet.passed
    assert not shown.was_late


async def test_order_stays_and_differs_between_learners(course: Course, clock: ManualClock):
    quiz = await course.quiz("shuffled", samples.ALL, shuffle=True)
    orders = []
    for number in range(4):
        taker = Taker(course.database, await course.learner(f"s{number}-{course.slug}"), clock)
        await taker.start(quiz)

        async def seen(taker: Taker = taker) -> list[object]:
            views = [await taker.show(position) for position in range(8)]
            return [(v.question.prompt, v.question.options) for v in views if isinstance(v, Shown)]

        first = await seen()
        assert first == await seen()
        orders.append(str(first))
    assert len(set(orders)) == 4


async def test_half_answers_survive_and_can_be_undone(course: Course, taker: Taker):
    await taker.start(await course.quiz("drafts", (samples.MULTI, samples.ORDERING)))
    await taker.show(0)
    await taker.presses(0, 0, 3, 3)
    shown = await taker.show()
    assert isinstance(shown, Shown)
    assert shown.draft == (0,)
    await taker.show(1)
    await taker.presses(1, 2, 0)
    async with taker.work() as conn:
        back = await asking.undo(conn, taker.learner.user_id, taker.attempt, 1, taker.clock.now())
    assert isinstance(back, Shown)
    assert back.draft == (2,)
    with pytest.raises(Refusal, match="placed that one already"):
        await taker.presses(1, 2)
    with pytest.raises(Refusal, match="3 more to go"):
        await taker.confirms(1)


async def test_hints_cost_and_exams_give_none(course: Course, taker: Taker):
    await taker.start(await course.quiz("hints", (samples.SINGLE,)))
    first = await taker.hint(0)
    assert isinstance(first, Shown)
    assert first.hints == ("Think of IP.",)
    assert first.hints_left == 1
    await taker.presses(0, 1)
    await taker.hint(0)
    with pytest.raises(Refusal, match="no more hints"):
        await taker.hint(0)
    assert (await taker.submit()).sheet.score == Decimal("1.20")
    await taker.start(await course.quiz("no-hints", (samples.SINGLE,), kind="exam"))
    with pytest.raises(Refusal, match="exam gives no hints"):
        await taker.hint(0)
    shown = await taker.show(0)
    assert isinstance(shown, Shown)
    assert shown.hints_left == 0


async def test_practice_says_at_once_and_settles(course: Course, taker: Taker):
    quiz = await course.quiz(
        "practice", (samples.SINGLE, samples.SHORT), kind="practice", reveal="after_question"
    )
    await taker.start(quiz)
    answered = await taker.presses(0, 0)
    assert isinstance(answered, Answered)
    assert answered.right == ("B. Network",)
    assert answered.remarks == ("Between ports.",)
    with pytest.raises(Refusal, match="answered this question"):
        await taker.presses(0, 1)
    close = await taker.types(1, "address")
    assert isinstance(close, Answered)
    assert not close.is_recorded
    right = await taker.types(1, "adresses")
    assert isinstance(right, Answered)
    assert right.mark is not None
    assert right.mark.is_correct


async def test_practice_is_not_in_the_grade_book(course: Course, taker: Taker):
    read = sql(
        "SELECT best_score, total_attempts, status FROM user_progress WHERE component_id = :quiz"
    )
    for kind, best in (("practice", None), ("graded", Decimal("100.00"))):
        quiz = await course.quiz(f"book-{kind}", (samples.SINGLE,), kind=kind)
        await taker.start(quiz)
        await taker.presses(0, 1)
        await taker.submit()
        async with taker.work() as conn:
            row = (await conn.execute(read, {"quiz": quiz})).one()
        assert tuple(row) == (best, 1, "completed")


async def test_pass_mark_counts_to_the_cent(course: Course, taker: Taker):
    for mark, passes in ((50, True), (51, False)):
        quiz = await course.quiz(f"mark-{mark}", (samples.MULTI,), mark=mark)
        await taker.start(quiz)
        await taker.types(0, "a")
        assert (await taker.submit()).sheet.passed is passes


async def test_draw_avoids_what_was_seen_and_says_how_many_exist(course: Course, taker: Taker):
    numbered = tuple(
        samples.SINGLE.model_copy(update={"prompt": f"Question {n}?"}) for n in range(6)
    )
    await course.bank("1.0", numbered)
    quiz = await course.quiz("draw", (), kind="practice", draw=({"domain": "1.0", "n": 3},))

    async def prompts() -> set[str]:
        views = [await taker.show(position) for position in range(3)]
        return {view.question.prompt for view in views if isinstance(view, Shown)}

    await taker.start(quiz)
    first = await prompts()
    await taker.submit()
    await taker.start(quiz)
    assert len(first | await prompts()) == 6
    await taker.submit()
    with pytest.raises(Refusal, match="There are 6 questions like that, and you asked for 7"):
        await taker.start(quiz, Part(7, "1.0"))
    with pytest.raises(Refusal, match="There are 0 questions"):
        await taker.start(quiz, Part(1, "9.0"))
    await taker.start(quiz, Part(6, "1.0", 2))
    assert (await taker.submit()).sheet.max_score == Decimal("12.00")


async def test_somebody_elses_attempt_is_not_found(
    course: Course, taker: Taker, clock: ManualClock
):
    await taker.start(await course.quiz("mine", (samples.SINGLE,)))
    other = Taker(course.database, await course.learner(f"eve-{course.slug}"), clock)
    other.attempt = taker.attempt
    for step in (other.show(), other.presses(0, 1), other.submit(), other.hint(0)):
        with pytest.raises(NotFound, match="somebody else"):
            await step


async def test_not_enrolled_is_told_where_to_join(course: Course, clock: ManualClock):
    quiz = await course.quiz("closed", (samples.SINGLE,))
    other = await make_course(course.database)
    stranger = Taker(course.database, await other.learner(f"stranger-{other.slug}"), clock)
    with pytest.raises(Refusal, match="Join the course"):
        await stranger.start(quiz)
    with pytest.raises(NotFound):
        await stranger.start(uuid4())
