"""Streaks as a learner sees them, over days that a clock is moved through."""

from datetime import timedelta

from tests.support.conversation import Person

DAY = timedelta(days=1)


async def finish_a_lesson(ada: Person) -> str:
    await ada.types("/learn tiny")
    for label in ("Next page", "Finish lesson"):
        if label in ada.labels:
            await ada.types(label)
    return ada.replies[-1].text


async def test_the_streak_grows_by_the_day_and_ends_after_a_missed_one(person, clock):
    ada = person("regular")
    assert "Finish a lesson, and the first one counts" in await ada.says("/streak")
    assert "day 1" in await finish_a_lesson(ada)
    assert "Today is done" in await ada.says("/streak")
    clock.advance(DAY)
    assert "1 day in a row. Today is still open." in await ada.says("/streak")
    await ada.types("/learn tiny")
    clock.advance(DAY)
    assert "your longest is 1" in await ada.says("/streak")


async def test_streak_why_shows_the_days_and_the_rule(person):
    ada = person("asker")
    await finish_a_lesson(ada)
    why = await ada.says("/streak why")
    assert "The rule:" in why
    assert "Mon 2 Mar: done" in why


async def test_time_at_a_page_is_counted_and_a_long_pause_is_not(person, clock):
    ada = person("timed")
    await ada.types("/learn tiny")
    clock.advance(timedelta(minutes=4))
    await ada.types("Next page")
    clock.advance(timedelta(minutes=45))
    await ada.types("Back")
    assert "4 min" in await ada.says("/progress")
