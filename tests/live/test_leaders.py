"""Who administers a group is asked seldom: not for the host, and once a minute for others."""

from datetime import timedelta
from uuid import uuid4

from bots.conversation.controls import control
from bots.telegram.leaders import Leaders
from domain.clock import ManualClock
from domain.database import Database

CHAT, ADMIN, OTHER = -1001, 7, 8


async def test_telegram_is_asked_once_a_minute_and_only_for_leading(
    database: Database, clock: ManualClock
):
    asked: list[int] = []

    async def ask(_chat: int, user: int) -> bool:
        asked.append(user)
        return user == ADMIN

    leaders = Leaders(database, clock, ask)
    going = control("lv.go", uuid4(), "lobby")
    for payload in (control("lv.a", uuid4(), "0.1"), control("lv.join", uuid4()), "nonsense"):
        assert not await leaders.manages(payload, CHAT, ADMIN)
    assert asked == []
    for _ in range(2):
        assert await leaders.manages(going, CHAT, ADMIN)
        assert not await leaders.manages(going, CHAT, OTHER)
    assert asked == [ADMIN, OTHER]
    clock.advance(timedelta(minutes=1))
    assert await leaders.manages(going, CHAT, ADMIN)
    assert asked == [ADMIN, OTHER, ADMIN]
