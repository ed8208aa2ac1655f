"""The main job itself: it passes at the terminal, and its state is worth comparing."""

from pathlib import Path

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from domain.clock import ManualClock
from domain.database import Database
from tests.platforms import main_job
from tests.platforms.state import state_of
from tests.platforms.terminal import TerminalPerson, main_job_state


async def test_two_people_who_do_the_same_end_in_the_same_state(
    services: Services, clock: ManualClock
):
    ada = await main_job_state(services, clock, "ada")
    assert ada == await main_job_state(services, clock, "bob")
    assert {row["component_id"] for row in ada["activity_ledger"]} == {
        "doors-lesson", "doors-quiz", "doors-double",
    }  # fmt: skip
    assert len(ada["assessment_answers"]) == 2 * main_job.QUESTIONS
    assert {row["score"] for row in ada["challenge_attempts"]} == {"40", "90"}


async def test_a_difference_of_one_answer_shows(
    router: Router, clock: ManualClock, database: Database, tmp_path: Path
):
    states = []
    for name, letter in (("cyd", "Swimming"), ("dan", "Flying")):
        person = TerminalPerson(Door(router, clock, name, tmp_path), clock)
        await person.command("/learn doors")
        await person.command("/quiz doors-quiz")
        await person.press("Start")
        await person.press(person.screen.letters[letter])
        states.append(await state_of(database, "terminal", person.subject))
    assert states[0] != states[1]
