"""The Telegram door with its own pace raised, for throughput runs on a server without limits.

    python -m benchmarks.telegram_bot

Otherwise it is what `stoa telegram` runs, configured by the same variables.
"""

import asyncio
import gc
import sys

import uvloop

from bots.cli import COLLECT_AFTER
from bots.running import opened
from bots.telegram.pace import Limits
from bots.telegram.run import run_telegram
from bots.worker import stop_on_signals
from domain.settings import load_settings

RAISED = Limits(overall=1e6, overall_burst=10_000, private=1e6, private_burst=10_000)


async def main() -> None:
    """Run until told to stop."""
    async with opened(load_settings(), lambda words: print(words, file=sys.stderr)) as app:
        await run_telegram(app, stop_on_signals(), limits=RAISED)


if __name__ == "__main__":
    gc.set_threshold(*COLLECT_AFTER)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
