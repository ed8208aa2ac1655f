"""Quizzes in the conversation: every kind by button and by text, and through restarts."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from bots.conversation.controls import control
from bots.conversation.dialogue import Press, Reply
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.delivery import render
from bots.terminal.door import Door
from bots.worker import Worker
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.notifications import claims
from domain.postgres import EmbeddedServer
from domain.quizzes import forms
from domain.quizzes import questions as q
from domain.settings import Settings
from domain.sql import sql
from tests.conversation.quiz_taking import (
    ORDER,
    answer_by_button,
    answer_by_text,
    letters,
    numbers,
    take,
)
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course, make_course
from tests.support.children import Process, Program
from tests.support.conversation import Person

Enter = Callable[[str], Person]
_ATTEMPT = sql("""
    SELECT t.id FROM assessment_attempts t JOIN identities i ON i.user_id = t.user_id
    WHERE i.subject = :name
""")
_SCORE = sql("""
    SELECT t.status, t.score, (SELECT sum(a.points_earned) FROM assessment_answers a
                               WHERE a.attempt_id = t.id) AS points
    FROM assessment_attempts t JOIN identities i ON i.user_id = t.user_id
    WHERE i.subject = :name ORDER BY t.id
""")


@pytest.fixture
async def quiz_router(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Router:
    return Router(Services(database, clock, settings, grader))


@pytest.fixture
async def course(database: Database) -> Course:
    return await make_course(database)


@pytest.fixture
def enter(course: Course, quiz_router: Router, clock: ManualClock, tmp_path: Path) -> Enter:
    """Somebody at a terminal, by name."""
    return lambda name: Person(Door(quiz_router, clock, f"{name}-{course.slug}", tmp_path / name))


async def joined(course: Course, enter: Enter, name: str) -> Person:
    await course.learner(f"{name}-{course.slug}")
    return enter(name)


async def presses(person: Person, payload: str) -> list[Reply]:
    """Press a button that may be on the screen no more."""
    event = person.door._event(Press(payload))
    return [reply async for reply in person.door.router.answer(event)]


async def scores(course: Course, name: str) -> list[tuple[str, Decimal, Decimal]]:
    async with course.database.worker_unit_of_work() as conn:
        rows = await conn.execute(_SCORE, {"name": f"{name}-{course.slug}"})
        return [tuple(row) for row in rows.all()]


@pytest.mark.parametrize("shuffle", [False, True])
async def test_every_kind_by_button_and_by_text_gets_the_same(
    course: Course, enter: Enter, shuffle: bool
):
    slug = f"kinds-{int(shuffle)}"
    await course.quiz(slug, samples.ALL, shuffle=shuffle, attempts=3)
    results = []
    for name, answer in (("typist", answer_by_text), ("presser", answer_by_button)):
        person = await joined(course, enter, name)
        result = await take(person, slug, answer)
        assert "8 of 9 = 88.89 %. Pass mark 70 %: passed. Attempt 1 of 3." in result
        assert "+8 XP" in result
        ((status, score, points),) = await scores(course, name)
        assert (status, score) == ("graded", points)
        results.append(score)
    assert results == [Decimal("8.00"), Decimal("8.00")]


async def test_wrong_shape_is_said_and_not_counted(course: Course, enter: Enter):
    await course.quiz("shape", (samples.SINGLE,))
    ada = await joined(course, enter, "ada")
    await ada.types("/quiz shape")
    await ada.types("Start")
    assert await ada.says("hello there") == "I need a letter A–C. You sent: hello there."
    assert ada.labels == ["A", "B", "C", "Hint −20 %", "Skip", "Report"]
    assert "Answer saved" in await ada.says("b")
    await ada.types("Hand in")
    assert (await scores(course, "ada"))[0][1] == Decimal("2.00")


async def test_pairs_and_orders_are_typed_step_by_step_too(course: Course, enter: Enter):
    await course.quiz("steps", (samples.MATCHING, samples.ORDERING))
    ada = await joined(course, enter, "ada")
    await ada.types("/quiz steps")
    options = letters(await ada.says("Start"))
    assert "Match 2 of 3: DNS" in await ada.says(options["22"].lower() + ".")
    await ada.types(options["53"].lower() + ".")
    assert "Answer saved" in await ada.says(options["80"].lower() + ".")
    items = numbers(await ada.says("Next"))
    await ada.types(items["Physical"])
    assert f"{items['Physical']} placed" in ada.labels
    refused = await ada.says(f"{items['Physical']} placed")
    assert "You have placed that one already." in refused
    for name in ORDER[1:]:
        await ada.types(items[name])
    await ada.types("Submit answer")
    assert "2 of 2 = 100 %" in await ada.says("Hand in")


SECRETS = ("zyzzyva", "quokka", "axolotl", "okapi", "4711", "numbat", "tarsier")


def secret_questions() -> tuple[q.Question, ...]:
    """Questions whose keys, remarks and explanations hold words that stand nowhere else."""
    single = samples.SINGLE.model_copy(
        update={
            "key": forms.ChoiceKey(correct=(1,), feedback=("zyzzyva", "quokka", "")),
            "explanation": "Because axolotl.",
        }
    )
    short = samples.SHORT.model_copy(update={"key": forms.ShortKey(accepted=("okapi",))})
    number = forms.NumericKey(accepted=(forms.AcceptedNumber(value=Decimal(4711)),))
    numeric = samples.NUMERIC.model_copy(update={"key": number})
    gaps = forms.ClozeKey(gaps=(("numbat",), ("tarsier",)))
    return single, short, numeric, samples.CLOZE.model_copy(update={"key": gaps}), samples.MULTI


def everything(replies: list[Reply]) -> str:
    """All that leaves the house with these replies."""
    parts: list[str] = []
    for reply in replies:
        parts += [reply.text, reply.notice, repr(reply.prompt), repr(reply.files)]
        parts += [f"{button.label} {button.payload} {button.url}" for button in reply.buttons]
    return "\n".join(parts)


@pytest.mark.parametrize("reveal", ["after_submit", "never"])
async def test_no_key_leaves_before_it_may(course: Course, enter: Enter, reveal: str):
    await course.quiz(f"secret{len(reveal)}", secret_questions(), reveal=reveal)
    ada = await joined(course, enter, "ada")
    await ada.types(f"/quiz secret{len(reveal)}")
    await ada.types("Start")
    for text in ("a", "Next", "zebra", "Next", "12", "Next", "x; y", "Next", "a b", "Look again"):
        await ada.types(text)
    while "Hint −20 %" in ada.labels:
        await ada.types("Hint −20 %")
    await ada.types("Report")
    await ada.types("It is unclear.")
    await ada.types("/quiz")
    assert not [word for word in SECRETS if word in everything(ada.replies)]
    async with course.database.worker_unit_of_work() as conn:
        rows = await conn.execute(_ATTEMPT, {"name": f"ada-{course.slug}"})
        attempt: UUID = rows.scalar_one()
    for payload in {b.payload for reply in ada.replies for b in reply.buttons}:
        assert len(payload.encode()) <= 64
    ada.replies += await presses(ada, control("quiz.submit", attempt))
    for position in range(5):
        ada.replies += await presses(ada, control("quiz.review", attempt, position))
    told = [word for word in SECRETS if word in everything(ada.replies)]
    assert told == ([] if reveal == "never" else ["axolotl", "okapi", "4711", "numbat", "tarsier"])


async def test_after_the_deadline_a_restarted_house_hands_in(
    course: Course, clock: ManualClock, settings: Settings, grader: Grader, tmp_path: Path,
    enter: Enter, server: EmbeddedServer, database_name: str,
):  # fmt: skip
    await course.quiz("timed", (samples.SINGLE, samples.TRUE_FALSE), limit=120)
    ada = await joined(course, enter, "ada")
    assert "2 minutes" in await ada.says("/quiz timed")
    assert "2:00 left" in await ada.says("Start")
    await ada.types("b")
    old = [button.payload for button in ada.door.buttons]
    clock.advance(timedelta(seconds=121))
    again = Database(lambda role: server.connect_arguments(role, database_name), settings)
    router = Router(Services(again, clock, settings, grader))
    late = Person(Door(router, clock, f"ada-{course.slug}", tmp_path))
    replies = await presses(late, old[0])
    await again.close()
    assert "The time is over. What you had was handed in." in replies[-1].text
    assert "2 of 3 = 66.67 %" in replies[-1].text
    assert [row[0] for row in await scores(course, "ada")] == ["graded"]


async def test_who_does_not_come_back_hears_that_it_was_handed_in(
    course: Course, clock: ManualClock, grader: Grader, enter: Enter
):
    await course.quiz("left", (samples.SINGLE,), limit=60)
    ada = await joined(course, enter, "ada")
    await ada.says("/quiz left")
    await ada.says("Start")
    await ada.types("b")
    clock.advance(timedelta(minutes=5))
    for _ in range(2):
        await Worker(course.database, clock, grader).run_once()
        clock.advance(timedelta(minutes=1))
    async with course.database.worker_unit_of_work() as conn:
        lease = timedelta(minutes=1)
        waiting = await claims.claim(conn, "terminal", limit=99, lease=lease, now=clock.now())
    told = [render(one).text for one in waiting if one.address == f"ada-{course.slug}"]
    assert len(told) == 1
    assert "is over. What you had was handed in." in told[0]


async def test_presses_at_once_make_one_attempt_and_three_at_most(course: Course, enter: Enter):
    await course.quiz("crowd", (samples.SINGLE,), attempts=3)
    ada = await joined(course, enter, "ada")
    for number in range(1, 4):
        await ada.types("/quiz crowd")
        start = ada.door.buttons[0].payload
        heard = await asyncio.gather(*(presses(ada, start) for _ in range(6)))
        assert all("Question 1 of 1" in replies[-1].text for replies in heard)
        assert len(await scores(course, "ada")) == number
        await ada.types("/quiz")
        await ada.types("b")
        await ada.types("Hand in")
    heard = await asyncio.gather(*(presses(ada, start) for _ in range(6)))
    assert all("You have used all 3 attempts" in replies[-1].text for replies in heard)
    assert len(await scores(course, "ada")) == 3
    assert "You have used all 3 attempts" in await ada.says("/quiz crowd")


async def test_an_old_button_answers_kindly(course: Course, enter: Enter):
    await course.quiz("old", (samples.SINGLE,))
    ada = await joined(course, enter, "ada")
    await ada.types("/quiz old")
    await ada.types("Start")
    old = ada.door.buttons[0].payload
    await ada.types("b")
    await ada.types("Hand in")
    assert "2 of 2 = 100 %" in (await presses(ada, old))[-1].text
    eve = await joined(course, enter, "eve")
    assert "somebody else's quiz" in (await presses(eve, old))[-1].text
    assert (await scores(course, "ada"))[0][1] == Decimal("2.00")


async def test_practice_teaches_at_once(course: Course, enter: Enter):
    questions = (samples.SINGLE, samples.SHORT)
    await course.quiz("practice", questions, kind="practice", reveal="after_question")
    ada = await joined(course, enter, "ada")
    assert "Question 1 of 2 · 2 points" in await ada.says("/quiz practice")
    assert "Hint 1: Think of IP." in await ada.says("/hint")
    said = await ada.says("a")
    assert "Not right. 0 of 2." in said
    assert "Between ports." in said
    assert "The answer: B. Network" in said
    assert "Routers read IP headers." in said
    assert "Noted. The author will look" in await ada.says("Mine was right")
    await ada.types("Go on")
    assert "So close. Check the spelling" in await ada.says("address")
    assert "Right. 1 of 1." in await ada.says("the MAC adresses")
    result = await ada.says("See the result")
    assert "1 of 3 = 33.33 %. Pass mark 70 %: not passed yet. Attempt 1." in result
    assert "Try again" in ada.labels
    review = await ada.says("Review")
    assert "not all right, 0 of 2 points · 1 hint" in review
    assert "You said that yours was right." in review


async def test_skipped_questions_are_named_before_handing_in(course: Course, enter: Enter):
    await course.quiz("skip", (samples.SINGLE, samples.TRUE_FALSE, samples.SHORT))
    ada = await joined(course, enter, "ada")
    await ada.types("/quiz skip")
    await ada.types("Start")
    await ada.types("Skip")
    await ada.types("true")
    await ada.types("Next")
    assert "Without an answer: questions 1, 3." in await ada.says("Skip")
    assert "Question 1 of 3" in await ada.says("Question 1")
    await ada.types("b")
    await ada.types("Next")
    assert "Without an answer: question 3." in await ada.says("Skip")
    assert "3 of 4 = 75 %" in await ada.says("Hand in")


async def test_quiz_without_a_name_resumes_or_lists(course: Course, enter: Enter):
    await course.quiz("first-one", (samples.SINGLE,))
    await course.quiz("second-one", (samples.SINGLE, samples.MULTI))
    ada = await joined(course, enter, "ada")
    assert "1. Quiz first-one" in await ada.says("/quiz")
    await ada.types("Quiz 2")
    await ada.types("Start")
    await ada.types("Skip")
    await ada.types("[ ] A")
    assert "[x] A" in ada.labels
    again = enter("ada")
    screen = await again.says("/quiz")
    assert "Question 2 of 2" in screen
    assert "[x] A" in again.labels
    assert "There is no quiz “first-oen”" in await ada.says("/quiz first-oen")
    assert "/quiz first-one" in ada.labels


async def test_questions_are_drawn_from_a_domain(course: Course, enter: Enter):
    bank = tuple(samples.SINGLE.model_copy(update={"prompt": f"Number {n}?"}) for n in range(4))
    await course.bank("2.0", bank)
    await course.quiz("drill", (), kind="practice", draw=({"domain": "2.0", "n": 2},))
    ada = await joined(course, enter, "ada")
    assert "There are 4 questions like that" in await ada.says("/quiz 5 domain:2.0")
    assert "Question 1 of 3" in await ada.says("/quiz 3 domain:2.0 level:2")
    assert "You have this quiz open." in await ada.says("/quiz 2 domain:2.0")
    await ada.types("b")
    assert "Hand in" in ada.labels  # a long draw need not be answered to its end
    await ada.types("/quiz 2 domain:2.0")
    assert "Without an answer: questions 2, 3." in await ada.says("Hand in")
    assert "Pass mark" in await ada.says("Hand in")
    assert "Question 1 of 1" in await ada.says("/quiz 1 domain:2.0")
    assert "Write it like this" in await ada.says("/quiz 2 level:9")


async def test_killed_in_the_middle_it_goes_on_where_it_was(
    course: Course, enter: Enter, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    await course.quiz("killed", (samples.SINGLE, samples.TRUE_FALSE, samples.SINGLE))
    await course.learner(f"ada-{course.slug}")
    reached = server.connect_arguments("stoa_app", database_name)
    script = Path(__file__).parent / "quiz_process.py"
    arguments = [str(reached[name]) for name in ("host", "port", "database")]
    lines = ["/quiz killed", "Start", "b", "Next", "true", "Next"]
    given = [*arguments, str(tmp_path), f"ada-{course.slug}", *lines]
    process = await Process.begin(Program("", given, os.environ, tmp_path, script), errors=True)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == -9, err.decode()[-2000:]
    assert "still alive" not in out.decode()
    ada = enter("ada")
    assert "Question 3 of 3" in await ada.says("/quiz")
    await ada.types("a")
    assert "3 of 5 = 60 %" in await ada.says("Hand in")
    assert len(await scores(course, "ada")) == 1
