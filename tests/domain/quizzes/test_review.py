"""What is shown of an attempt afterwards, and what learners say about it."""

import pytest

from domain.errors import Refusal
from domain.quizzes import review
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course
from tests.domain.quizzes.taking import Taker


async def test_review_follows_the_policy(course: Course, taker: Taker):
    learner = taker.learner.user_id
    for reveal, shows in (("after_submit", True), ("never", False)):
        await taker.start(
            await course.quiz(f"review-{len(reveal)}", (samples.SINGLE,), reveal=reveal)
        )
        await taker.presses(0, 0)
        async with taker.work() as conn:
            with pytest.raises(Refusal, match="Hand the quiz in first"):
                await review.review(conn, learner, taker.attempt, 0)
        await taker.submit()
        async with taker.work() as conn:
            one = await review.review(conn, learner, taker.attempt, 0)
        assert one.own == ("A. Transport",)
        assert one.shows_key is shows
        assert bool(one.right) is shows
        assert bool(one.explanation) is shows


async def test_appeal_and_report_are_recorded_once(course: Course, taker: Taker):
    learner = taker.learner.user_id
    await taker.start(await course.quiz("appeal", (samples.SHORT, samples.SINGLE)))
    await taker.types(0, "MACs")
    await taker.types(1, "b")
    async with taker.work() as conn:
        with pytest.raises(Refusal, match="once the answer has been marked"):
            await review.appeal(conn, learner, taker.attempt, 0)
    await taker.submit()
    async with taker.work() as conn:
        assert await review.appeal(conn, learner, taker.attempt, 0, "a usual name")
        assert not await review.appeal(conn, learner, taker.attempt, 0)
        with pytest.raises(Refusal, match="marked right already"):
            await review.appeal(conn, learner, taker.attempt, 1)
        assert await review.report(conn, learner, taker.attempt, 1, "A typo.")
        assert not await review.report(conn, learner, taker.attempt, 1, "Again.")
        one = await review.review(conn, learner, taker.attempt, 0)
    assert one.appeal == "open"
