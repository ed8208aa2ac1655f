"""A model of one's own in a process, to try the tutor by hand.

    python -m tests.platforms.gemini [--port 8090]

prints the address for STOA_GEMINI_API_URL, the one for STOA_TUTOR_SERVER_URL, and the key. Each
line typed is a JSON object of `scenarios.Scenario` and becomes the next answer; the same can be
posted as a list to /_plan, and /_requests tells what was asked.
"""

import argparse
import asyncio
import json
import sys

from tests.platforms.gemini.scenarios import Scenario
from tests.platforms.gemini.server import KEY, LoopbackGemini


async def main() -> None:
    """Run from the command line, until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.platforms.gemini", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    async with LoopbackGemini(parser.parse_args().port) as server:
        sys.stdout.write(f"{server.url}\n{server.openai_url}\n{KEY}\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            try:
                server.plans(Scenario(**json.loads(line)))
            except (ValueError, TypeError) as error:
                sys.stdout.write(f"{error}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
