"""From /start to a finished lesson, in few steps, and back again."""

import asyncio

from sqlalchemy import text

from bots.conversation.controls import control, parse
from bots.conversation.dialogue import Press, Reply
from tests.support.conversation import Person

_FINISH = text("""
    UPDATE enrollments SET status = 'completed', completed_at = now()
    WHERE user_id = (SELECT user_id FROM identities WHERE subject = :name)
""")


async def press(person: Person, payload: str) -> list[Reply]:
    """Press a button that may be on the screen no more."""
    event = person.door._event(Press(payload))
    return [reply async for reply in person.door.router.answer(event)]


async def test_a_newcomer_reads_within_two_actions(person):
    ada = person("newcomer")
    assert "What do you want to learn?" in await ada.says("/start")
    page = await ada.says("A tiny course")
    assert "You joined A tiny course." in page
    assert "Boxes · Lesson 1 of 3 · page 1 of 2" in page
    assert "A box holds one thing." in page


async def test_learn_by_a_word_joins_and_opens(person):
    ada = person("by-word")
    assert "A box holds one thing." in await ada.says("/learn tiny")


async def test_pages_turn_both_ways(person):
    ada = person("turner")
    await ada.types("/learn tiny")
    assert "box = 3" in await ada.says("Next page")
    assert "A box holds" in await ada.says("Back")


async def test_finishing_counts_once_and_offers_what_is_next(person):
    ada = person("finisher")
    await ada.types("/learn tiny")
    await ada.types("Next page")
    done = await ada.says("Finish lesson")
    assert "Boxes is finished. 1 of 6 steps (16.67 %)." in done
    assert "+10 XP, 10 in all." in done
    assert "Your streak starts today: day 1." in done
    assert ada.labels[:2] == ["Take quiz", "Next lesson"]
    await ada.types("/learn tiny")
    again = await ada.types("/progress")
    assert "1 of 6 steps" in again[-1].text


async def test_a_second_press_on_finish_gives_nothing_more(person):
    ada = person("double-press")
    await ada.types("/learn tiny")
    await ada.types("Next page")
    finish = next(button for button in ada.door.buttons if button.label == "Finish lesson")
    await ada.types("Finish lesson")
    event = ada.door._event(Press(finish.payload))
    replies = [reply async for reply in ada.door.router.answer(event)]
    assert "You have read" in replies[-1].text
    assert "10 XP" in await ada.says("/progress")


async def test_it_continues_where_it_stopped(person):
    ada = person("resumer")
    await ada.types("/learn tiny")
    await ada.types("Next page")
    back = person("resumer")
    assert "box = 3" in await back.says("/learn")


async def test_a_locked_lesson_says_what_is_missing(person):
    ada = person("locked")
    await ada.types("/learn tiny")
    await ada.types("Contents")
    await ada.types("Unit 2")
    assert "opens when you have finished: Boxes" in await ada.says("Open 1")


async def test_without_a_course_learn_says_where_to_find_one(person):
    ada = person("nothing-yet")
    assert "You have no open course" in await ada.says("/learn")
    assert ada.labels == ["/courses"]


async def test_a_preview_opens_without_joining_and_other_lessons_do_not(person):
    ada = person("looker")
    await ada.types("/courses tiny")
    await ada.types("A tiny course")
    assert "A box holds" in await ada.says("Preview")
    await ada.types("Contents")
    await ada.types("Unit 1")
    assert "Join the course to read it" in await ada.says("Open 3")


async def test_an_old_or_foreign_button_says_so(person):
    ada = person("stale")
    for payload in ("v0:x", "nonsense", control("nosuch"), control("courses", None, "9" * 20)):
        event = ada.door._event(Press(payload))
        replies = [reply async for reply in ada.door.router.answer(event)]
        assert "older message" in replies[-1].text


async def test_a_page_beyond_the_end_opens_the_last(person):
    ada = person("beyond")
    await ada.types("/learn tiny")
    lesson = next(button for button in ada.door.buttons if button.label == "Next page")
    event = ada.door._event(Press(lesson.payload[:-1] + "99"))
    replies = [reply async for reply in ada.door.router.answer(event)]
    assert "page 2 of 2" in replies[-1].text


async def test_many_messages_of_one_person_at_once_are_all_answered(person):
    devices = [person("hasty") for _ in range(12)]
    await devices[0].types("/start")
    lines = ["/settings time", "/learn tiny", "/save"] * 4
    await devices[0].types("/learn tiny")
    said = await asyncio.gather(*map(Person.says, devices, lines))
    assert all("Where are you?" in text for text in said[::3])
    assert all("page 1 of 2" in text for text in said[1::3])
    assert all("1 saved in all." in text for text in said[2::3])


async def test_leaving_a_course_keeps_what_was_done(person):
    ada = person("leaver")
    await ada.types("/learn tiny")
    for line in ("Next page", "Finish lesson", "/courses tiny", "A tiny course", "Leave course"):
        await ada.types(line)
    leave = ada.door.buttons[0].payload
    for _ in range(2):  # pressed twice, it is left once
        assert "You left A tiny course" in (await press(ada, leave))[-1].text.replace("*", "")
    assert "You have not joined a course yet" in await ada.says("/progress")
    assert "You joined A tiny course" in await ada.says("/learn tiny")
    assert "1 of " in await ada.says("/progress")


async def test_a_finished_course_cannot_be_left(person, database):
    ada = person("finisher")
    await ada.types("/learn tiny")
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_FINISH, {"name": "finisher"})
    await ada.types("/courses tiny")
    await ada.types("A tiny course")
    assert "Leave course" not in ada.labels
    course = parse(ada.door.buttons[0].payload).target
    for argument in ("", "yes"):
        replies = await press(ada, control("leave", course, argument))
        assert "A tiny course" in replies[-1].text
        assert "Leave" not in str(replies[-1].buttons)
    assert "A tiny course" in await ada.says("/progress")
