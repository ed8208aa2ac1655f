"""A Telegram of one's own in a terminal, to try a bot by hand.

    python -m tests.platforms.telegram [--port 8081]

prints the address for STOA_TELEGRAM_API_URL and the token. Then type as Ada: words are sent,
`[Label]` presses a button. What the bot sends is printed.
"""

import argparse
import asyncio
import sys

from tests.platforms.person import Screen
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram


async def show(person: TelegramPerson, server: LoopbackTelegram) -> None:
    """Print whatever appears, and what the bot did wrong."""
    last, told = Screen(), 0
    while True:
        await server.world.change()
        await asyncio.sleep(0.05)
        if person.screen != last:
            last = person.screen
            buttons = "  ".join(f"[{label}]" for label in last.labels)
            sys.stdout.write(f"\n{last.text}\n{buttons}\n")
        for fault in server.violations[told:]:
            sys.stdout.write(f"! {fault}\n")
        told = len(server.violations)
        sys.stdout.flush()


async def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.platforms.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    async with LoopbackTelegram(port=parser.parse_args().port) as server:
        person = TelegramPerson(server, server.people.user("Ada", started=True))
        sys.stdout.write(f"{server.url}\n{server.token}\n")
        sys.stdout.flush()
        shows = asyncio.create_task(show(person, server))
        while line := await asyncio.to_thread(sys.stdin.readline):
            words = line.strip()
            try:
                if words.startswith("[") and words.endswith("]"):
                    await person.press(words[1:-1])
                elif words:
                    await person.types(words)
            except AssertionError as error:
                sys.stdout.write(f"{error}\n")
        shows.cancel()


if __name__ == "__main__":
    asyncio.run(main())
