"""Challenges in the conversation: the real database, the real sandbox, typed lines."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bots.conversation.dialogue import File, Press, Text
from bots.terminal.door import Door
from bots.terminal.plain import to_plain
from domain.challenges import lists
from domain.clock import ManualClock
from domain.database import Database
from tests.conversation.coding import Coder, attempts
from tests.domain.challenges.course import GOOD, HALF, WRONG
from tests.support.conversation import Person


async def test_the_statement_says_all_that_is_needed(coder: Coder) -> None:
    (reply,) = await coder.types("/code two-fer")
    text = to_plain(reply.text)
    assert text.startswith("Two Fer · level 1 · 100 points · Python · 0.5 s, 64 MB")
    assert "Write two_fer(name)." in text
    assert "two_fer('Bob') → 'One for Bob, one for me.'" in text
    assert "3 tests, 1 of them hidden." in text
    assert "empty string" not in text
    assert reply.files == (File("two_fer.py", b"def two_fer(name):\n    pass\n"),)
    assert [button.label for button in reply.buttons] == ["Hint 1 of 3, −10 %", "Ask", "Give up"]
    assert all(len(button.payload.encode()) <= 64 for button in reply.buttons)


async def test_from_a_wrong_try_to_a_pass(coder: Coder) -> None:
    await coder.types("/code two-fer")
    got, card = await coder.pastes(HALF)
    assert got == "Got 2 lines of Python. Running…"
    lines = [line for line in card.splitlines() if line]
    assert re.fullmatch(r"2 of 3 tests passed · 60 of 100 · \d+ ms · \d+ MB", lines[0])
    assert lines[1:] == [
        "- PASS 1 no name given",
        "- PASS 2 a name given",
        "- FAIL 3 (hidden) empty string",
    ]
    assert list(coder.labels) == [
        "Try again",
        "Explain my error",
        "Hint 1 of 3, −10 %",
        "Give up",
        "My attempts",
        "Full log",
    ]
    _, card = await coder.pastes(GOOD)
    assert "3 of 3 tests passed · 100 of 100" in card
    assert "+100 XP, 100 in all." in card
    assert "Your streak starts today" in card
    assert coder.labels[0] == "Try the challenge"


async def test_a_sample_shows_what_was_expected(coder: Coder) -> None:
    await coder.types("/code two-fer")
    _, card = await coder.pastes("def two_fer(name='you'):\n    return name\n")
    assert "FAIL 1 no name given: expected 'One for you, one for me.', got 'you'" in card
    assert "empty string: expected" not in card


async def test_errors_are_explained_with_the_learners_own_lines(coder: Coder) -> None:
    await coder.types("/code two-fer")
    _, card = await coder.pastes("def two_fer(name=''):\n    return nam\n")
    assert "ERROR 1 no name given. Line 2 uses a name that Python does not know" in card
    assert 'File "two_fer.py", line 2, in two_fer' in card
    assert card.count("does not know") == 1
    _, card = await coder.pastes("def two_fer(name=''):\n    while True: pass\n")
    assert "TIMEOUT 1 no name given. It was stopped after 0.5 s, while line 2 was running" in card
    _, card = await coder.pastes("def two_for(name=''): pass\n")
    assert "There is no function called two_fer, but there is two_for." in card


async def test_a_hidden_input_cannot_be_fetched_by_an_error(coder: Coder) -> None:
    await coder.types("/code two-fer")
    code = (
        "def two_fer(*a):\n    if a in ((), ('Bob',)): return 'x'\n    raise ValueError('got', a)\n"
    )
    _, card = await coder.pastes(code)
    assert "('',)" not in card
    assert "ValueError" not in card
    assert "values that you do not see" in card
    (reply,) = await coder.sends(Press(_payload(coder, "Full log")))
    assert "('',)" not in reply.files[0].content.decode()


def _payload(coder: Coder, label: str) -> str:
    return next(button.payload for button in coder.door.buttons if button.label == label)


async def test_everything_is_in_the_log_file(coder: Coder) -> None:
    await coder.types("/code two-fer")
    await coder.pastes("def two_fer(name=''):\n    print('hm', name)\n    return 1\n")
    (reply,) = await coder.sends(Press(_payload(coder, "Full log")))
    assert reply.files[0].name == "two-fer-log.txt"
    text = reply.files[0].content.decode()
    assert "FAIL 2 a name given: expected 'One for Bob, one for me.', got 1" in text
    assert "Printed in test 2:\nhm Bob" in text
    assert "Printed in test 3" not in text


async def test_hints_cost_what_was_said(coder: Coder) -> None:
    await coder.types("/code two-fer")
    assert await coder.says("/hint") == "Hint 1 costs 10 of 100 points for this challenge."
    assert await coder.presses("Take it") == "Hint 1: What is false besides None?"
    assert await coder.presses("Hint 2 of 3, −15 %") == "Hint 2 opens after one more try."
    _, card = await coder.pastes(WRONG)
    assert "0 of 100 (hints −10)" in card
    assert await coder.says("/hint") == "Hint 2 costs 15 of 100 points for this challenge."
    await coder.presses("Not yet")
    _, card = await coder.pastes(GOOD)
    assert "90 of 100 (hints −10)" in card
    assert "+90 XP" in card


async def test_giving_up_asks_first_and_shows_the_solution(coder: Coder) -> None:
    await coder.types("/code two-fer")
    assert "finished with 0 points" in await coder.presses("Give up")
    await coder.presses("Not yet")
    await coder.presses("Give up")
    shown = await coder.presses("Show the solution")
    assert "There are others." in shown
    assert "return f" in shown
    assert coder.replies[-1].files[0].content.decode() == GOOD
    await coder.types("/code two-fer")
    _, card = await coder.pastes(GOOD)
    assert "0 of 100 (the solution was shown)" in card
    assert "XP" not in card


async def test_two_pieces_of_code_are_asked_about(coder: Coder, database: Database) -> None:
    await coder.types("/code two-fer")
    (asked,) = await coder.sends(Text(f"```\nx = 1\n```\nor\n```\n{GOOD}```"))
    assert "2 pieces of code" in asked.text
    assert await attempts(database, coder) == []
    card = await coder.presses("Piece 2")
    assert "3 of 3 tests passed" in card
    assert await attempts(database, coder) == ["passed"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("two_fer.exe", b"MZ\x00", "does not fit here"),
        ("two_fer.py", b"\x00\x01", "not a text file"),
        ("two_fer.py", b"#" * 70_000, "KiB"),
        ("index.html", b"<p>", "does not fit here"),
    ],
)
async def test_wrong_input_changes_nothing(
    coder: Coder, database: Database, name: str, content: bytes, said: str
) -> None:
    await coder.types("/code two-fer")
    (answer,) = await coder.uploads((name, content))
    assert said in answer
    assert await attempts(database, coder) == []
    assert "no code in that" in await coder.says("what do I do?")
    assert await attempts(database, coder) == []
    got, card = await coder.uploads(("mine.py", GOOD.encode()))
    assert got == "Got mine.py as two_fer.py, 2 lines. Running…"
    assert "3 of 3" in card


async def test_locked_and_unknown_challenges(coder: Coder) -> None:
    assert "opens when you have finished: Two Fer" in await coder.says("/code square")
    assert list(coder.labels) == ["Two Fer"]
    assert "Two Fer · level" in await coder.says("Two Fer")
    assert "no challenge called “two-far”" in await coder.says("/code two-far")
    assert "/code two-fer" in coder.labels
    assert "Say which file" in await coder.says("/code submit")
    listed = await coder.says("/code list")
    assert "1. Two Fer: /code two-fer" in listed
    assert "2. Square (opens later): /code square" in listed
    assert list(coder.labels) == ["Two Fer"]


async def test_a_long_list_says_how_many_more_there_are(
    coder: Coder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LIST_MOST", 1)
    assert "And 1 more." in await coder.says("/code list")


async def test_a_locked_challenge_leaves_the_open_one_open(coder: Coder) -> None:
    await coder.types("/code two-fer")
    assert "opens when you have finished" in await coder.says("/code square")
    assert "I see no code in that" in await coder.says("hello")


async def test_the_history_and_old_attempts(coder: Coder, clock: ManualClock) -> None:
    assert "handed in nothing yet" in await coder.says("/code history")
    await coder.types("/code two-fer")
    for code in (WRONG, HALF, GOOD):
        clock.advance(timedelta(minutes=1))
        await coder.pastes(code)
    lines = (await coder.says("/code history two-fer")).splitlines()
    assert lines[0] == "3 attempts, newest first:"
    assert lines[2] == "1. 2 Mar 2026 18:03 · Two Fer: passed, 100 of 100"
    assert lines[4] == "3. 2 Mar 2026 18:01 · Two Fer: not passed, 0 of 100"
    assert "2 of 3 tests passed" in await coder.presses("Attempt 2")
    assert coder.replies[-1].files[0].content.decode() == HALF


async def test_somebody_elses_attempt_is_not_found(
    coder: Coder, clock: ManualClock, database: Database, tmp_path: Path
) -> None:
    await coder.types("/code two-fer")
    await coder.pastes(GOOD)
    await coder.types("/code history")
    payload = _payload(coder, "Attempt 1")
    other = Coder(Door(coder.door.router, clock, "somebody", tmp_path))
    assert "no such attempt" in to_plain((await other.sends(Press(payload)))[-1].text)


async def test_files_go_to_the_challenge_that_was_opened_last(
    coder: Coder, person: Callable[[str], Person]
) -> None:
    await coder.types("/code two-fer")
    await coder.types("/progress")
    got, card = await coder.uploads(("two_fer.py", GOOD.encode()))
    assert got == "Got two_fer.py, 2 lines. Running…"
    assert "3 of 3" in card
    newcomer = person("newcomer")
    heard = await Coder(newcomer.door).uploads(("two_fer.py", b"x = 1"))
    assert "Open a challenge first" in heard[-1]


async def test_an_open_test_shows_all_and_the_terminal_reads_files(
    coder: Coder, tmp_path: Path
) -> None:
    await coder.types("/code two-fer")
    await coder.pastes(GOOD)
    statement = to_plain((await coder.types("/code square"))[-1].text)
    assert "Input:" in statement
    path = tmp_path / "mine.py"
    path.write_text("print(int(input()) + 12)\n")
    card = to_plain((await coder.types(f"/code submit {path}"))[-1].text)
    assert "1 of 3 tests passed · 1 of 3" in card
    assert "FAIL 3 (hidden) five: expected 25, got 17" in card
