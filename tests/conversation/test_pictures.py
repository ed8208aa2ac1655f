"""Pictures in the conversation: the same facts in words, and off when they are not wanted."""

from datetime import timedelta
from io import BytesIO

from PIL import Image

from bots.conversation.dialogue import Reply
from tests.support.conversation import finish_a_lesson

DAY = timedelta(days=1)


def pictured(reply: Reply) -> str:
    (file,) = reply.files
    assert file.name.endswith(".png")
    assert file.content.startswith(b"\x89PNG")
    return file.alt


def drawn(reply: Reply) -> Image.Image:
    return Image.open(BytesIO(reply.files[0].content))


async def test_the_calendar_says_what_became_of_the_days(person, clock):
    ada = person("dayly")
    await finish_a_lesson(ada)
    clock.advance(2 * DAY)
    await ada.types("/streak")
    (reply,) = await ada.types("Calendar")
    assert reply.text == (
        "Days since Mon 2 Mar: done 1, still open 1, nothing 1.\n\n"
        "- done: Mon 2 Mar\n- still open: Wed 4 Mar\n- nothing: Tue 3 Mar"
    )
    assert pictured(reply) == reply.text
    assert drawn(reply).height < 300  # weeks before the first day are left out
    for _ in range(2):
        clock.advance(8 * DAY)
        await ada.types("/streak weekends off")
    (reply,) = await ada.types("/streak calendar")
    assert "- nothing: Tue 3 Mar – Fri 13 Mar, Mon 16 Mar – Thu 19 Mar" in reply.text
    assert "- a day off: Sat 14 Mar – Sun 15 Mar" in reply.text


async def test_half_a_year_and_the_courses(person):
    ada = person("yearly")
    await finish_a_lesson(ada)
    await ada.types("/progress")
    (reply,) = await ada.types("Picture of my days")
    assert "Last 26 weeks: 1 active day. 1 thing finished. Most on Mon 2 Mar: 1." in reply.text
    assert "Week by week since Mon 2 Mar: 1." in reply.text
    assert pictured(reply) == reply.text
    (reply,) = await ada.types("/progress courses")
    assert "steps (" in reply.text
    assert pictured(reply) in reply.text


async def test_a_board_as_a_picture_keeps_its_words(person):
    ada = person("boarder")
    await finish_a_lesson(ada)
    await ada.types("/top week")
    (reply,) = await ada.types("Picture")
    assert "boarder 10 (you)" in reply.text
    assert "boarder: 10" in pictured(reply)


async def test_without_pictures_the_words_are_the_same(person):
    ada = person("wordy")
    await finish_a_lesson(ada)
    (with_picture,) = await ada.types("/streak calendar")
    assert "Pictures are off." in await ada.says("/settings pictures off")
    (without,) = await ada.types("/streak calendar")
    assert (with_picture.text, without.files) == (without.text, ())
    assert "on or off" in await ada.says("/settings pictures maybe")
    assert "Pictures are on." in await ada.says("/settings pictures on")
