"""Who may lead a live quiz by its buttons: its host, and who administers the group.

Telegram tells nobody's standing with a press, so it is asked; but only when somebody who is not the
host presses what only leaders may press, and at most once a minute for each person.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bots.conversation.controls import StaleControl, parse
from domain.clock import Clock
from domain.database import Database
from domain.live import hosting

LEADING = frozenset(
    {"lv.go", "lv.pause", "lv.resume", "lv.extend", "lv.void", "lv.stop", "lv.opt", "lv.set"}
)
KNOWN_FOR = timedelta(minutes=1)
MOST_KNOWN = 500


class Leaders:
    """What is known of who administers which group.

    Args:
        database: knows the hosts.
        clock: says how old an answer is.
        ask: asks Telegram whether somebody administers a group: the chat, the person.
    """

    def __init__(
        self, database: Database, clock: Clock, ask: Callable[[int, int], Awaitable[bool]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._ask = ask
        self._known: dict[tuple[int, int], tuple[datetime, bool]] = {}

    async def manages(self, payload: str, chat: int, user: int) -> bool:
        """Whether somebody who presses a button of leaders administers the group.

        False also for the host, who needs no more than to be the host, and for other buttons.
        """
        try:
            pressed = parse(payload)
        except StaleControl:
            return False
        if pressed.action not in LEADING or pressed.id is None:
            return False
        async with self._database.worker_unit_of_work() as conn:
            if await hosting.is_led_by(conn, pressed.id, "telegram", str(user)):
                return False
        now = self._clock.now()
        asked_at, is_admin = self._known.get((chat, user), (None, False))
        if asked_at is None or now - asked_at >= KNOWN_FOR:
            is_admin = await self._ask(chat, user)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[chat, user] = (now, is_admin)
        return is_admin
