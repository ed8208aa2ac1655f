"""The tutor as learners meet it, without a model: the real database, the real sandbox."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bots.conversation.dialogue import Command, Press, Reply
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from tests.domain.challenges.course import GOOD, HALF, WRONG, join, prepare
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import make_course
from tests.domain.tutoring.reading import learner, publish
from tests.support.account import Account
from tests.support.tutor_log import logged

BAD = """\
def two_fer(name=""):
    if name != "":
        name = "you"
    return f"One for {name}, one for me."
"""

Learn = Callable[[str], Awaitable[Account]]


@pytest.fixture
async def learn(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader, tmp_path: Path
) -> Learn:
    """Somebody who has opened the challenge "two-fer", at a terminal."""
    known = await prepare(database, tmp_path)
    router = Router(Services(database, clock, settings, grader))

    async def begin(name: str) -> Account:
        await join(database, clock, name, known["course"])
        account = Account(router, clock, "terminal", name)
        await account.says("/code two-fer")
        return account

    return begin


def hand_in(code: str) -> str:
    return f"```python\n{code}```"


async def test_an_error_is_explained_and_the_rung_climbs_by_work_only(
    learn: Learn, database: Database, clock: ManualClock
) -> None:
    ada = await learn("ada")
    await ada.says(hand_in(WRONG))
    first = await ada.presses("Explain my error")
    assert "`two_fer()` should give" in first
    assert "Offline tutor. Help 1 of 4. More opens after another try, or in 3 minutes." in first
    for _ in range(3):
        begged = await ada.says("/ask explain")
        assert "Help 1 of 4" in begged
    await ada.says(hand_in(WRONG + "\n# please\n"))  # the same program
    assert "Help 1 of 4" in await ada.presses("Explain my error")
    await ada.says(hand_in(HALF))
    second = await ada.presses("Explain my error")
    assert "Help 2 of 4." in second
    assert "More opens" not in second  # the author's hints come first
    rows = await logged(database, "ada")
    assert [row.level for row in rows] == [1, 1, 1, 1, 1, 2]
    assert {row.status for row in rows} == {"answered"}
    assert {row.provider for row in rows} == {"offline"}
    assert rows[-1].context_data["failing_test"] == "empty string"
    assert "cookie" not in str(rows[-1].context_data)


async def test_time_opens_the_next_rung_too(learn: Learn, clock: ManualClock) -> None:
    bea = await learn("bea")
    await bea.says(hand_in(WRONG))
    await bea.presses("Explain my error")
    clock.advance(timedelta(minutes=4))
    assert "Help 2 of 4." in await bea.says("/ask explain")


async def test_hints_are_the_authors_first_and_then_the_tutors(
    learn: Learn, clock: ManualClock
) -> None:
    cyd = await learn("cyd")
    for code in (WRONG, HALF, BAD + "x = 1\n", BAD + "y = 1\n", BAD):
        await cyd.says(hand_in(code))
    for _ in range(3):
        assert "costs" in await cyd.says("/hint")
        await cyd.presses("Take it")
    given = await cyd.says("/hint")
    assert "Help 1 of 4" in given
    assert "costs" not in given
    levels = []
    for wait in (3, 6, 10):
        clock.advance(timedelta(minutes=wait))
        levels.append(await cyd.says("/hint"))
    assert [f"Help {n} of 4" in text for n, text in zip((2, 3, 4), levels, strict=True)] == [
        True
    ] * 3
    assert "Look at line 2" in levels[0]
    assert "```python" in levels[2]
    assert "two_fer" not in levels[2]


async def test_programs_that_others_lend_tell_the_line_and_are_never_shown(
    learn: Learn, clock: ManualClock
) -> None:
    ora = await learn("ora")
    await ora.says(hand_in(HALF))
    await ora.presses("Explain my error")
    clock.advance(timedelta(minutes=4))
    alone = await ora.says("/ask explain")
    assert "I cannot tell where it is." in alone
    for number in range(5):
        friend = await learn(f"friend{number}")
        await friend.says(hand_in(GOOD.replace("name", f"name{number}")))
        with_less = await ora.says("/ask explain")
        assert with_less == alone
        assert "The tutor compares" in await friend.says("/privacy programs on")
    helped = await ora.says("/ask explain")
    assert "Lines that fit the failing tests best: 2" in helped
    assert " or 'you'" not in helped
    await friend.says("/privacy programs off")
    assert await ora.says("/ask explain") == alone


async def test_a_rating_is_kept_and_can_be_changed_by_its_learner_only(
    learn: Learn, database: Database
) -> None:
    dan, eva = await learn("dan"), await learn("eva")
    await dan.says(hand_in(WRONG))
    await dan.presses("Explain my error")
    bad, good = dan.payload("1 bad"), dan.payload("4 good")
    assert await dan.does(Press(bad)) == "Thank you. You rated this answer: 1 bad."
    assert await dan.does(Press(good)) == "Thank you. You rated this answer: 4 good."
    assert await eva.does(Press(bad)) == "There is no such answer of yours."
    assert "older message" in await dan.does(Press(good[:-1] + "9"))
    assert [row.response_quality for row in await logged(database, "dan")] == [4]


async def test_who_chose_short_messages_gets_at_most_five_buttons(learn: Learn) -> None:
    ned = await learn("ned")
    await ned.says("/settings display compact")
    await ned.says("/code two-fer")
    await ned.says(hand_in(WRONG))
    assert len(ned.labels) <= 5
    await ned.presses("Explain my error")
    assert len(ned.labels) <= 5
    await ned.presses("Rate this answer")
    assert ned.labels == ["1 bad", "2 weak", "3 fair", "4 good", "5 great"]
    assert await ned.presses("5 great") == "Thank you. You rated this answer: 5 great."


async def test_a_program_that_passes_is_reviewed_by_line(learn: Learn) -> None:
    fay = await learn("fay")
    clumsy = HALF.replace(
        "    return",
        "    if name == None or not name:\n        name = 'you'\n    list = name\n    return",
    )
    clumsy = clumsy.replace("{name}", "{list}")
    await fay.says(hand_in(clumsy))
    review = await fay.presses("Review my code")
    assert "Line 2: compare with `None` by `is`" in review
    assert "Line 4: `list` is also a name of Python's own" in review
    assert "Offline tutor." in review
    await fay.says("/code two-fer")
    await fay.says(hand_in(GOOD))
    assert "I found nothing to change in your 2 lines." in await fay.says("/ask review")


async def test_what_does_not_fit_is_refused(learn: Learn) -> None:
    gil = await learn("gil")
    assert await gil.says("/ask review") == "Hand in your program first. Then I can look at it."
    assert await gil.says("/ask explain") == "Hand in your program first. Then I can look at it."
    await gil.says(hand_in(WRONG))
    assert (await gil.says("/ask review")).startswith("I review programs that pass.")
    assert "2,000 characters, and yours has 2,001" in await gil.says("/ask " + "x" * 2001)
    await gil.says("/ask")
    assert gil.seen[-1].prompt is not None
    assert (await gil.says("   ")).startswith("There is no question in that.")


async def test_a_question_is_answered_from_the_try_and_typing_goes_on(
    learn: Learn, database: Database
) -> None:
    hal = await learn("hal")
    await hal.says(hand_in(HALF))
    await hal.says("/ask why does the default not work?")
    await hal.says("and what about the empty text?")
    again = await hal.says(GOOD)  # code is handed in, not asked
    assert "3 of 3 tests passed" in again
    rows = await logged(database, "hal")
    assert [row.user_message for row in rows] == [
        "why does the default not work?",
        "and what about the empty text?",
    ]
    assert rows[1].context_data["turns"] == 1


async def test_outside_of_everything_it_says_what_it_can(
    learn: Learn, database: Database, clock: ManualClock
) -> None:
    ida = await learn("ida")
    alone = Account(ida.router, clock, "terminal", "alone")
    answer = await alone.says("/ask who won the cup?")
    assert answer.startswith("You have no course open at the moment. Type /courses")
    assert "I cannot answer free questions." in answer


async def test_a_question_is_answered_from_the_course_and_its_lesson_opens(
    database: Database,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    tmp_path: Path,
) -> None:
    ids = await publish(database, tmp_path)
    await learner(database, clock, "kay", ids["course"])
    kay = Account(Router(Services(database, clock, settings, grader)), clock, "terminal", "kay")
    answer = await kay.says("/ask How long does bread take to bake?")
    assert answer.startswith("Your course says this, in [L2.2] Ovens: Baking bread:")
    assert "forty minutes" in answer
    assert "page 2 of" in await kay.presses("Open L2.2")
    rows = await logged(database, "kay")
    assert rows[0].context_data["cited"] == ["L2.2"]


@pytest.mark.parametrize(("kind", "is_refused"), [("graded", True), ("practice", False)])
async def test_no_help_while_a_quiz_that_counts_is_open(
    database: Database,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    kind: str,
    is_refused: bool,
) -> None:
    course = await make_course(database)
    await course.quiz(kind, (samples.SINGLE,), kind=kind)
    await course.learner(kind)
    lou = Account(Router(Services(database, clock, settings, grader)), clock, "terminal", kind)
    await lou.says(f"/quiz {kind}")
    if kind == "graded":
        await lou.presses("Start")
    for line in ("/ask what is the answer?", "/ask"):
        assert ("A quiz that counts is open." in await lou.says(line)) == is_refused


async def test_no_error_is_explained_either_while_a_quiz_that_counts_is_open(
    learn: Learn, database: Database
) -> None:
    course = await make_course(database)
    await course.quiz("final", (samples.SINGLE,), kind="graded")
    uma = await learn("uma")
    await uma.says(hand_in(WRONG))
    await course.learner("uma")
    await uma.says("/quiz final")
    await uma.presses("Start")
    assert "A quiz that counts is open." in await uma.says("/ask explain")
    assert await logged(database, "uma") == []


async def test_in_a_group_the_answer_is_private(learn: Learn) -> None:
    jon = await learn("jon")
    await jon.does(Command("ask", "what is a default?"), "group")
    shown: Reply = jon.seen[-1]
    assert shown.private
