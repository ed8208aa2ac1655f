"""Ages, errors, waiting, and what is in flight: the small parts of the door."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import aiohttp.web
import discord
import pytest

from bots.discord.downloads import LARGEST, MOST, Wanted, fetch
from bots.discord.freshness import OLDEST, Freshness, Repeats, Seldom
from bots.discord.inflight import InFlight, Seen
from bots.discord.persistent import is_passing, surely
from bots.discord.problems import outcome_of
from bots.discord.sender import nonce
from bots.discord.shards import Shards, shards_from
from bots.discord.threads import name_of
from domain.errors import Refusal
from domain.ids import uuid7
from domain.settings import ConfigurationError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def refusal(status: int, code: int = 0, after: str = "") -> discord.HTTPException:
    headers = {"Retry-After": after} if after else {}
    response = SimpleNamespace(status=status, reason="no", headers=headers)
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else None)
    error = (kind or discord.HTTPException)(response, {"code": code, "message": "no"})  # type: ignore[arg-type]
    assert error.code == code
    return error


@pytest.mark.parametrize(
    ("error", "result", "seconds"),
    [
        (refusal(429, after="1.5"), "wait", 1.5),
        (refusal(429), "wait", 30),
        (discord.RateLimited(61.0), "wait", 61),
        (refusal(403, 50007), "blocked", None),
        (refusal(403, 50278), "blocked", None),
        (refusal(404, 10003), "blocked", None),
        (refusal(404, 10013), "blocked", None),
        (refusal(400, 40003), "wait", 30),
        (refusal(400, 50035), "rejected", None),
        (refusal(401), "not_sent", None),
        (refusal(503), "unknown", None),
        (TimeoutError(), "unknown", None),
        (aiohttp.ServerDisconnectedError(), "unknown", None),
    ],
)
def test_what_discord_says_is_an_outcome(error: Exception, result: str, seconds: float | None):
    outcome = outcome_of(error)
    assert outcome.result == result
    wait = outcome.retry_after
    assert (wait.total_seconds() if wait else None) == seconds


def test_only_what_may_pass_is_tried_again():
    passing = [refusal(503), refusal(429), TimeoutError(), aiohttp.ClientError(), OSError()]
    lasting = [refusal(400, 50035), refusal(403, 50013), refusal(404, 10008), ValueError()]
    assert [is_passing(error) for error in passing + lasting] == [True] * 5 + [False] * 4


async def test_surely_tries_until_it_succeeds_or_patience_ends():
    tries = []

    async def work() -> str:
        tries.append(1)
        if len(tries) < 2:
            raise aiohttp.ClientError
        return "done"

    assert await surely(work) == "done"
    assert len(tries) == 2

    async def never() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await surely(never, patience=0.0)


def test_old_interactions_are_told_apart_also_by_a_wrong_clock():
    right = Freshness()
    assert right.age(NOW, NOW + timedelta(seconds=1)) == timedelta(seconds=1)
    assert right.age(NOW, NOW + timedelta(seconds=3)) > OLDEST
    ahead = Freshness()
    offset = timedelta(minutes=5)
    for _ in range(3):
        age = ahead.age(NOW, NOW + offset)
    assert age == timedelta(0)
    assert ahead.age(NOW, NOW + offset + timedelta(seconds=4)) > OLDEST


def test_an_event_is_new_once():
    repeats = Repeats(most=2)
    assert [repeats.is_new(event) for event in (1, 1, 2, 3, 2, 1)] == [
        True, False, True, True, False, True,
    ]  # fmt: skip


def test_what_is_said_seldom_is_said_once_a_minute_and_place():
    mute = Seldom()
    assert [mute.is_due("a", NOW), mute.is_due("a", NOW), mute.is_due("b", NOW)] == [
        True,
        False,
        True,
    ]
    assert mute.is_due("a", NOW + timedelta(minutes=1))


def test_what_came_before_is_known_for_a_while():
    seen = Seen(most=2)
    assert [seen.before(one) for one in (1, 2, 1)] == [False, False, True]
    assert [seen.before(one) for one in (3, 2, 1)] == [False, True, False]  # 1 is forgotten


async def test_closing_waits_for_what_is_in_flight_but_not_for_ever():
    flying, landed = InFlight(), []

    async def answer(seconds: float) -> None:
        with flying.one():
            await asyncio.sleep(seconds)
            landed.append(seconds)

    quick = asyncio.create_task(answer(0.01))
    await asyncio.sleep(0)
    assert await flying.drain(5.0) == 0
    assert (landed, flying.closed) == ([0.01], True)
    slow = asyncio.create_task(answer(60))
    await asyncio.sleep(0)
    assert await flying.drain(0.01) == 1
    slow.cancel()
    await quick


@pytest.mark.parametrize(
    ("text", "shards"),
    [
        ("0/1", Shards((0,), 1)),
        ("0,1/4", Shards((0, 1), 4)),
        ("2-3/4", Shards((2, 3), 4)),
        ("0, 2-3 / 16", Shards((0, 2, 3), 16)),
    ],
)
def test_shards_are_read(text: str, shards: Shards):
    assert shards_from(text) == shards


@pytest.mark.parametrize("text", ["", "4/4", "0-9/4", "a/4", "0/0", "1", "3-2/4", "0/4/4"])
def test_other_shards_are_refused_with_an_example(text: str):
    with pytest.raises(ConfigurationError, match="STOA_DISCORD_SHARDS"):
        shards_from(text)


def test_a_nonce_is_the_same_for_the_same_message_only_and_short_enough():
    first, second = str(uuid7(NOW)), str(uuid7(NOW))
    assert nonce(first, 0) == nonce(first, 0)
    assert len({nonce(first, 0), nonce(first, 1), nonce(second, 0)}) == 3
    assert len(nonce(first, 9)) <= 25
    assert nonce("", 0) == ""


def test_a_threads_name_keeps_the_handle_whole():
    name = name_of("A very long title " * 9, "ada.lovelace_1815")
    assert len(name) <= 100
    assert name.endswith(" · ada.lovelace_1815")


async def test_files_are_fetched_and_refused_in_words():
    async def serve(request: aiohttp.web.Request) -> aiohttp.web.Response:
        if request.path == "/gone":
            raise aiohttp.web.HTTPNotFound
        return aiohttp.web.Response(body=b"x" * (LARGEST + 1 if request.path == "/big" else 3))

    app = aiohttp.web.Application()
    app.router.add_get("/{name}", serve)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        (file,) = await fetch(session, [Wanted("a.py", f"{base}/a", 3)])
        assert (file.name, file.content) == ("a.py", b"xxx")
        for wanted, words in [
            ([Wanted("a.py", f"{base}/a", LARGEST + 1)], "is over"),
            ([Wanted("a.py", f"{base}/big", 3)], "is over"),
            ([Wanted("a.py", f"{base}/gone", 3)], "send it again"),
            ([Wanted("a.py", f"{base}/a", 3)] * (MOST + 1), "Send at most"),
        ]:
            with pytest.raises(Refusal, match=words):
                await fetch(session, wanted)
    await runner.cleanup()
