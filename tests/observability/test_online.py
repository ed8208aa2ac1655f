"""`stoa doctor --online` asks each platform once, and tells neither address nor token."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bots.observability.online import ask_platforms
from domain.settings import load_settings

RIGHT = "12345:" + "a" * 35
WRONG = "12345:" + "b" * 35


async def me(request: web.Request) -> web.Response:
    """What Discord says about a bot."""
    if request.headers["Authorization"] != f"Bot {RIGHT}":
        return web.json_response({"message": "401: Unauthorized"}, status=401)
    return web.json_response({"id": "1", "username": "stoa"})


async def get_me(request: web.Request) -> web.Response:
    """What Telegram says about a bot."""
    if request.match_info["token"] != RIGHT:
        return web.json_response({"ok": False, "error_code": 404}, status=404)
    return web.json_response({"ok": True, "result": {"id": 1, "username": "stoa_bot"}})


async def webhook(_: web.Request) -> web.Response:
    """A webhook that is set and does not work."""
    told = {"url": "https://old.example", "last_error_message": "Connection refused"}
    return web.json_response({"ok": True, "result": told})


@pytest.fixture
async def address() -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(
        [
            web.get("/api/v10/users/@me", me),
            web.get("/bot{token}/getMe", get_me),
            web.get("/bot{token}/getWebhookInfo", webhook),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def ask(folder: Path, address: str, token: str) -> list[tuple[str, str, str]]:
    settings = load_settings(
        data_dir=folder,
        discord_token=token,
        telegram_token=token,
        discord_api_url=address,
        telegram_api_url=address,
    )
    found = await ask_platforms(settings)
    assert token not in str(found)
    return [(one.topic, one.state, one.text) for one in found]


async def test_known_tokens_are_named_by_their_bots(address: str, tmp_path: Path):
    assert await ask(tmp_path, address, RIGHT) == [
        ("Discord online", "good", "it knows the bot: stoa."),
        ("Telegram online", "good", "it knows the bot: @stoa_bot."),
        (
            "Telegram webhook",
            "note",
            "updates go to a webhook now; the next start changes that to long polling.",
        ),
        ("Telegram webhook", "note", "Telegram says: Connection refused"),
    ]


async def test_unknown_tokens_and_silence_are_problems(address: str, tmp_path: Path):
    unknown = await ask(tmp_path, address, WRONG)
    assert [state for _, state, _ in unknown] == ["problem", "problem"]
    assert "set STOA_TELEGRAM_TOKEN" in unknown[1][2]
    silent = await ask(tmp_path, "http://127.0.0.1:9", RIGHT)
    assert all("cannot be reached" in text for _, _, text in silent)
    assert len(silent) == 2
