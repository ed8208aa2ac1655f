"""Somebody uses every command and presses whatever they see; Discord must take all that comes."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bots.conversation.turn import Services
from bots.conversation.vocabulary import VERBS
from domain.clock import ManualClock
from tests.platforms.discord.components import TEXT_INPUT, TEXT_SELECT, UPLOAD
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.errors import Json
from tests.platforms.discord.house import door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import Interaction
from tests.platforms.person import PATIENCE
from tests.support.courses import teach
from tests.support.eventually import until

COURSE = Path(__file__).parents[2] / "courses" / "python-from-zero"
PRESSES = 600
EACH = 8  # presses of one label
TYPED = ("b", "a key", "2", "1.5", "2 1 3", "1a 2b 3c", "```python\nprint(1)\n```",
         "@everyone **x** ||y|| [z](https://example.org)", "x" * 3900)  # fmt: skip


async def settled(person: DiscordPerson) -> None:
    """Wait until the newest interaction has its whole answer; it must not be a fault of ours."""
    one = person.done[-1]
    async with asyncio.timeout(PATIENCE):
        await until(lambda: one.answer is not None and not _is_loading(one), every=0.01)
    assert "I could not do that" not in person.screen.text, person.screen.text


def _is_loading(one: Interaction) -> bool:
    return one.original is not None and one.original.is_loading


def values(modal: Json, random: Random) -> Iterator[str]:
    """Something for each field of a dialog."""
    for one in modal["components"]:
        field = one.get("component") or one["components"][0]
        if field["type"] == TEXT_INPUT:
            yield random.choice(TYPED)[: field.get("max_length", 4000)]
        elif field["type"] == TEXT_SELECT:
            yield random.choice(field["options"])["label"]


def files(modal: Json) -> tuple[tuple[str, bytes], ...]:
    """A file where one must be given."""
    fields = [one.get("component") or {} for one in modal["components"]]
    wanted = [one for one in fields if one.get("type") == UPLOAD and one.get("required", True)]
    return (("deck.csv", b"front,back\nwhat,that\n"),) if wanted else ()


async def presses_something(person: DiscordPerson, random: Random, pressed: Counter[str]) -> None:
    """Press one of the buttons that can be seen, seldom-pressed ones first, and fill in dialogs."""
    labels = [label for message in person.messages()[-12:] for label in person.labels(message)]
    fresh = [label for label in labels if pressed[label] < EACH]
    if not fresh:
        await person.command("/start")
        await settled(person)
        return
    label = random.choice(fresh)
    pressed[label] += 1
    await person.press(label)
    await settled(person)
    opened = person.done[-1]
    if opened.modal is not None:
        await person.submits(opened, *values(opened.modal, random), files=files(opened.modal))
        await settled(person)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
async def test_everything_is_taken(services: Services, clock: ManualClock, seed: int):
    await teach(services.database, COURSE)
    random, pressed = Random(seed), Counter[str]()  # noqa: S311
    async with LoopbackDiscord(lambda: clock.now().timestamp()) as platform:
        ada = DiscordPerson(platform, "Ada")
        ada.before = lambda: clock.advance(timedelta(seconds=1))
        school = platform.world.add_guild("School", ada.user)
        chat, room = ada.place, platform.world.add_channel(0, "room", school)
        async with door(platform, services):
            for ada.place in (chat, room):
                for verb in VERBS:
                    await ada.command(f"/{verb.name}")
                    await settled(ada)
            ada.place = chat
            for number in range(PRESSES):
                await presses_something(ada, random, pressed)
                if number % 100 == 99:
                    print(f"seed {seed}: {number + 1} presses, {len(pressed)} different buttons")
        assert platform.violations == []
        assert platform.api.refusals == []
