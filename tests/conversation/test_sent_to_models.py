"""Everything a model ever gets, recorded: no name, no account, no id, no key, no hidden test."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.conversation.dialogue import Actor
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings, encryption_secret
from tests.domain.challenges.course import GOOD, HALF, write_course
from tests.platforms.gemini.server import KEY, MODEL, LoopbackGemini
from tests.support.account import Account
from tests.support.courses import teach
from tutor.models.router import Models

SUBJECT, NAME, GROUP = "118765432109876543", "Marzena Wyszyńska", "998765432109876543"
SECRET = "Quetzalcoatl"  # the input of a hidden test
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """Both of its forms are asked here."""
    async with LoopbackGemini() as server:
        yield server


@pytest.fixture(params=["gemini", "openai"])
async def ada(
    request: pytest.FixtureRequest,
    database: Database,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    gemini: LoopbackGemini,
    tmp_path: Path,
) -> AsyncIterator[Account]:
    """A learner on Discord, whose server has the model that this test is about."""
    root = write_course(tmp_path)
    cases = root / "10-unit/01-two-fer/tests/cases.yaml"
    cases.write_text(
        cases.read_text().replace("points: 40", "points: 30")
        + f"  - {{id: god, name: 'a long name', args: [{SECRET}],"
        f" expected: 'One for {SECRET}, one for me.', sample: false, points: 10}}\n"
    )
    await teach(database, root)
    service: dict[str, object] = {"gemini_api_key": SecretStr(KEY), "gemini_api_url": gemini.url}
    if request.param == "openai":
        service = {
            "tutor_server_url": gemini.openai_url,
            "tutor_server_model": MODEL,
            "tutor_server_key": SecretStr(KEY),
        }
    settings = settings.model_copy(update=service)
    models = Models.from_settings(settings)
    router = Router(Services(database, clock, settings, grader, models))
    account = Account(router, clock, "discord", f"{SUBJECT}-{request.param}")
    account.actor = Actor("discord", account.actor.subject, NAME, "en")
    yield account
    await models.close()


async def test_nothing_that_tells_who_somebody_is_or_what_is_tested(
    ada: Account, gemini: LoopbackGemini, settings: Settings
) -> None:
    await ada.says("/learn challenges-course")
    await ada.says("/code two-fer")
    await ada.says("```python\ndef two_fer(name):\n    return name\n```")
    await ada.presses("Explain my error")
    agree = next(label for label in ada.labels if label in {"I agree", "Yes, ask it"})
    await ada.presses(agree)
    await ada.says(f"```python\n{HALF}```")  # fails hidden tests only
    await ada.says("/ask explain")
    await ada.says(f"Who am I? I wrote {GROUP} and <@{SUBJECT}>, mail jan.nowak@poczta.pl")
    await ada.says("/ask What is a default value?")
    await ada.says(f"```python\n{GOOD}```")
    await ada.says("/ask review")
    asked = gemini.asked
    assert len(asked) >= 5
    secret = encryption_secret(settings).decode()
    for request in asked:
        text = request.text
        assert NAME not in text
        assert NAME.split()[0] not in text
        assert SUBJECT not in text
        assert "jan.nowak" not in text
        assert SECRET not in text
        assert KEY not in text
        assert secret not in text
        assert not ID.search(text)
    before_it_was_solved = asked[:-1]
    assert not any("name or 'you'" in request.text for request in before_it_was_solved)
    pseudonyms = {request.body.get("user") for request in asked}
    if asked[0].method == "chat":
        assert all(isinstance(name, str) and len(name) == 16 for name in pseudonyms)
