"""/learn next: something that fits, why, another one, and no."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bots.conversation.dialogue import Command
from domain.database import Database
from tests.support.account import Account

WRONG = "def double(box):\n    return box\n"


@pytest.fixture
def account(router, clock):
    """Somebody at a terminal who has joined the tiny course."""

    async def make(name: str) -> Account:
        someone = Account(router, clock, "terminal", name)
        await someone.says("/learn tiny")
        return someone

    return make


async def reads(account: Account, pages: int = 2) -> str:
    """Read the lesson that is open, to its end."""
    for _ in range(pages - 1):
        await account.presses("Next page")
    return await account.presses("Finish lesson")


async def test_without_a_course_it_says_what_to_do(router, clock):
    nobody = Account(router, clock, "terminal", "no-course-yet")
    assert "Choose one" in await nobody.says("/learn next")


async def test_a_newcomer_is_told_to_read_first(account):
    ada = await account("reader")
    said = await ada.says("/learn next")
    assert said.startswith("**Boxes** · lesson")
    assert ada.labels == ["Start", "Another", "Not now"]
    assert "A box holds **one** thing." in await ada.presses("Start")


async def test_what_was_read_can_be_practised_and_the_reason_is_said(account):
    ada = await account("practiser")
    await reads(ada)
    said = await ada.says("/learn next tiny")
    assert "Your chance here is about" in said
    assert " in " in said
    assert "I know little about you yet" in said
    other = await ada.presses("Another")
    assert other != said
    while "Another" in ada.labels:
        other = await ada.presses("Another")
    assert "That is all that is open" in other
    assert await ada.presses("From the best again") == said
    assert "whenever you like" in await ada.presses("Not now")
    assert await ada.presses("Suggest again") == said


async def test_locked_things_are_never_suggested(account):
    ada = await account("locked-out")
    seen = [await ada.says("/learn next")]
    while "Another" in ada.labels:
        seen.append(await ada.presses("Another"))
    assert not any("The end" in said or "quiz" in said.partition("\n")[0] for said in seen)


async def test_cards_that_are_due_come_first(account, database: Database, clock):
    ada = await account("forgetful")
    await ada.says("/cards add 2 ** 3 | 8")
    await ada.says("/cards")
    await ada.presses("Begin")
    await ada.presses("Show")
    await ada.says("3")
    clock.advance(timedelta(days=9))
    assert (await ada.says("/learn next")).startswith("**1 card is due today**")
    assert "Card 1 of 1" in await ada.presses("Begin")


async def test_in_a_group_only_the_asker_sees_it(account):
    ada = await account("in-a-group")
    await ada.does(Command("learn", "next"), kind="group")
    assert ada.seen[-1].private


async def test_fails_never_raise_the_suggestion(account, database: Database):
    """Whatever is shown after a fail is not harder than what was shown before."""
    ada = await account("unlucky")
    await reads(ada)
    await ada.presses("Next lesson")
    await reads(ada, 1)
    hardness = []
    for _ in range(4):
        await ada.says("/learn next")
        async with database.worker_unit_of_work() as conn:
            found = await conn.execute(
                text(
                    "SELECT s.suggested_mean, s.next_difficulty FROM adaptive_state s"
                    " JOIN identities i ON i.user_id = s.user_id WHERE i.subject = 'unlucky'"
                )
            )
            hardness.append(found.one_or_none())
        await ada.says("/code tiny-double")
        await ada.says(WRONG)
    known = [row for row in hardness if row is not None]
    levels = [row.next_difficulty for row in known]
    assert len(known) == 3
    assert levels == sorted(levels, reverse=True)
    means = [row.suggested_mean for row in known if row.suggested_mean is not None]
    assert means == sorted(means, reverse=True)


async def test_progress_says_what_is_believed_and_how_surely(account):
    ada = await account("believer")
    await reads(ada)
    assert "your topics show here" in await ada.says("/progress skills")
    await ada.says("/learn next")
    await ada.presses("Start")
    await ada.says("A")
    await ada.presses("Next")
    await ada.says("2")
    await ada.presses("See the result")
    said = await ada.says("/progress skills")
    assert "- Unit one: " in said
    assert "a first guess" in said
    assert "What fits me now?" in ada.labels
