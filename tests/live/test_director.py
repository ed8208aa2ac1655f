"""A group plays a live quiz: its messages, its presses, and directors that come and go."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from bots.conversation.controls import parse
from bots.conversation.dialogue import (
    Actor,
    Command,
    Incoming,
    Place,
    Press,
    Text,
)
from bots.live.director import Director
from bots.live.stage import Budget, StageBusy, StageClosed
from tests.domain.quizzes import samples
from tests.live.table import NUMBERS, Group, Wall, hosted, right_letter


async def test_a_quiz_from_the_lobby_to_the_final_board(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    assert "Joined (1): Ada" in table.wall.last.text
    assert await table.press("Bob", "Join") == "You are in, Bob."
    await table.press("Cyd", "Join")
    assert "Joined (3): Ada, Bob, Cyd" in await table.look(3)
    await table.press("Ada", "Start")
    asked = await table.look()
    assert "Question 1 of 2" in asked
    assert "Answered: 0 of 3" in asked
    right = right_letter(table)
    assert await table.press("Ada", right) == f"Locked in: {right}. You may change it."
    wrong = next(letter for letter in "ABC" if letter != right)
    await table.press("Bob", wrong)
    await table.press("Bob", right)
    assert "Answered: 2 of 3" in await table.look(3)
    await table.press("Cyd", wrong)
    revealed = await table.look()  # all have answered
    assert f"The answer: {right}. Network" in revealed
    assert f"{right} 2" in revealed
    assert "Right: Ada, Bob" in revealed
    assert "1. Ada 2" in revealed
    assert "1. Bob 2" in revealed
    assert "3. Cyd 0" in revealed
    assert "Question 2 of 2" in await table.look(9)
    await table.look(60)
    assert "final board" in table.wall.last.text
    assert "Hardest: question 1 (2 of 3 right)." in table.wall.last.text
    review = await table.does("Cyd", Press(table.wall.last.buttons[0].payload))
    assert "The answer: A. Network" in review.text or "Network" in review.text
    assert review.private


async def test_nothing_shows_the_key_before_the_reveal(group: Callable[..., Group]):
    table = group()
    secret = samples.SINGLE.model_copy(update={"explanation": "Because XYZZY."})
    await hosted(table, questions=(secret, samples.SHORT))
    await table.press("Bob", "Join")
    await table.press("Ada", "Start")
    await table.look()
    told = [await table.press("Bob", letter) for letter in "ABC"]
    asked = table.wall.messages[table.wall.order[-1]]
    seen = json.dumps([told, [repr(version) for version in asked]])
    assert "XYZZY" not in seen
    assert "The answer" not in seen
    payloads = [parse(one.payload) for version in asked for one in version.buttons]
    arguments = {one.argument for one in payloads if one.action == "lv.a"}
    assert arguments == {"0.0", "0.1", "0.2"}  # places as shown: they say nothing of the key


async def test_no_question_is_left_without_its_answer(group: Callable[..., Group]):
    """The round is two steps further than the chat: the host went on while it could not be seen."""
    table = group()
    await hosted(table)
    await table.press("Bob", "Join")
    await table.press("Ada", "Start")
    await table.look()
    question = table.wall.order[-1]
    right = right_letter(table)
    await table.press("Ada", right)
    await table.does("Ada", Command("host", "next"))
    await table.does("Ada", Command("host", "next"))
    choice = _payloads(table, "lv.a", question)[0]
    await table.does("Bob", Press(choice.replace(":0.0", ":1.0")))  # of the question that is open
    asked = await table.look()
    assert "Question 2 of 2" in asked
    revealed = table.wall.messages[question][-1].text
    assert f"The answer: {right}. Network" in revealed
    assert "Right: Ada" in revealed
    assert "2. Bob 0" in revealed
    assert table.wall.order[-2] == question
    assert len(table.wall.messages[question]) == 2


async def test_an_answer_is_shown_for_its_time_however_late_it_comes(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    await table.press("Ada", "Start")
    await table.look()
    table.wall.fault = StageBusy(timedelta(seconds=12))
    await table.press("Ada", right_letter(table))
    assert "The answer" not in await table.look(11)
    assert "The answer" in await table.look(7)
    assert "Question 2 of 2" in await table.look(4)


def _payloads(table: Group, action: str, message: str) -> list[str]:
    buttons = table.wall.messages[message][0].buttons
    return [one.payload for one in buttons if parse(one.payload).action == action]


async def test_typed_answers_and_wrong_shapes(group: Callable[..., Group]):
    table = group()
    await hosted(table, questions=(samples.NUMERIC,))
    await table.press("Ada", "Start")
    await table.look()
    asked = await table.does("Ada", Press(table.wall.last.buttons[0].payload))
    assert asked.prompt is not None
    refused = await table.does("Ada", Text("about a thousand"))
    assert "number" in refused.text
    locked = await table.does("Ada", Text("1,024"))
    assert locked.text.startswith("Locked in")
    assert "Right: Ada" in await table.look()


async def test_more_time_is_a_private_matter(group: Callable[..., Group]):
    table = group()
    await hosted(table, "time:10")
    offered = await table.does("Bob", Press(table.wall.last.rows[0][2].payload))
    twice = offered.buttons[2]
    await table.does("Bob", Press(twice.payload))
    await table.press("Ada", "Start")
    await table.look()
    right = right_letter(table)
    await table.look(15)
    assert "Time is over" in await table.press("Ada", right)
    assert "Locked in" in await table.press("Bob", right)
    everything = repr(table.wall.messages)
    assert "Twice" not in everything


async def test_one_round_in_two_chats_has_one_board(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    second = group(wall=table.wall)
    incoming_chat = second.chat
    here = Incoming(
        f"{next(NUMBERS)}",
        table.clock.now(),
        Actor("terminal", f"Ada-{table.chat}", "Ada"),
        Place("group", incoming_chat, incoming_chat, "Second"),
        Command("host", "here"),
    )
    replies = [reply async for reply in table.router.answer(here)]
    assert "played here too" in replies[-1].text
    await table.look()
    await table.press("Eve", "Join")
    await table.press("Ada", "Start")
    await table.look()
    boards = {name.split("/")[0]: table.wall.messages[name][-1].text for name in table.wall.order}
    assert boards[table.chat] == boards[incoming_chat]
    assert "Answered: 0 of 2" in boards[table.chat]


@pytest.mark.parametrize("replaced", [True, False], ids=["killed", "stalled"])
async def test_a_director_that_dies_or_stalls_costs_nobody_time(
    group: Callable[..., Group], replaced: bool
):
    table = group(wall=Wall(budget=Budget(2, timedelta(seconds=5))))
    await hosted(table, "time:60")
    await table.press("Ada", "Start")
    await table.look(2)
    question = table.wall.last
    table.clock.advance(timedelta(seconds=40))
    if replaced:
        table.director = Director(table.database, table.clock, {"terminal": table.wall})
    text = await table.look()
    assert "Paused 4" in text
    assert "time added" in text
    assert len(table.wall.order) == 2  # the lobby and one question: nothing was posted twice
    right = question.buttons[0]
    assert "Locked in" in (await table.does("Ada", Press(right.payload))).text


async def test_faults_of_the_platform_lose_nothing(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    await table.press("Ada", "Start")
    table.wall.fault = StageBusy(timedelta(seconds=2))
    await table.look()
    assert "Question 1" not in table.wall.last.text
    assert "Question 1" in await table.look(3)
    del table.wall.messages[table.wall.order[-1]]  # somebody deletes the message
    await table.does("Ada", Press(_payload(table, "lv.a", "0.0")))
    assert "The answer" in await table.look(4)
    table.wall.fault = StageClosed("we were thrown out")
    await table.look(12)
    calls = table.wall.calls
    await table.look(40)
    assert table.wall.calls == calls  # nothing more is tried there


def _payload(table: Group, action: str, argument: str) -> str:
    for versions in table.wall.messages.values():
        for one in versions[-1].buttons:
            parsed = parse(one.payload)
            if parsed.action == "lv.go":
                return one.payload.replace("lv.go", action).rpartition(":")[0] + f":{argument}"
    raise AssertionError


@pytest.mark.parametrize("edits", [2, None])
async def test_counts_are_edited_within_the_budget(group: Callable[..., Group], edits: int | None):
    wall = Wall(budget=Budget(edits, timedelta(seconds=3)))
    table = group(wall=wall)
    await hosted(table, "time:30")
    for number in range(12):
        await table.press(f"P{number}", "Join")
        await table.look(1)
    assert "Joined (13)" in await table.look(3)  # however long the lobby is open
    assert wall.calls <= 1 + 15 / 3 + 1
    await table.press("Ada", "Start")
    await table.look()
    before = wall.calls
    right = right_letter(table)
    for number in range(12):
        await table.press(f"P{number}", right)
        await table.look(1)
    spent = wall.calls - before
    assert spent <= (2 if edits else 5)


async def test_counts_wait_while_the_chat_has_no_room(group: Callable[..., Group]):
    wall = Wall(budget=Budget(2, timedelta(seconds=3)), spare=False)
    table = group(wall=wall)
    await hosted(table, "time:60")
    await table.press("Bob", "Join")
    await table.press("Ada", "Start")
    await table.look()
    await table.press("Ada", right_letter(table))
    before = wall.calls
    assert "Answered: 0 of 2" in await table.look(25)
    assert wall.calls == before
    wall.spare = True
    assert "Answered: 1 of 2" in await table.look(25)
    wall.spare = False
    await table.press("Bob", right_letter(table))
    assert "The answer" in await table.look()  # nobody waits for what matters


async def test_a_question_can_be_answered_again_after_a_rest(group: Callable[..., Group]):
    wall = Wall(budget=Budget(2, timedelta(seconds=3)))
    table = group(wall=wall)
    await hosted(table, "time:no")
    await table.press("Ada", "Start")
    await table.look()
    for _ in range(3):
        await table.press("Ada", "Pause")
        assert "Paused." in await table.look()
        await table.press("Ada", "Resume")
        await table.look(1)
        right_letter(table)
    assert "Locked in" in await table.press("Ada", right_letter(table))
