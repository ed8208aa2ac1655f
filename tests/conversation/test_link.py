"""/link and /unlink: two accounts become one learner and two again, and nobody else's do."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from bots.conversation import receipts
from bots.conversation.dialogue import Command, Platform, Press
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.identity import linking, presence
from domain.identity.tries import Limit
from domain.jobs import upkeep
from domain.postgres import EmbeddedServer
from domain.settings import Settings
from domain.sql import sql
from tests.conversation.linking import (
    agree,
    code_of,
    owner,
    read_lesson,
    state,
    take_quiz,
)
from tests.support import processes
from tests.support.account import Account
from tests.support.courses import teach

Enter = Callable[[Platform, str], Account]
_people = count()
_CODES = sql("SELECT token_hash, payload FROM one_time_tokens WHERE purpose = 'link'")
_RECEIPTS = sql("SELECT identity_id, event_id, CAST(reply AS text) AS reply FROM receipts")
_AUDIT = sql("SELECT action FROM audit_log WHERE actor_id = :user ORDER BY id")


@pytest.fixture
async def grader():
    """Nothing here runs code."""
    return Grader()


@pytest.fixture
async def router(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Router:
    await teach(database)
    return Router(Services(database, clock, settings, grader), receipts=True)


@pytest.fixture
def enter(router: Router, clock: ManualClock) -> Enter:
    """A new account on a platform; the name is made its own."""
    number = next(_people)
    return lambda platform, name: Account(router, clock, platform, f"{name}{number}")


async def test_both_agree_and_are_one_learner(database: Database, enter: Enter):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    await ada.says("/start")
    await read_lesson(phone)
    code = await code_of(ada)
    assert ada.seen[-1].secret
    asked = await phone.says(f"/link {code.lower().replace('-', ' ')}")
    assert f"**{ada.actor.name}** on Discord asks to join" in asked
    assert "begun less than a minute ago" in asked
    assert "on Discord, too" in await phone.presses("Yes, that is me")
    (told,) = await ada.is_told(database)
    assert f"**{phone.actor.name}** on Telegram has entered your code" in told
    assert ada.labels == ["Yes, that is me", "No"]
    assert await owner(database, ada) != await owner(database, phone)
    assert "are one learner now" in await ada.presses("Yes, that is me")
    assert await owner(database, ada) == await owner(database, phone)
    (told,) = await phone.is_told(database)
    assert "This account and yours on Discord are one learner now." in told
    for account in (ada, phone):
        assert "10 XP" in await account.says("/progress")
    async with database.worker_unit_of_work() as conn:
        actions = await conn.execute(_AUDIT, {"user": await owner(database, ada)})
        assert actions.scalars().all() == ["account.link"]
        rows = (await conn.execute(_RECEIPTS)).all()
    kept = " ".join(
        str(receipts.read(database.seals, row.identity_id, row.event_id, row.reply)) for row in rows
    )
    assert "has entered your code" in kept or "asks to join" in kept
    assert code not in kept
    assert code.replace("-", "") not in kept


async def test_link_learn_unlink_and_link_again(
    database: Database, enter: Enter, clock: ManualClock
):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    await ada.says("/settings time Europe/Warsaw")
    await read_lesson(ada)
    await ada.says("/save mine")
    clock.advance(timedelta(days=1))
    await read_lesson(phone)
    await take_quiz(phone, ("a", "3"))
    before = await state(database, phone)
    await agree(database, ada, phone)
    joined = await state(database, ada)
    ledger = [row for row in joined["activity_ledger"] if "'lesson'" in row or "'again'" in row]
    assert len(ledger) == 2, "both rows are kept"
    assert "2 days in a row" in await ada.says("/start")
    clock.advance(timedelta(days=1))
    assert "2 of 2" in await take_quiz(phone, ("a", "2"))
    together = await state(database, ada)

    assert "Telegram gets back what it brought" in await phone.says("/unlink")
    (told,) = (one for one in await ada.is_told(database) if "parting" in one)
    assert "On Telegram you asked what parting your accounts does." in told
    assert "are parted" in await phone.presses("Part them")
    assert "The account on Telegram" not in (await ada.is_told(database))[-1]
    assert await owner(database, ada) != await owner(database, phone)
    assert await state(database, phone) == before
    apart = await state(database, ada)
    assert "'again'" not in str(apart["activity_ledger"])
    assert "24 hours later" in await phone.says(f"/link {await code_of(ada)}")
    clock.advance(linking.REST)
    await agree(database, ada, phone)
    assert await state(database, ada) == together


async def test_the_later_of_two_open_attempts_stays_open(database: Database, enter: Enter):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    for account in (ada, phone):
        await read_lesson(account)
        await account.says("/quiz tiny-boxes-quiz")
        await account.says("a")
    await agree(database, ada, phone)
    async with database.worker_unit_of_work() as conn:
        rows = await conn.execute(
            sql("""
                SELECT t.attempt_number, t.status, i.provider FROM assessment_attempts t
                JOIN identities i ON i.id = t.identity_id
                WHERE t.user_id = :user ORDER BY attempt_number
            """),
            {"user": await owner(database, ada)},
        )
        assert [tuple(row) for row in rows] == [
            (1, "graded", "discord"),
            (2, "in_progress", "telegram"),
        ]


async def test_a_code_works_once_for_ten_minutes_and_on_another_account(
    database: Database, enter: Enter, clock: ManualClock
):
    ada, phone, eve = enter("discord", "ada"), enter("telegram", "phone"), enter("terminal", "eve")
    code = await code_of(ada)
    assert "from the account you are writing with" in await ada.says(f"/link {code}")
    newer = await code_of(ada)
    assert "was used already" in await phone.says(f"/link {code}")
    clock.advance(linking.LIFETIME)
    assert "is too old" in await phone.says(f"/link {newer}")
    code = await code_of(ada)
    await phone.says(f"/link {code}")
    assert "was used already" in await eve.says(f"/link {code}")
    assert "Nothing was joined" in await phone.presses("No")
    assert "The other account said no." in (await ada.is_told(database))[-1]
    assert "was used already" in await eve.says(f"/link {code}")
    clock.advance(timedelta(hours=1))
    for _ in range(5):
        assert "do not know this code" in await eve.says("/link 0000-0000")
    assert "Too many wrong codes" in await eve.says(f"/link {await code_of(ada)}")
    clock.advance(timedelta(hours=1))
    assert "asks to join" in await eve.says(f"/link {await code_of(ada)}")


async def test_a_code_may_be_sent_by_itself(enter: Enter):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    code = await code_of(ada)
    await phone.says("/link")
    assert "a code looks like" in await phone.says("which code?")
    assert "do not know this code" in await phone.says("0000-0009")
    assert "asks to join" in await phone.says(code)
    assert "did not get that" in await phone.says(code)


async def test_guesses_of_everybody_together_are_limited(
    database: Database, enter: Enter, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
):
    few = Limit("platform", "link-few", 3, timedelta(hours=1))
    monkeypatch.setattr(linking, "ALL_TRIES", few)
    for number in range(3):
        stranger = enter("telegram", f"stranger{number}")
        assert "do not know this code" in await stranger.says("/link 0000-0001")
    assert "Too many wrong codes" in await enter("telegram", "late").says("/link 0000-0002")


async def test_a_code_shown_in_a_group_works_no_longer(database: Database, enter: Enter):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    assert "in private only" in await ada.does(Command("link"), "group")
    code = await code_of(ada)
    pasted = await phone.does(Command("link", code), "group")
    assert "that code works no longer" in pasted
    assert "was used already" in await phone.says(f"/link {code}")
    await phone.says(f"/link {await code_of(ada)}")
    yes = phone.payload("Yes, that is me")
    assert "in private only" in await phone.does(Press(yes), "group")


async def test_one_account_of_a_learner_on_each_platform(database: Database, enter: Enter):
    ada, phone, other = enter("discord", "a"), enter("telegram", "b"), enter("telegram", "c")
    await agree(database, ada, phone)
    assert "on one platform already" in await other.says(f"/link {await code_of(ada)}")
    assert "from the account you are writing with" in await phone.says(
        f"/link {await code_of(ada)}"
    )
    third = enter("terminal", "d")
    await agree(database, ada, third)
    await ada.says("/unlink")
    assert ada.labels == ["Part Telegram", "Part Terminal"]
    await phone.says("/unlink")
    await phone.presses("Part Terminal")
    assert "On Telegram you asked what parting" in (await third.is_told(database))[-1]
    await phone.presses("Part them")
    assert "the one on Discord are parted" in (await third.is_told(database))[-1]
    assert "the one on Terminal are parted" in (await ada.is_told(database))[-1]
    assert await owner(database, ada) == await owner(database, phone)
    assert await owner(database, ada) != await owner(database, third)


async def test_a_learner_of_two_accounts_may_join_a_third_and_be_parted_in_any_order(
    database: Database, enter: Enter, clock: ManualClock
):
    ada, phone, desk = enter("discord", "a"), enter("telegram", "b"), enter("terminal", "c")
    for account in (ada, phone, desk):
        await read_lesson(account)
        clock.advance(timedelta(days=1))
    alone = [await state(database, one) for one in (ada, phone, desk)]
    await agree(database, ada, phone)
    await agree(database, desk, ada)
    assert "3 days in a row" in await phone.says("/start")
    await phone.says("/unlink")
    await phone.presses("Part Telegram")
    await phone.presses("Part them")
    assert await state(database, phone) == alone[1]
    assert await owner(database, ada) == await owner(database, desk)
    await desk.says("/unlink")
    await desk.presses("Part them")
    for account, before in ((ada, alone[0]), (desk, alone[2])):
        found = await state(database, account)
        for table in ("activity_ledger", "user_stats", "active_days", "streaks", "identities"):
            assert found[table] == before[table], table


async def test_a_link_that_is_followed_takes_the_place_of_typing(database: Database, enter: Enter):
    async with database.worker_unit_of_work() as conn:
        await presence.announce_bot(conn, "telegram", "a_test_bot")
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    await ada.says("/link")
    (url,) = (button.url for button in ada.seen[-1].buttons if button.url)
    assert url.startswith("https://t.me/a_test_bot?start=L")
    parameter = url.partition("?start=")[2]
    assert len(parameter) == 23
    assert "asks to join" in await phone.says(f"/start {parameter}")
    async with database.worker_unit_of_work() as conn:
        for row in (await conn.execute(_CODES)).all():
            assert parameter[1:].encode() not in row.token_hash
            assert set(row.payload) == {"link"}


async def test_of_two_who_enter_a_code_at_once_one_is_asked(database: Database, enter: Enter):
    ada = enter("discord", "ada")
    people = [enter("telegram", "one"), enter("terminal", "two")]
    for person in people:
        await person.says("/start")
    code = await code_of(ada)
    heard = await asyncio.gather(*(person.says(f"/link {code}") for person in people))
    assert sorted("asks to join" in one for one in heard) == [False, True]
    assert sorted("was used already" in one for one in heard) == [False, True]


async def test_two_presses_at_once_join_once(database: Database, enter: Enter):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    await phone.says(f"/link {await code_of(ada)}")
    await phone.presses("Yes, that is me")
    await ada.is_told(database)
    press = Press(ada.payload("Yes, that is me"))
    heard = await asyncio.gather(ada.does(press), ada.does(press), phone.says("/progress"))
    assert all("are one learner now" in one for one in heard[:2])
    async with database.worker_unit_of_work() as conn:
        actions = await conn.execute(_AUDIT, {"user": await owner(database, ada)})
        assert actions.scalars().all() == ["account.link"]


async def test_what_is_done_meanwhile_is_neither_lost_nor_doubled(database: Database, enter: Enter):
    for number in range(3):
        ada, phone = enter("discord", f"ada-{number}-"), enter("telegram", f"phone-{number}-")
        for account in (ada, phone):
            await account.says("/learn tiny")
            await account.presses("Next page")
        finish = [Press(one.payload("Finish lesson")) for one in (ada, phone)]
        await phone.says(f"/link {await code_of(ada)}")
        await phone.presses("Yes, that is me")
        await ada.is_told(database)
        yes = Press(ada.payload("Yes, that is me"))
        heard = await asyncio.gather(
            ada.does(yes), phone.does(finish[1]), ada.does(finish[0]), phone.says("/save here")
        )
        assert not any("E-" in one for one in heard), heard
        assert "Saved" in heard[3]
        assert await owner(database, ada) == await owner(database, phone)
        for account in (ada, phone):
            assert "10 XP" in await account.says("/progress")
            assert "1 of 6 steps" in account.seen[-1].text
            assert "Boxes" in await account.says("/saved")


async def test_the_first_account_may_decline_and_an_old_button_says_so(
    database: Database, enter: Enter, clock: ManualClock
):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    await phone.says(f"/link {await code_of(ada)}")
    yes = phone.payload("Yes, that is me")
    assert "has not agreed yet" in await ada.does(Press(yes))
    await phone.presses("Yes, that is me")
    assert "Was it you?" in await ada.says("/start"), "the menu asks, too"
    assert "Nothing was joined" in await ada.presses("No")
    assert "The other account said no" in (await phone.is_told(database))[-1]
    assert "Nobody asks to join" in await phone.does(Press(yes))
    await phone.says(f"/link {await code_of(ada)}")
    await phone.presses("Yes, that is me")
    await ada.is_told(database)
    clock.advance(linking.LIFETIME)
    assert "took too long" in await ada.presses("Yes, that is me")
    assert await owner(database, ada) != await owner(database, phone)


async def test_what_is_over_is_cleaned_up_and_what_is_joined_stays(
    database: Database, enter: Enter, clock: ManualClock
):
    ada, phone, eve = enter("discord", "ada"), enter("telegram", "phone"), enter("discord", "eve")
    await agree(database, ada, phone)
    await code_of(eve)
    await phone.says("/link 0000-0003")
    clock.advance(timedelta(days=30))
    async with database.worker_unit_of_work() as conn:
        await upkeep.prune(conn, clock.now(), [])
        for table in ("one_time_tokens", "rate_limits"):
            assert (await conn.execute(sql(f"SELECT count(*) FROM {table}"))).scalar_one() == 0
        left = await conn.execute(sql("SELECT DISTINCT status FROM account_links"))
        assert left.scalars().all() == ["joined"]
    await phone.says("/unlink")
    assert "are parted" in await phone.presses("Part them")


async def test_killed_in_the_middle_nothing_has_happened_and_it_can_be_done_again(
    database: Database, server: EmbeddedServer, database_name: str, enter: Enter
):
    ada, phone = enter("discord", "ada"), enter("telegram", "phone")
    await read_lesson(ada)
    await read_lesson(phone)
    await phone.says(f"/link {await code_of(ada)}")
    await phone.presses("Yes, that is me")
    await ada.is_told(database)
    before = [await state(database, one) for one in (ada, phone)]
    process = await processes.start(
        "link_process.py", server, database_name, ada.actor.subject, ada.clock.now().isoformat()
    )
    await processes.kill(process)
    assert [await state(database, one) for one in (ada, phone)] == before
    assert "are one learner now" in await ada.presses("Yes, that is me")
    assert "10 XP" in await phone.says("/progress")
