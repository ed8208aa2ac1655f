"""Flashcards as a learner meets them: today's cards, writing, forgetting, files."""

import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from domain.database import Database
from tests.support.conversation import Person
from tests.support.courses import TINY, teach

DAY = timedelta(days=1)
CARDS = """id,front,back,tags
print,What shows text?,`print`,out
name,"What keeps a value?","a **name**",
loop,What repeats?,a loop,
"""


@pytest.fixture
async def with_cards(router, database: Database, tmp_path: Path):
    """The sample course with a deck."""
    folder = tmp_path / "course" / "tiny"
    shutil.copytree(TINY, folder)
    (folder / "cards").mkdir()
    (folder / "cards" / "basics.csv").write_text(CARDS, encoding="utf-8")
    await teach(database, folder)


async def joined(person: Callable[[str], Person], name: str) -> Person:
    ada = person(name)
    await ada.types("/learn tiny")
    return ada


async def test_a_sitting_with_a_courses_cards(person, clock, with_cards):
    ada = await joined(person, "sitter")
    overview = await ada.says("/cards")
    assert "3 cards for today." in overview
    assert "Basics: 3 cards" in overview
    front = await ada.says("Begin")
    assert "Card 1 of 3" in front
    assert "What shows text?" in front
    assert "print" not in front
    back = await ada.says("Show")
    assert "Answer: print" in back
    assert [label.split(" · ")[0] for label in ada.labels[:4]] == ["Again", "Hard", "Good", "Easy"]
    assert [label.split(" · ")[1] for label in ada.labels[:4]] == [
        "1 min",
        "6 min",
        "10 min",
        "8 d",
    ]
    clock.advance(timedelta(seconds=20))
    assert "Card 2 of 3" in await ada.says(ada.labels[0])  # again
    assert "a name" in await ada.says("any typed word shows the back")
    assert "Card 3 of 3" in await ada.says("easy")
    await ada.types("Show")
    assert "Once more" in await ada.says("4")  # the one that was forgotten comes again
    await ada.types("Show")
    done = await ada.says("Easy")
    assert "Done: 3 cards today" in done
    assert "+10 XP" in done
    assert "Your streak starts today" in done
    assert "No cards are left for today" in await ada.says("/cards")
    clock.advance(9 * DAY)
    assert "3 cards for today" in await ada.says("/cards")
    assert "1 day in a row" not in await ada.says("/streak")


async def test_a_second_press_on_an_old_button_changes_nothing(person, with_cards):
    ada = await joined(person, "presser")
    await ada.types("/cards")
    await ada.types("Begin")
    await ada.types("Show")
    old = ada.door.buttons
    await ada.types(ada.labels[3])
    ada.door.buttons = old
    again = await ada.says(old[3].label)
    assert "Card 2 of 3" in again


async def test_only_a_few_and_one_set(person, with_cards):
    ada = await joined(person, "few")
    for number in range(7):
        await ada.types(f"/cards add front {number} | back {number}")
    assert "10 cards for today" in await ada.says("/cards")
    assert "Card 1 of 5" in await ada.says("Only 5")
    assert "Card 1 of 7 · My cards" in await ada.says("/cards my")
    assert "Card 1 of 3 · Basics" in await ada.says("/cards basics")
    assert "no set called" in await ada.says("/cards nonsense")


async def test_own_cards_are_written_changed_and_deleted(person):
    ada = person("writer")
    assert "no cards yet" in await ada.says("/cards")
    assert "Type the card like this" in await ada.says("/cards add")
    assert "Kept in" in await ada.says("What is <b> *here*? | a tag & more")
    assert "Kept in" in await ada.says("second = two")
    assert "its back is new" in await ada.says("second = 2")
    assert "both sides" in await ada.says("/cards add one side only")
    assert "two sides" in await ada.says("/cards add x |")
    front = await ada.says("/cards my")
    assert "What is <b> *here*?" in front
    assert "It is now" in await ada.says("Edit")
    assert "Changed: third" in await ada.says("third | 3")
    assert "third" in await ada.says("Go on")
    await ada.types("Edit")
    assert "Deleted: third" in await ada.says("Delete card")
    assert "My cards: 1 card" in await ada.says("/cards")


async def test_a_courses_card_is_rewritten_as_an_own_one(person, with_cards):
    ada = await joined(person, "rewriter")
    await ada.types("/cards basics")
    assert "a copy of your own" in await ada.says("Edit")
    await ada.types("What prints? | print()")
    overview = await ada.says("/cards")
    assert "My cards: 1 card" in overview
    assert "3 cards for today" in overview  # the course's own is away


async def test_a_stubborn_card_can_rest(person, clock):
    ada = person("forgetful")
    await ada.types("/cards add hard one | answer")
    for _ in range(6):
        await ada.types("/cards my")
        await ada.types("Show")
        await ada.types("4")
        clock.advance(60 * DAY)
        await ada.types("/cards my")
        await ada.types("Show")
        shown = await ada.says("again")
        clock.advance(DAY)
    assert "stubborn" in shown
    assert "It rests for 30 days" in await ada.says("Rest 30 days")
    assert "No cards are left" in await ada.says("/cards")


async def test_a_missed_question_becomes_a_card(person):
    ada = await joined(person, "misser")
    question = await ada.says("/quiz tiny-boxes-quiz")
    for _ in range(2):
        wrong = re.search(r"([A-C])\. Two things", question)
        await ada.types(wrong[1] if wrong else "7")
        question = await ada.says("Next" if "Next" in ada.labels else "See the result")
    await ada.types("Review")
    assert "It is a card in “Missed questions” now" in await ada.says("Make a card")
    await ada.types("Back to the question")
    await ada.types("Result")
    assert "2 questions are in “Missed questions” now" in await ada.says("Missed ones to cards")
    await ada.types("Result")
    await ada.types("Review")
    assert "a card already" in await ada.says("Make a card")
    assert "Missed questions: 2 cards" in await ada.says("/cards")


async def test_decks_go_out_and_come_back(person, tmp_path):
    ada = person("carrier")
    assert "no cards to export" in await ada.says("/cards export")
    await ada.types("/cards add one | 1")
    await ada.types("/cards add two, too | 2")
    (reply,) = await ada.types("/cards export")
    (file,) = reply.files
    assert (file.name, file.alt) == ("my-cards.apkg", "2 cards")
    path = tmp_path / "deck.apkg"
    path.write_bytes(file.content)
    bob = person("receiver")
    assert "My cards: 2 new, 0 known already" in await bob.says(f"/cards import {path}")
    assert "My cards: 0 new, 2 known already" in await bob.says(f"/cards import {path}")
    (reply,) = await bob.types("/cards export csv")
    table = tmp_path / "words.csv"
    table.write_bytes(reply.files[0].content + b"k,only a front,,\n")
    told = await ada.says(f"/cards import {table}")
    assert "words: 2 new" in told
    assert "1 card left out: a side is empty" in told
    path.with_suffix(".csv").write_text("only fronts\nand nothing else\n")
    refused = await bob.says(f"/cards import {path.with_suffix('.csv')}")
    assert refused == "Nothing was imported:\n\n- 2 cards left out: a side is empty."


async def test_what_is_no_deck_is_refused(person, tmp_path):
    ada = person("careless")
    assert "Send the file" in await ada.says("/cards import")
    bad = tmp_path / "bad.apkg"
    bad.write_bytes(b"not a zip")
    assert "damaged" in await ada.says(f"/cards import {bad}")
    with zipfile.ZipFile(bad, "w") as package:
        package.writestr("../up", b"x")
    assert "names that do not belong" in await ada.says(f"/cards import {bad}")
    text = tmp_path / "song.mp3"
    text.write_bytes(b"x")
    assert "neither" in await ada.says(f"/cards import {text}")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"\n")
    assert "no cards in" in await ada.says(f"/cards import {empty}")
