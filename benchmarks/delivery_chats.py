"""Chats of a loopback Telegram, in a process of their own, that only take messages.

    python -m benchmarks.delivery_chats PEOPLE GROUPS [--real]

Prints one line of JSON: the address, the token, the chats. Then answers each line of standard
input with the instants (seconds) at which messages came, by chat, and with what was refused.
"""

import argparse
import asyncio
import json
import sys

import uvloop

from tests.platforms.telegram.limits import REAL, UNLIMITED
from tests.platforms.telegram.server import LoopbackTelegram


async def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.delivery_chats", description="Chats that only take messages."
    )
    parser.add_argument("people", type=int)
    parser.add_argument("groups", type=int)
    parser.add_argument("--real", action="store_true", help="keep Telegram's limits")
    chosen = parser.parse_args()
    rates = REAL if chosen.real else UNLIMITED
    async with LoopbackTelegram(rates, strict=False) as server:
        server.world.keeps_history = False
        people = [server.people.user(f"P{n}", started=True) for n in range(chosen.people)]
        groups = [
            server.people.group(f"G{n}", server.people.user(f"Owner {n}"))
            for n in range(chosen.groups)
        ]
        place = {
            "url": server.url,
            "token": server.token,
            "people": [one.id for one in people],
            "groups": [one.id for one in groups],
        }
        sys.stdout.write(json.dumps(place) + "\n")
        sys.stdout.flush()
        while await asyncio.to_thread(sys.stdin.readline):
            told = {"sent": server.flood.sent, "refused": server.flood.told}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
