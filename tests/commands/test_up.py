"""`stoa up` in a process of its own: what is configured runs, what fails does not end the rest."""

import asyncio
import re
import signal
from pathlib import Path

import aiohttp
import pytest

from bots.cli import main
from bots.commands.up import overview
from domain.settings import load_settings
from tests.platforms.person import sees
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.stoa import PROGRAM, Stoa

CLOSED = "http://127.0.0.1:9"  # nobody answers there
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde." + "y" * 38


async def until_working(process: asyncio.subprocess.Process) -> list[str]:
    """What it says until it works."""
    assert process.stderr is not None
    lines = []
    async with asyncio.timeout(60):
        while line := (await process.stderr.readline()).decode().rstrip():
            lines.append(line)
            if line == "Working. Ctrl-C stops me.":
                break
    assert lines[-1] == "Working. Ctrl-C stops me."
    return lines


def test_it_says_what_is_on_and_off_and_why(tmp_path: Path):
    said = overview(load_settings(data_dir=tmp_path))
    assert "Discord: off, because STOA_DISCORD_TOKEN is not set." in said
    assert "Worker: on." in said
    assert "Health and metrics: off, because STOA_METRICS_LISTEN is not set." in said
    assert said[-1].startswith("No door is open")
    said = overview(load_settings(telegram_token=TOKEN, metrics_listen="127.0.0.1:1"))
    assert "Telegram: on." in said
    assert not said[-1].startswith("No door is open")
    assert TOKEN not in str(said)


async def test_a_door_that_cannot_open_leaves_the_others_alone(stoa: Stoa):
    async with LoopbackTelegram() as platform:
        ada = TelegramPerson(platform, platform.people.user("Ada", started=True))
        settings = {
            "STOA_TELEGRAM_TOKEN": platform.token,
            "STOA_TELEGRAM_API_URL": platform.url,
            "STOA_DISCORD_TOKEN": TOKEN,
            "STOA_DISCORD_API_URL": CLOSED,
            "STOA_METRICS_LISTEN": "127.0.0.1:0",
            "STOA_LOG_FORMAT": "json",
        }
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            "up",
            cwd=stoa.folder,
            env=stoa.environment(**settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said = "\n".join(await until_working(process))
        assert "Discord: on." in said
        port = re.search(r"answer on port (\d+)", said)
        assert port is not None, said
        await ada.command("/start")
        await sees(ada, "What do you want to learn?")
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port[1]}") as session:
            parts: dict[str, dict[str, object]] = {}
            async with asyncio.timeout(60):
                while parts.get("discord", {}).get("state") != "down":
                    async with session.get("/health") as answer:
                        assert answer.status == 503
                        parts = (await answer.json())["parts"]
                    await asyncio.sleep(0.2)
            assert parts["telegram"]["state"] == parts["worker"]["state"] == "up"
            async with session.get("/metrics") as answer:
                counted = await answer.text()
        line = '{action="start",door="telegram",outcome="answered"} 1.0'
        assert f"stoa_interactions_total{line}" in counted
        process.send_signal(signal.SIGTERM)
        _, rest = await process.communicate()
        assert process.returncode == 0
        assert rest.decode().endswith("Stopped; nothing was left half done.\n")
        assert TOKEN not in rest.decode()
        assert platform.token not in rest.decode()


@pytest.mark.parametrize("door", ["discord", "telegram"])
def test_a_door_without_its_token_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], door: str
):
    monkeypatch.setenv("STOA_DATA_DIR", "/nowhere")
    assert main([door]) == 2
    assert f"STOA_{door.upper()}_TOKEN is not set" in capsys.readouterr().err
