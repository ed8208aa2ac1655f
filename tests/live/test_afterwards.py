"""What is left of a quiz: reports, cards, and what is played again."""

import re
from collections.abc import Callable
from datetime import timedelta

from bots.conversation.dialogue import (
    Command,
    Press,
    Reply,
)
from bots.delivery import render
from domain.notifications import claims
from domain.sql import sql
from tests.domain.quizzes import samples
from tests.live.table import Group, hosted, right_letter

_MUTE = sql("""
    INSERT INTO user_settings (user_id, muted_kinds)
    SELECT user_id, '{live}' FROM identities WHERE subject = :subject
    ON CONFLICT (user_id) DO UPDATE SET muted_kinds = excluded.muted_kinds
""")


async def reports(table: Group) -> dict[str, Reply]:
    """What waits in the outbox for each person, drawn as they will see it."""
    async with table.database.worker_unit_of_work() as conn:
        now = table.clock.now() + timedelta(minutes=1)
        claimed = await claims.claim(conn, "terminal", limit=9, lease=timedelta(9), now=now)
    prefix = f"-{table.chat}"
    return {
        one.address.removesuffix(prefix): render(one)
        for one in claimed
        if one.address.endswith(prefix)
    }


async def test_what_is_missed_becomes_cards_and_a_report(group: Callable[..., Group]):
    table = group()
    await hosted(table, questions=(samples.SINGLE,))
    await table.press("Ada", "Start")
    await table.look()
    wrong = next(one for one in "ABC" if one != right_letter(table))
    await table.press("Ada", wrong)
    await table.look(12)
    assert "final board" in table.wall.last.text
    assert await table.press("Ada", "My misses") == "1 card is waiting in /cards."
    assert await table.press("Ada", "My misses") == "1 card is waiting in /cards."
    payload = next(one.payload for one in table.wall.last.buttons if one.label == "Report")
    report = await table.does("Ada", Press(payload))
    board, file = report.files
    assert board.content.startswith(b"\x89PNG")
    assert "1. Ada: 0" in board.alt
    assert file.content.decode("utf-8-sig").splitlines()[1] == "1,Ada,,0.00,0,0"
    assert "did not play" in (await table.does("Eve", Press(payload))).text


async def test_everybody_is_told_once_in_private_how_it_ended(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    for name in ("Bob", "Cyd", "Dan"):
        await table.press(name, "Join")
    async with table.database.worker_unit_of_work() as conn:
        await conn.execute(_MUTE, {"subject": f"Cyd-{table.chat}"})
    await table.press("Ada", "Start")
    await table.look()
    right = right_letter(table)
    wrong = next(letter for letter in "ABC" if letter != right)
    for name, letter in (("Ada", right), ("Bob", wrong), ("Cyd", right), ("Dan", right)):
        await table.press(name, letter)
    await table.look()
    await table.does("Ada", Command("host", "stop"))
    await table.look(20)
    assert await reports(table) == {}  # a press that the platform holds back may still come
    await table.look(20)
    told = await reports(table)
    assert sorted(told) == ["Ada", "Bob", "Dan"]
    assert "You: place 1 with 2 points; 1 of 1 right." in told["Ada"].text
    assert "You got everything right." in told["Ada"].text
    assert "place 4 with 0 points" in told["Bob"].text
    assert r"\(1\) Ada: 2" in told["Bob"].text
    assert "Hardest: question 1 (3 of 4 right)." in told["Bob"].text
    assert re.search(r"Which layer routes packets\? – [ABC]\. Network", told["Bob"].text)
    await table.look(20)
    assert await reports(table) == {}
    review, cards, report, mute = told["Bob"].buttons
    assert [one.label for one in told["Bob"].buttons] == [
        *("Review mine", "My misses as cards", "Report", "/mute live")
    ]
    assert "mute live" in mute.payload
    assert "your answers" in (await table.does("Bob", Press(review.payload))).text
    assert "1 card is waiting" in (await table.does("Bob", Press(cards.payload))).text
    assert len((await table.does("Bob", Press(report.payload))).files) == 2
    assert "cards" not in [one.label for one in told["Ada"].buttons]
    broken = Press(review.payload[:-22] + "z" * 22)
    assert (await table.does("Bob", broken)).text


async def test_only_what_was_missed_is_played_again(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    await table.press("Ada", "Start")
    await table.look()
    await table.press("Ada", right_letter(table))
    await table.look(60)
    payload = next(one.payload for one in table.wall.last.buttons if one.label.startswith("Only"))
    await table.does("Ada", Press(payload))
    assert "1 question" in await table.look()
