"""Help, settings, saved pages, and everything typed wrongly."""

import pytest

from bots.conversation.unknown import MEANT
from bots.conversation.vocabulary import BY_NAME, VERBS


async def test_help_lists_every_command_and_explains_each(person):
    ada = person("helped")
    text = await ada.says("/help")
    for verb in VERBS:
        assert f"/{verb.name}" in text
        assert verb.line in await ada.says(f"/help {verb.name}")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/lern", "There is no command /lern"),
        ("/help nonsense", "There is no command /nonsense"),
        ("hello there", "I did not get that"),
        ("/learn astrophysics", "I know no course called “astrophysics”"),
        ("/courses level:huge", "There is no level “huge”"),
        ("/courses tag:", "Write the filter without a space"),
        (f"/quiz {'9' * 5000}", "Ask for 1 to 50 questions"),
        ("/settings colour", "No setting “colour”"),
        ("/settings day 09:00", "between 00:00 and 06:00"),
        ("/settings language xx", "I speak these languages"),
        ("/settings display huge", "Display can be full or compact"),
        ("/saved", "Nothing is saved yet"),
        ("/save", "Open a lesson first"),
        ("/progress", "You have not joined a course yet"),
    ],
)
async def test_wrong_input_says_what_to_do_next(person, line: str, answer: str):
    assert answer in await person("clumsy").says(line)


@pytest.mark.parametrize("line", ["help", " HELP ", "progress", "stop"])
async def test_a_command_without_its_slash_is_understood(person, line: str):
    ada = person("slashless")
    assert await ada.says(line) == await ada.says(f"/{line.strip()}")


async def test_code_that_nothing_asked_for_says_where_it_belongs(person):
    assert "Open a challenge first" in await person("eager").says("```python\nprint(1)\n```")


async def test_a_misspelt_command_offers_the_nearest(person):
    ada = person("misspeller")
    await ada.types("/lern")
    assert ada.labels[0] == "/learn"
    await ada.types("/learn")
    assert "no open course" in (await ada.says("/learn"))


@pytest.mark.parametrize(
    ("line", "label"),
    [("/leaderboard", "/top"), ("/help board", "/top"), ("/achievements", "/badges")],
)
async def test_another_word_for_a_command_offers_that_command(person, line: str, label: str):
    ada = person("newcomer")
    await ada.types(line)
    assert ada.labels == [label]


def test_other_words_lead_to_commands_and_are_none_themselves():
    assert set(MEANT.values()) <= set(BY_NAME)
    assert not set(MEANT) & set(BY_NAME)


@pytest.mark.parametrize("wish", ["tinny", "Tiyn corse", "A TINNY COURSE"])
async def test_a_misspelt_course_offers_the_nearest(person, wish: str):
    ada = person("typist")
    assert "Did you mean one of these?" in await ada.says(f"/courses {wish}")
    assert ada.labels[0] == "tiny"
    await ada.types(f"/learn {wish}")
    assert ada.labels[0] == "/learn tiny"


async def test_an_unknown_language_is_answered_with_those_there_are(person):
    ada = person("polyglot")
    assert "There are courses in: en." in await ada.says("/courses lang:xx")
    assert "1 course." in await ada.says("lang:en")


async def test_learner_text_is_shown_as_it_was_typed(person):
    ada = person("tricky")
    assert "“**bold** `x` @everyone”" in await ada.says("/learn **bold** `x` @everyone")


async def test_time_zone_by_typing_after_a_prompt(person):
    ada = person("traveller")
    reply = (await ada.types("/settings time"))[-1]
    assert reply.prompt is not None
    assert "I do not know the time zone" in await ada.says("atlantis")
    assert "Europe/Warsaw" in await ada.says("warsaw")
    assert "19:00" in await ada.says("/settings")


async def test_an_offset_is_shown_as_it_is_written(person):
    ada = person("offset")
    assert "Your time zone is UTC+2. It is 20:00 there" in await ada.says("/settings time +2")
    assert "Time zone: UTC+2" in await ada.says("/settings")
    assert "Your zone is UTC+2" in await ada.says("/streak")
    assert "No place uses that offset" in await ada.says("/settings time +99")
    assert "Time zone: UTC+2" in await ada.says("/settings")


async def test_a_command_ends_a_prompt(person):
    ada = person("changed-mind")
    await ada.types("/settings time")
    await ada.types("/stop")
    assert "I did not get that" in await ada.says("warsaw")


async def test_compact_display_asks_for_no_blank_lines(person):
    ada = person("brief")
    await ada.types("/settings display Compact")
    assert (await ada.types("/help"))[-1].compact


async def test_save_a_page_with_a_note_and_open_it_again(person):
    ada = person("saver")
    await ada.types("/learn tiny")
    await ada.types("Next page")
    await ada.types("Save")
    assert "Your note: look * again\n\n1 saved" in await ada.says("look * again")
    listed = await ada.says("/saved")
    assert "1. A tiny course, Boxes, page 2: look * again" in listed
    assert "box = 3" in await ada.says("Open 1")
    await ada.types("/saved")
    await ada.types("Delete 1")
    assert "Nothing is saved yet" in await ada.says("/saved")


async def test_a_note_over_500_characters_is_refused_and_nothing_changes(person):
    ada = person("novelist")
    await ada.types("/learn tiny")
    assert "500 characters; yours has 501" in await ada.says("/save " + "x" * 501)
    assert "Nothing is saved yet" in await ada.says("/saved")


async def test_privacy_counts_what_is_stored(person):
    ada = person("curious")
    await ada.types("/learn tiny")
    text = await ada.says("/privacy")
    assert "courses you joined: 1" in text
    assert "No password" in text
    assert "stored encrypted" in text


async def test_two_learners_do_not_see_each_other(person):
    ada, bob = person("ada-alone"), person("bob-alone")
    await ada.types("/learn tiny")
    assert "You have not joined a course yet" in await bob.says("/progress")
