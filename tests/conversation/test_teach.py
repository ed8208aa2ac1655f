"""/teach tutor as an instructor meets it, over questions that a learner really asked."""

from pathlib import Path

import pytest

from bots.conversation.dialogue import Command, Press
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.service import Accounts
from domain.settings import Settings
from domain.sql import sql
from tests.domain.challenges.course import WRONG, join, prepare
from tests.support.account import Account

_OWN = sql("UPDATE courses SET owner_id = :user WHERE slug = 'challenges-course'")
_RATE = sql("UPDATE ai_interactions SET response_quality = 1")
_FAIL = sql("""
    WITH tried AS (
        INSERT INTO challenge_attempts
            (id, user_id, component_id, version, files, status, test_results, score, max_score,
             percentage, submitted_at, finished_at)
        SELECT uuidv7(), :learner, k.id, k.version, '{}', 'failed', '[{"status": "failed"}]',
               0, 100, 0, :at, :at
        FROM components k WHERE k.slug = 'two-fer'
        RETURNING id, user_id, component_id)
    INSERT INTO analytics_events (id, user_id, component_id, errors_made, completion_rate)
    SELECT id, user_id, component_id, 1, 0 FROM tried
""")
_WHY = sql("UPDATE ai_interactions SET fallback_reason = :reason")
_HINTS = sql("SELECT text FROM hints ORDER BY component_id, position")


@pytest.fixture
async def ivy(
    empty_database: Database, clock: ManualClock, settings: Settings, grader: Grader, tmp_path: Path
) -> Account:
    """The author of the course, after a learner called ada asked why her program fails."""
    known = await prepare(empty_database, tmp_path)
    router = Router(Services(empty_database, clock, settings, grader))
    await join(empty_database, clock, "ada", known["course"])
    ada = Account(router, clock, "terminal", "ada")
    await ada.says("/code two-fer")
    await ada.says(f"```python\n{WRONG}```")
    await ada.presses("Explain my error")
    async with empty_database.unit_of_work() as conn:
        author = await Accounts().learner(conn, "terminal", "ivy", "Ivy", None, clock.now())
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_OWN, {"user": author.user_id})
        await conn.execute(_RATE)
    return Account(router, clock, "terminal", "ivy")


async def test_from_the_queue_to_a_hint_in_the_instructors_words(
    ivy: Account, empty_database: Database
):
    overview = await ivy.says("/teach tutor")
    assert "Answers: 1. Learners: 1." in overview
    assert "Rated 1 or 2: 1." in overview
    listed = await ivy.presses("To look at")
    assert "explanation" in listed
    assert "rated 1" in listed
    assert "ada" not in listed.lower()
    shown = await ivy.presses("Open 1")
    assert "by button, without words" in shown
    assert "Two Fer" in shown
    asked = await ivy.presses("Keep as a hint")
    assert "nothing about one learner" in asked
    await ivy.presses("Change the words")
    done = await ivy.says("Which names count as *empty*?")
    assert "That is the last hint of Two Fer now" in done
    async with empty_database.worker_unit_of_work() as conn:
        hints = list((await conn.execute(_HINTS)).scalars())
    assert hints[-1] == "Which names count as *empty*?"
    await ivy.presses("Take the hint back")
    async with empty_database.worker_unit_of_work() as conn:
        assert list((await conn.execute(_HINTS)).scalars()) == hints[:-1]


async def test_why_no_model_wrote_an_answer_is_said_in_words(
    ivy: Account, empty_database: Database
):
    for reason, words in (
        ("consent", "No model was asked: the learner has not agreed to it."),
        ("budget: day", "No model was asked: the share for that time was used up."),
        ("unavailable: a: 503: b", "Offline tutor, because no model answered. a: 503: b"),
        ("gave away", "Offline tutor, because the model's answer said too much."),
        ("of another kind", "Why no model: of another kind"),
    ):
        async with empty_database.worker_unit_of_work() as conn:
            await conn.execute(_WHY, {"reason": reason})
        await ivy.says("/teach tutor")
        await ivy.presses("All answers")
        assert (await ivy.presses("Open 1")).endswith(words)
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(
            _WHY, {"reason": "no model"}
        )  # there is none, so there is nothing to say
    await ivy.says("/teach tutor")
    await ivy.presses("All answers")
    assert " model" not in await ivy.presses("Open 1")


async def test_what_was_looked_at_leaves_the_queue(ivy: Account):
    await ivy.says("/teach")
    await ivy.presses("To look at")
    await ivy.presses("Open 1")
    after = await ivy.presses("Fine, next")
    assert "The tutor of Challenges" in after
    assert "Nothing to look at" in ivy.labels
    everything = await ivy.presses("All answers")
    assert "1. " in everything
    await ivy.presses("By a model")
    assert "There is nothing here" in ivy.seen[-1].text


async def test_how_far_and_how_the_tutor_helps_is_set_for_a_course_and_an_item(ivy: Account):
    await ivy.says("/teach tutor challenges-course")
    await ivy.presses("How far")
    assert "Help goes up to 2 of 4" in await ivy.presses("2: the place")
    await ivy.presses("Style")
    assert "asks more than it tells" in await ivy.presses("asks more than it tells")
    await ivy.presses("Notes")
    noted = await ivy.says("They have not met `or` yet.")
    assert "Notes for the tutor: They have not met" in noted
    await ivy.presses("All answers")
    await ivy.presses("Open 1")
    item = await ivy.presses("This item")
    assert "Help goes up to 2 of 4" in item
    await ivy.presses("How far")
    assert "Help goes up to 1 of 4" in await ivy.presses("1: a question")
    await ivy.says("/teach tutor")
    assert "Help goes up to 2 of 4" in ivy.seen[-1].text
    await ivy.presses("Notes")
    assert "Notes for the tutor" not in await ivy.says("-")


async def test_others_and_groups_see_nothing(ivy: Account, clock: ManualClock):
    eve = Account(ivy.router, clock, "terminal", "eve")
    assert "for people who teach" in await eve.says("/teach tutor")
    await ivy.says("/teach tutor")
    levels = ivy.payload("How far")
    assert "for people who teach" in await eve.does(Press(levels))
    assert "in private only" in await ivy.does(Command("teach", "tutor"), "group")
    assert "in private only" in await ivy.does(Press(levels), "group")


async def test_a_wrong_word_or_course_is_answered(ivy: Account):
    assert "/teach tutor" in await ivy.says("/teach grading")
    assert "no course called" in await ivy.says("/teach tutor astronomy")


async def test_tasks_that_are_too_hard_are_named_once_five_have_tried(
    ivy: Account, empty_database: Database
):
    assert "when 5 learners have tried them" in await ivy.says("/teach stats")
    await ivy.presses("The tutor")
    for number in range(6):
        async with empty_database.unit_of_work() as conn:
            name = f"failing-{number}"
            learner = await Accounts().learner(conn, "terminal", name, "F", None, ivy.clock.now())
        async with empty_database.worker_unit_of_work() as conn:
            await conn.execute(_FAIL, {"learner": learner.user_id, "at": ivy.clock.now()})
    said = await ivy.presses("How hard tasks are")
    assert "- **Two Fer** (challenge): too hard: 0 % pass, 7 learners" in said
    assert "- **Two Fer**: 0" in said
    assert "1.3 errors" in said  # three of ada's tests, one of each other
    assert "The tutor of Challenges" in await ivy.presses("The tutor")
    await ivy.does(Command("teach", "stats"), kind="group")
    assert "in private only" in ivy.seen[-1].text
