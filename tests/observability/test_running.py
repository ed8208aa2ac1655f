"""Parts of a process run side by side: one that fails is started again, and stopping is orderly."""

import asyncio
from random import Random

import pytest

from bots.observability.health import Health
from bots.running import Running, keep_running
from domain.settings import ConfigurationError
from tests.support.eventually import until


class Sooner(Random):
    """Makes pauses as short as they can be."""

    def random(self) -> float:
        return -0.99


async def steady(stop: asyncio.Event) -> None:
    await stop.wait()


async def test_one_that_fails_is_started_again_and_the_others_do_not_notice():
    health, stop, gate, starts = Health(), asyncio.Event(), asyncio.Event(), 0

    async def shaky(stop: asyncio.Event) -> None:
        nonlocal starts
        starts += 1
        if starts < 3:
            raise OSError("cut off")
        await gate.wait()
        health.up("shaky")
        await stop.wait()

    parts = [Running("shaky", shaky), Running("steady", steady)]
    running = asyncio.create_task(keep_running(parts, health, Sooner(), stop))
    async with asyncio.timeout(20):
        await until(lambda: starts == 3)
        assert health.part("shaky").state == "down"
        assert "OSError: cut off" in health.part("shaky").reason
        gate.set()
        await until(lambda: health.part("shaky").state == "up")
        stop.set()
        await running
    assert health.part("shaky").restarts == 2
    assert health.part("steady").restarts == 0


async def test_one_that_is_configured_wrongly_is_left_and_the_last_one_ends_all():
    health, stop, starts = Health(), asyncio.Event(), 0

    async def wrong(stop: asyncio.Event) -> None:
        nonlocal starts
        starts += 1
        raise ConfigurationError("STOA_DISCORD_TOKEN: nobody knows it")

    both = [Running("discord", wrong), Running("steady", steady)]
    running = asyncio.create_task(keep_running(both, health, Sooner(), stop))
    async with asyncio.timeout(20):
        await until(lambda: health.part("discord").state == "down")
    assert not running.done()
    stop.set()
    await running
    with pytest.raises(ConfigurationError, match="nobody knows it"):
        await keep_running(both[:1], health, Sooner(), asyncio.Event())
    assert starts == 2


async def test_what_does_not_stop_is_cut_off():
    stop, cut, started = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def deaf(_stop: asyncio.Event) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()

    running = asyncio.create_task(
        keep_running([Running("deaf", deaf)], Health(), Sooner(), stop, grace=0.01)
    )
    await started.wait()
    stop.set()
    await running
    assert cut.is_set()
