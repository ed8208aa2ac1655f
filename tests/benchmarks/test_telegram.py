"""The learners of the Telegram benchmark, few of them, with the echo bot."""

import asyncio

from benchmarks.doors import times_of
from benchmarks.telegram_load import Learners
from tests.platforms.telegram.echo_bot import build
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.server import LoopbackTelegram


async def test_every_press_is_timed_to_its_acknowledgement_and_answer():
    async with LoopbackTelegram(UNLIMITED) as server:
        crowd = Learners(server, 4)
        echo = build(server.url, server.token)
        async with echo:
            await echo.start()
            assert echo.updater is not None
            await echo.updater.start_polling(timeout=5)
            async with asyncio.timeout(60):
                begun = await crowd.begin(["/start"])
                done = await crowd.together(presses=20, at_once=3)
                paced = await crowd.steadily(rate=50, seconds=0.2)
            await echo.updater.stop()
            await echo.stop()
    assert begun["messages"] == 4
    for found, presses in ((done, 20), (paced, 10)):
        acknowledged, answered = times_of(found)
        assert len(answered) + int(str(found["left_out"])) == presses
        assert all(0 < first <= last for first, last in zip(acknowledged, answered, strict=True))
        assert (found["refused"], found["violations"]) == (0, [])
