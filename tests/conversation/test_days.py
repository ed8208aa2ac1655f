"""Streaks as a learner sees them, over days that a clock is moved through."""

from datetime import timedelta

from tests.support.conversation import finish_a_lesson

DAY = timedelta(days=1)


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
    assert "7 active days of a streak earn a freeze" in why


async def test_days_off_do_not_end_a_streak(person, clock):
    ada = person("restful")
    await finish_a_lesson(ada)  # a Monday
    off = await ada.says("/streak days wed-mon")
    assert "Days off: Tuesday." in off
    clock.advance(DAY)
    assert "1 day in a row. Today is free." in await ada.says("/streak")
    clock.advance(DAY)
    assert "1 day in a row. Today is still open." in await ada.says("/streak")
    assert "Tue 3 Mar: a day off" in await ada.says("/streak why")
    assert "Days off" not in await ada.says("/streak weekends on")
    assert "Saturday, Sunday" in await ada.says("/streak weekends off")
    assert "no weekday" in await ada.says("/streak days funday")
    assert "After /streak I know" in await ada.says("/streak sideways")


async def test_a_hidden_streak_is_nowhere_and_comes_back(person):
    ada = person("shy")
    await ada.types("/streak hide")
    assert "in a row" not in await finish_a_lesson(ada)
    for line in ("/streak", "/progress", "/start"):
        assert "in a row" not in await ada.says(line), line
    assert "1 day in a row" in await ada.says("/streak show")
    assert "1 day in a row" in await ada.says("/progress")


async def test_a_move_keeps_the_date_of_what_was_done_before(person):
    ada = person("traveller")
    await ada.types("/settings time Asia/Tokyo")
    await finish_a_lesson(ada)  # 03:00 on Tuesday there: the day has just begun
    await ada.types("/settings time America/Los_Angeles")
    why = await ada.says("/streak why")
    assert "Tue 3 Mar: done" in why
    assert "1 day in a row. Today is done." in why


async def test_time_at_a_page_is_counted_and_a_long_pause_is_not(person, clock):
    ada = person("timed")
    await ada.types("/learn tiny")
    clock.advance(timedelta(minutes=4))
    await ada.types("Next page")
    clock.advance(timedelta(minutes=45))
    await ada.types("Back")
    assert "4 min" in await ada.says("/progress")


async def test_a_date_that_a_flight_swallowed_is_named(person, clock):
    ada = person("flier")
    await ada.types("/settings time Europe/Warsaw")
    await finish_a_lesson(ada)
    clock.advance(timedelta(hours=26))
    await ada.types("/settings time Pacific/Kiritimati")
    assert "1 day in a row. Today is still open." in await ada.says("/streak")
    why = await ada.says("/streak why")
    assert "- Mon 2 Mar: done\n- Tue 3 Mar: left out by a new time zone\n- Wed 4 Mar:" in why
