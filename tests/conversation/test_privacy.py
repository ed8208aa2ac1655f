"""/privacy says what is stored, who sees it and what leaves, and its switches do what they say."""

from dataclasses import replace
from pathlib import Path

import pytest

from bots.conversation.controls import StaleControl
from bots.conversation.flows.tutor import leaving
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings, load_settings
from domain.tutoring import consent
from domain.tutoring.destinations import destinations
from tests.support.conversation import Person
from tests.support.courses import teach

KEY = {"gemini_api_key": "AIza-not-real"}


@pytest.fixture
async def services(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Services:
    await teach(database)
    return Services(database, clock, settings, grader)


def someone(services: Services, name: str, folder: Path, **configured: object) -> Person:
    """A person where this is configured."""
    settings = load_settings(data_dir=services.settings.data_dir, **configured)
    router = Router(replace(services, settings=settings))
    return Person(Door(router, services.clock, name, folder))


async def test_without_a_model_nothing_is_sent(services: Services, tmp_path: Path) -> None:
    ada = someone(services, "p-ada", tmp_path)
    text = await ada.says("/privacy")
    assert "Nothing is sent to any other service" in text
    assert "Tutor with a model" not in ada.labels
    assert "No model is connected" in await ada.says("/privacy tutor on")


async def test_a_service_that_trains_is_asked_only_after_a_plain_yes(
    services: Services, tmp_path: Path
) -> None:
    ada = someone(services, "p-eve", tmp_path, **KEY)
    assert "unless you agree first" in await ada.says("/privacy")
    asked = await ada.says("Tutor with a model")
    assert "Google Gemini may use what you write to train its models" in asked
    assert "each question alone, to search your course by its meaning" in asked
    assert ada.labels == ["I agree", "No, stay offline"]
    assert "Nothing of yours goes to Google Gemini." in await ada.says("No, stay offline")
    await ada.says("Tutor with a model")
    text = await ada.says("I agree")
    assert "Google Gemini gets your question, your program, the exercise, and your last" in text
    assert "It also gets the question alone, to search your course by meaning" in text
    assert "You agreed that it may train" in text
    assert "Nothing of yours goes to Google Gemini." in await ada.says("Tutor without a model")


async def test_a_service_that_does_not_train_is_asked_about_in_milder_words(
    services: Services, tmp_path: Path
) -> None:
    paid = {**KEY, "gemini_trains_on_content": False, "tutor_embedding_model": "none"}
    ada = someone(services, "p-ida", tmp_path, **paid)
    asked = await ada.says("/privacy tutor on")
    assert "by its meaning" not in asked
    assert "trains no models" in asked
    assert "may use what you write" not in asked
    assert ada.labels == ["Yes, ask it", "No, stay offline"]
    await ada.says("Yes, ask it")
    # The same key is of a free plan from now on: that yes does not hold for it.
    later = someone(services, "p-ida", tmp_path, **KEY)
    assert "unless you agree first" in await later.says("/privacy")


async def test_a_button_of_another_service_decides_nothing(
    services: Services, tmp_path: Path
) -> None:
    ada = someone(services, "p-kim", tmp_path, **KEY, gemini_trains_on_content=False)
    await ada.says("/privacy tutor on")
    button = next(b for b in ada.door.buttons if b.label == "Yes, ask it")
    other = someone(services, "p-kim", tmp_path, **KEY)
    await other.says("/privacy")
    other.door.buttons = (*other.door.buttons, button)
    assert str(StaleControl()).partition(".")[0] in await other.says("Yes, ask it")
    assert "unless you agree first" in await other.says("/privacy")


async def test_boards_and_history_are_switched(services: Services, tmp_path: Path) -> None:
    ada = someone(services, "p-lea", tmp_path)
    assert "Boards show your name" in await ada.says("/privacy")
    assert "Boards leave you out" in await ada.says("Leave boards")
    assert "Instructors do not see" in await ada.says("Hide my questions")
    text = await ada.says("/privacy boards on")
    assert "Boards show your name" in text
    assert "Instructors do not see" in text
    assert "Type /privacy with" in await ada.says("/privacy all off")


async def test_consent_is_kept_by_service_and_asked_for_once(
    database: Database, services: Services, tmp_path: Path
) -> None:
    ada = someone(services, "p-two", tmp_path)
    await ada.says("/privacy")
    settings = load_settings(
        **KEY, tutor_server_url="http://127.0.0.1:9/v1", tutor_server_model="m"
    )
    own, gemini = destinations(settings)
    assert (own.trains, gemini.trains) == (False, True)
    async with database.worker_unit_of_work() as conn:
        user = (
            await conn.exec_driver_sql("select user_id from identities where subject = 'p-two'")
        ).scalar_one()
    now = services.clock.now()
    async with database.unit_of_work(user) as conn:
        assert (await consent.standing(conn, user, (own, gemini))).ask == own
        await consent.decide(conn, user, own, allow=False, now=now)
        assert (await consent.standing(conn, user, (own, gemini))).ask == gemini
        await consent.decide(conn, user, gemini, allow=True, now=now)
        found = await consent.standing(conn, user, (own, gemini))
        assert found == consent.Standing(frozenset({"gemini"}), None)
        await consent.decide(conn, user, gemini, allow=False, now=now)
        assert await consent.standing(conn, user, (own, gemini)) == consent.Standing(
            frozenset(), None
        )


def test_a_button_tells_the_service_and_what_was_told_about_it() -> None:
    url = "https://proxy.of.a.school.example/gemini"
    (free,) = destinations(load_settings(**KEY, gemini_api_url=url))
    (paid,) = destinations(load_settings(**KEY, gemini_api_url=url, gemini_trains_on_content=False))
    carried = {
        leaving.answer(about, allow=allow) for allow in (True, False) for about in (free, paid)
    }
    assert len(carried) == 4
    assert leaving.answered(leaving.answer(free, allow=True), [free]) == (free, True)
    assert leaving.answered(leaving.answer(free, allow=False), [free]) == (free, False)
    with pytest.raises(StaleControl):
        leaving.answered(leaving.answer(paid, allow=True), [free])
