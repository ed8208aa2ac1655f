"""Learners on a loopback Telegram, in a process of their own (see `benchmarks.pressing`).

    python -m benchmarks.telegram_load LEARNERS [--real]

A press is acknowledged when the bot answers the callback query, and answered when it has redrawn
the message.
"""

import argparse
import asyncio

import uvloop

from benchmarks.pressing import PAGES, Crowd, Figures, serve
from tests.platforms.telegram.limits import REAL, UNLIMITED
from tests.platforms.telegram.server import LoopbackTelegram
from tests.platforms.telegram.world import Happening, Message


class Learners(Crowd):
    """People in private chats with the bot."""

    def __init__(self, server: LoopbackTelegram, number: int) -> None:
        users = [server.people.user(f"Learner {n}", started=True) for n in range(number)]
        super().__init__([user.id for user in users])
        self._server = server
        self._open: dict[int, Message] = {}
        self._told: dict[int, int] = {}  # the number of the last message before a command
        server.world.observer = self._see

    def _see(self, happening: Happening) -> None:
        learner, message = happening.chat.id, happening.message
        if happening.kind in {"toast", "alert"}:
            self.acknowledged(learner)
        elif message is not None and message.sender.is_bot:
            if message.rows:
                self._open[learner] = message
            self.redrawn(learner)

    async def ready(self) -> bool:
        """Telegram keeps what is written until the bot asks for it."""
        return True

    async def say(self, learner: int, line: str) -> None:
        """Write a command."""
        chat = self._server.world.chats[learner]
        self._told[learner] = chat.last
        self._server.people.say(self._server.world.users[learner], chat, line)

    def sees_pages(self, learner: int) -> bool:
        """A message with buttons has come after the command."""
        return learner in self._open and self._open[learner].number > self._told[learner] + 1

    async def turn(self, learner: int) -> None:
        """Press a button of the newest message."""
        message = self._open[learner]
        data = next(
            one["callback_data"] for row in message.rows for one in row if one["text"] in PAGES
        )
        self._server.people.press(self._server.world.users[learner], message, data)

    def faults(self) -> Figures:
        """What the loopback refused."""
        violations = sorted(set(self._server.violations))[:5]
        return {"refused": len(self._server.flood.told), "violations": violations}


async def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.telegram_load", description="Learners on a loopback Telegram."
    )
    parser.add_argument("learners", type=int)
    parser.add_argument("--real", action="store_true", help="keep Telegram's limits")
    parser.add_argument("--serial", type=int, default=0, help="another one: other people")
    chosen = parser.parse_args()
    rates = REAL if chosen.real else UNLIMITED
    async with LoopbackTelegram(rates, strict=chosen.real, serial=chosen.serial) as server:
        server.world.keeps_history = False
        await serve(Learners(server, chosen.learners), server.url, server.token)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
