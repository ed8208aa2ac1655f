"""Goals, badges and boards as a learner meets them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bots.conversation.flows.goals.dates import date_from
from bots.conversation.flows.goals.words import Wish, minutes_from, wish_from
from domain.authoring.achievements import apply_achievements, read_shared
from domain.authoring.shipped import FOLDER
from domain.database import Database
from domain.errors import Refusal
from tests.support.conversation import finish_a_lesson

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("20", 20), ("20m", 20), ("20 min", 20), ("1h", 60), ("0", 0), ("lots", None), ("-5", None)],
)
def test_lengths_of_time(typed: str, minutes: int | None):
    assert minutes_from(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("2026-12-01", "en", date(2026, 12, 1)),
        ("1 Dec", "en", date(2026, 12, 1)),
        ("Dec 1 2027", "en", date(2027, 12, 1)),
        ("1.12.", "en", date(2026, 12, 1)),
        ("1 Feb", "en", date(2027, 2, 1)),
        ("2 Mar", "en", TODAY),
        ("29 Feb", "en", date(2028, 2, 29)),
        ("1 grudnia", "pl", date(2026, 12, 1)),
        ("1 Dec", "pl", date(2026, 12, 1)),
        ("tomorrow", "en", date(2026, 3, 3)),
        ("Friday", "en", date(2026, 3, 6)),
        ("tues", "en", date(2026, 3, 3)),
        ("Monday", "en", date(2026, 3, 9)),  # today is one
        ("in 2 weeks", "en", date(2026, 3, 16)),
        ("in 12 months", "en", date(2027, 3, 2)),
        ("piątku", "pl", date(2026, 3, 6)),
        ("środy", "pl", date(2026, 3, 4)),
        ("za 3 dni", "pl", date(2026, 3, 5)),
    ],
)
def test_dates_as_people_write_them(typed: str, language: str, day: date):
    assert date_from(typed, TODAY, language) == day


@pytest.mark.parametrize("typed", ["soon", "31 Feb", "1 2 3 4", "40", "99 99", ""])
def test_what_is_no_date_is_refused(typed: str):
    with pytest.raises(Refusal, match="no date"):
        date_from(typed, TODAY, "en")


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("50 cards by 1 Dec", Wish("", "cards", 50, date(2026, 12, 1))),
        ("12 lessons", Wish("", "lessons", 12, None)),
        ("1 quiz", Wish("", "quizzes", 1, None)),
        ("1 challenge", Wish("", "challenges", 1, None)),
        (
            '"Finish OSI" by 1 Dec metric:lessons target:12',
            Wish("Finish OSI", "lessons", 12, date(2026, 12, 1)),
        ),
        ("“Ten by two” 10 days", Wish("Ten by two", "days", 10, None)),
        ("1,000 xp", Wish("", "xp", 1000, None)),
        ("2 500 XP", Wish("", "xp", 2500, None)),
        ("50cards", Wish("", "cards", 50, None)),
        ("-5 lessons by 1 Dec", Wish("", "lessons", -5, date(2026, 12, 1))),
        ("12 lekcji do 1 grudnia", Wish("", "lessons", 12, date(2026, 12, 1))),
        ("read 5 lessons by Friday", Wish("", "lessons", 5, date(2026, 3, 6))),
        ("50 cards in 2 weeks", Wish("", "cards", 50, date(2026, 3, 16))),
    ],
)
def test_goals_as_people_write_them(typed: str, wish: Wish):
    assert wish_from(typed, TODAY, "pl", {"lekcji": "lessons"}) == wish


@pytest.mark.parametrize("typed", ["12.5 lessons", "1,00 xp", "lessons", "x5 cards"])
def test_what_is_no_whole_number_is_refused(typed: str):
    with pytest.raises(Refusal, match="How much"):
        wish_from(typed, TODAY, "en")


async def test_a_goal_is_set_reached_and_dropped(person, clock):
    ada = person("goalie")
    assert "No daily goal" in await ada.says("/goal")
    told = await ada.says("/goal new 1 lesson by 9 Mar")
    assert "Goal set: 1 lesson." in told
    assert "You have time until Mon 9 Mar." in told
    assert "Goal set: Read a lot" in await ada.says('/goal new "Read a lot" 20 lessons')
    assert "0 of 20 lessons" in await ada.says("/goal")
    assert "Goal reached: 1 lesson." in await finish_a_lesson(ada)
    shown = await ada.says("/goal")
    assert "1 of 1 lesson, reached on Mon 2 Mar" in shown
    assert "1 of 20 lessons" in shown
    assert "Goal set: 5 quizzes." in await ada.says("/goal 5 quizzes by 3 Mar")
    await ada.types("/goal")
    assert "**" not in await ada.says("Change: Read a lot")
    assert "Dropped: Read a lot" in await ada.says("Drop it")
    clock.advance(3 * DAY)
    assert "its date is over; what you did is not lost" in await ada.says("/goal")


async def test_minutes_of_a_day(person, clock):
    ada = person("minuter")
    assert "Today: 0 of 10 min. 10 more to go." in await ada.says("/goal 10m")
    await ada.types("/learn tiny")
    clock.advance(timedelta(minutes=6))
    await ada.types("Next page")
    assert "Today: 6 of 10 min. 4 more to go." in await ada.says("/goal")
    clock.advance(timedelta(minutes=5))
    await ada.types("/learn tiny")
    assert "That is today's goal." in await ada.says("/goal")
    clock.advance(DAY)
    assert "Today: 0 of 10 min" in await ada.says("/goal")
    assert "No daily goal" in await ada.says("/goal off")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/goal 0", "1 to 1,440 minutes"),
        ("/goal 1441", "1 to 1,440 minutes"),
        ("/goal 25h", "1 to 1,440 minutes"),
        ("/goal soon", "did not get that goal"),
        ("/goal 5 dragons", "did not get that goal"),
        ("/goal -5 cards", "a number from 1 up"),
        ("/goal new nothing", "How much should it be"),
        ("/goal new 5 dragons", "A goal counts one of these"),
        ("/goal new 0 cards", "a number from 1 up"),
        ("/goal new -5 cards", "a number from 1 up"),
        ("/goal new 5 cards by 2026-03-01", "That date is over"),
        ("/goal new 5 cards by the end", "is no date"),
    ],
)
async def test_a_goal_that_makes_no_sense_is_refused(person, line: str, words: str):
    assert words in await person("senseless").says(line)


async def test_a_goal_can_be_asked_for(person):
    ada = person("asked")
    assert "What is the goal?" in await ada.says("/goal new")
    assert "Goal set: 3 days." in await ada.says("3 days")
    assert "Dropped: 3 days" in await ada.says("Drop it")


async def test_a_goal_is_changed_and_what_was_done_still_counts(person):
    ada = person("changer")
    await finish_a_lesson(ada)
    told = await ada.says("/goal new 1 lesson by 9 Mar")
    assert "It is reached already: what you did today counts, too." in told
    assert "1 of 1 lesson, reached on Mon 2 Mar" in await ada.says("Change it")
    assert "a number from 1 up" in await ada.says("-4 lessons")
    told = await ada.says('"More" 8 lessons by 8 Mar')
    assert "Goal set: More. About 1 a day until Sun 8 Mar." in told
    told = await ada.says("/goal new 3 quizzes by 29 Feb")
    assert "Goal set: 3 quizzes. You have time until Tue 29 Feb 2028." in told
    assert "About 4 a week until Sun 15 Mar." in await ada.says("/goal new 7 quizzes by 15 Mar")
    assert "More: 1 of 8 lessons, by Sun 8 Mar" in await ada.says("/goal")
    assert "Dropped: More" in (await ada.says("Change: More"), await ada.says("Drop it"))[1]


async def test_goals_whose_date_is_over_make_room(person, clock):
    ada = person("collector")
    for number in range(10):
        await ada.types(f"/goal new {number + 1} quizzes by 2 Mar")
    assert "You have 10 open goals" in await ada.says("/goal new 12 quizzes")
    clock.advance(2 * DAY)
    assert "Goal set: 12 quizzes." in await ada.says("/goal new 12 quizzes")
    await ada.types("/goal new 12 quizzes")
    await ada.types("/goal")
    assert {"Change: 12 quizzes", "Change: 12 quizzes (2)"} <= set(ada.labels)
    assert len(ada.labels) == len(set(ada.labels))


async def test_goals_are_set_in_polish(person):
    ada = person("polka")
    await ada.types("/settings language pl")
    assert "12 lekcji" in await ada.says("/goal new 12 lekcji do 1 grudnia")
    assert "2 fiszki" in await ada.says("/goal new 2 fiszki")
    assert "0 z 12 lekcji" in await ada.says("/goal")


async def test_badges_show_what_is_earned_and_what_is_near(person, database: Database):
    ada = person("badger")
    assert "no badges here yet" in await ada.says("/badges")
    shared = read_shared(FOLDER / "achievements.yaml")
    assert shared
    async with database.worker_unit_of_work() as conn:
        await apply_achievements(conn, shared)
    assert "0 badges earned" in await ada.says("/badges")
    done = await finish_a_lesson(ada)
    assert "Badge: First step, +5 XP." in done
    assert "+10 XP, 10 in all." in done
    shown = await ada.says("/badges")
    assert "1 badge earned." in shown
    assert "First step, common, 2 Mar 2026: Finish a lesson." in shown
    assert "Reader: 1 of 10" in shown
    assert "Brings 10 XP and 1 freeze" in shown
    async with database.worker_unit_of_work() as conn:
        await apply_achievements(conn, ())


async def test_boards_are_the_groups_first_and_hiding_works_at_once(person, database: Database):
    ada, bob = person("first-one"), person("second-one")
    assert "You are not on this board yet" in await ada.says("/top week")
    await finish_a_lesson(ada)
    await finish_a_lesson(bob)
    course = await ada.says("/top")
    assert "steps done (as of 18:00)" in course
    assert "1. first-one 1 (you)" in course
    assert "1. second-one 1" in course  # ties share a place
    assert "2. first-one 10 (you)\n2. changer 10\n2. goalie 10\n2. second-one 10" in await ada.says(
        "This week"
    )
    assert "not know you in any group" in await ada.says("/top group")
    assert "You are not on boards" in await ada.says("/top hide")
    assert "first-one" not in await bob.says("/top week")
    await ada.types("/top show")
    assert "first-one" in await bob.says("/top all")
    assert "no board" in await ada.says("/top nonsense")
    async with database.worker_unit_of_work() as conn:
        await conn.execute(
            text(
                "WITH c AS (INSERT INTO communities (platform, place_id, title) VALUES"
                " ('terminal', 'terminal:first-one', 'OSI group') RETURNING id)"
                " INSERT INTO memberships (user_id, community_id)"
                " SELECT user_id, c.id FROM identities, c WHERE subject = 'first-one'"
            )
        )
    group = await ada.says("/top")
    assert "This week in OSI group" in group
    assert "second-one" not in group
    assert "not know you in any group" in await bob.says("/top group")


async def test_the_board_of_a_challenge(person):
    ada = person("coder")
    await ada.types("/learn tiny")
    assert "best scores" in await ada.says("/top tiny-double")


async def test_a_badge_says_what_it_brought(person, database: Database, tmp_path: Path):
    listed = {"gift": "points: 5\n  freezes: 1", "bare": "points: 0"}
    for code, brings in listed.items():
        listed[code] = (
            f"{code}:\n  name: {code}\n  description: d\n  counts: lessons\n  target: 1\n"
        )
        listed[code] += f"  {brings}\n"
    path = tmp_path / "achievements.yaml"
    path.write_text("".join(listed.values()))
    shared = read_shared(path)
    assert shared
    async with database.worker_unit_of_work() as conn:
        await apply_achievements(conn, shared)
    done = await finish_a_lesson(person("gifted"))
    assert "Badge: bare. See all: /badges" in done
    assert "Badge: gift, +5 XP and 1 freeze. See all: /badges" in done
    async with database.worker_unit_of_work() as conn:
        await apply_achievements(conn, ())
