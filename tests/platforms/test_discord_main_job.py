"""The whole main job through the Discord door, with the real library, on a strict Discord."""

import itertools

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from tests.platforms import main_job
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.state import State, state_of
from tests.platforms.terminal import main_job_state

ALREADY_ANSWERED = 40060
_reference: list[State] = []


@pytest.fixture
async def reference(services: Services, clock: ManualClock) -> State:
    """What the main job comes to at a terminal."""
    if not _reference:
        _reference.append(await main_job_state(services, clock))
    return _reference[0]


async def test_it_ends_in_the_same_state_as_at_a_terminal(
    platform: LoopbackDiscord,
    services: Services,
    database: Database,
    ada: DiscordPerson,
    reference: State,
):
    async with door(platform, services):
        await main_job.play(ada)
    assert platform.violations == []
    assert platform.api.refusals == []
    assert [one for one in ada.done if one.answer is None] == []
    sent = [str(call.body) for call in platform.api.calls]
    handed_in = next(n for n, body in enumerate(sent) if "of 13 = 89" in body)
    keys = ("is for walking", "Two: yours and theirs", "A hinge and a handle", "gate|door")
    assert not [key for key in keys if key in "".join(sent[:handed_in])]
    assert keys[0] in "".join(sent[handed_in:])  # the review shows it
    assert await state_of(database, "discord", ada.subject) == reference


async def test_every_event_twice_changes_and_says_nothing_twice(
    platform: LoopbackDiscord,
    services: Services,
    database: Database,
    ada: DiscordPerson,
    reference: State,
):
    platform.gateway.doubles = True
    async with door(platform, services):
        await main_job.play(ada)
    assert platform.violations == []
    assert {error.code for error in platform.api.refusals} <= {ALREADY_ANSWERED}
    assert await state_of(database, "discord", ada.subject) == reference
    sent = [call for call in platform.api.calls if call.path.endswith("/messages")]
    assert sent
    nonces = {call.body["nonce"] for call in sent}
    assert all(call.body["enforce_nonce"] for call in sent)
    assert len(sent) == len(nonces)  # a repeat is known by the process that heard it before
    shown = [message.nonce for message in ada.messages() if message.nonce is not None]
    assert sorted(map(str, shown)) == sorted(nonces)


async def test_cut_connections_in_the_middle_lose_nothing(
    platform: LoopbackDiscord,
    services: Services,
    database: Database,
    ada: DiscordPerson,
    reference: State,
):
    deeds = itertools.count(1)
    before = ada.before

    def cut() -> None:
        before()
        if next(deeds) in (5, 30):  # a press, and a typed answer
            platform.gateway.drop()

    ada.before = cut
    async with door(platform, services):
        await main_job.play(ada)
    assert platform.violations == []
    assert platform.gateway.resumed == 2
    assert platform.gateway.identified == 1
    assert await state_of(database, "discord", ada.subject) == reference
