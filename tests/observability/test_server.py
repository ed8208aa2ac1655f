"""/health says whether a process works, /metrics what it did."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bots.conversation import registry
from bots.conversation.dialogue import Command, Press, Reply, Text
from bots.conversation.router import Router
from bots.conversation.turn import Services, Turn
from bots.observability.health import STALE_TICK, Health, report
from bots.observability.metrics import Metrics
from bots.observability.observed import Observed
from bots.observability.server import Watch, serving
from domain.clock import ManualClock, SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import ConfigurationError, Settings, load_settings
from tests.support.account import Account
from tests.support.outbox import message, reader, tell


@pytest.fixture
def watch(database: Database, clock: ManualClock) -> Watch:
    return Watch(database, clock, Health(), Metrics())


@pytest.fixture
async def address(watch: Watch) -> AsyncIterator[str]:
    async with serving(watch, "127.0.0.1:0") as port:
        yield f"http://127.0.0.1:{port}"


async def samples(address: str) -> dict[tuple[str, ...], float]:
    """What /metrics says: name and values of labels, by the labels' names, to number."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_health_is_200_while_all_works_and_503_else(watch: Watch, address: str):
    async with aiohttp.ClientSession() as session:

        async def health() -> tuple[int, dict[str, object]]:
            async with session.get(f"{address}/health") as answer:
                return answer.status, await answer.json()

        status, facts = await health()
        assert (status, facts["database"]) == (200, "up")
        watch.health.up("discord")
        assert (await health())[0] == 200
        watch.health.down("discord", "cut off from 123456789:" + "x" * 35)
        status, facts = await health()
        assert (status, facts["status"]) == (503, "failing")
        assert "xxx" not in str(facts)


async def test_a_database_that_is_away_is_told(settings: Settings):
    nowhere = load_settings(
        database_url="postgresql://a:b@127.0.0.1:9/stoa", data_dir=settings.data_dir
    )
    database = await Database.attach(nowhere)
    found = await Watch(database, SystemClock(), Health(), Metrics()).look()
    await database.close()
    assert not found.well
    assert str(found.facts["database"]).startswith("away")


def test_only_a_process_that_works_is_blamed_for_old_ticks(clock: ManualClock):
    old = clock.now() - STALE_TICK - timedelta(seconds=1)

    def well(*, works: bool) -> bool:
        return report(Health(), database="up", ticked=old, now=clock.now(), works=works).well

    assert well(works=False)
    assert not well(works=True)


async def test_what_was_done_is_counted(
    database: Database, clock: ManualClock, settings: Settings, watch: Watch, address: str
):
    router = Router(Services(database, clock, settings, Grader()), receipts=True)
    ada = Account(Observed(router, watch.metrics), clock, "discord", "ada")
    await ada.says("/help")
    await ada.says("/dance")
    await ada.does(Command("help"), event="same")
    await ada.does(Command("help"), event="same")
    await ada.does(Press("v1:gone:-:"))
    await ada.does(Text("hello"))
    watch.metrics.delivered("telegram", "sent")
    late = await reader(database, "late", "telegram")
    await tell(database, late, message(late, "waits", clock.now()))
    found = await samples(address)
    counted = {
        key[1:]: value for key, value in found.items() if key[0] == "stoa_interactions_total"
    }
    assert counted == {
        ("help", "discord", "answered"): 3,
        ("unknown", "discord", "refused"): 1,
        ("stale", "discord", "refused"): 1,
        ("text", "discord", "refused"): 1,
    }
    assert found["stoa_reply_seconds_count", "discord", "first"] == 6
    assert found["stoa_deliveries_total", "telegram", "sent"] == 1
    assert found["stoa_outbox_waiting", "telegram"] == 1
    assert found["stoa_grading", "queued"] == 0


async def test_a_fault_is_counted_as_one(
    database: Database,
    clock: ManualClock,
    settings: Settings,
    watch: Watch,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
):
    async def broken(turn: Turn, arguments: str) -> Reply:
        raise ValueError(arguments)

    router = Router(Services(database, clock, settings, Grader()))
    monkeypatch.setitem(registry.commands, "saved", broken)
    ada = Account(Observed(router, watch.metrics), clock, "telegram", "broken")
    assert "Nothing was lost" in await ada.says("/saved")
    found = await samples(address)
    assert found["stoa_faults_total", "telegram"] == 1
    assert found["stoa_interactions_total", "saved", "telegram", "fault"] == 1


async def test_an_address_that_is_taken_is_named(watch: Watch, address: str):
    with pytest.raises(ConfigurationError, match="STOA_METRICS_LISTEN"):
        async with serving(watch, address.removeprefix("http://")):
            pass
