"""A group plays a live quiz: its messages, its presses, and directors that come and go."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from bots.conversation.controls import parse
from bots.conversation.dialogue import (
    Action,
    Actor,
    Command,
    Incoming,
    Place,
    Platform,
    Press,
    Reply,
    Text,
)
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.delivery import render
from bots.live.director import Director
from bots.live.stage import Budget, MessageGone, StageBusy, StageClosed
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.notifications import claims
from domain.settings import Settings
from domain.sql import sql
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course, make_course

_numbers = count(1)
_MUTE = sql("""
    INSERT INTO user_settings (user_id, muted_kinds)
    SELECT user_id, '{live}' FROM identities WHERE subject = :subject
    ON CONFLICT (user_id) DO UPDATE SET muted_kinds = excluded.muted_kinds
""")


@dataclass
class Wall:
    """Chats whose messages are kept with every version they had; they fail when told to."""

    platform: Platform = "terminal"
    budget: Budget = field(default_factory=lambda: Budget(None, timedelta(seconds=3)))
    keyed: bool = False
    spare: bool = True
    messages: dict[str, list[Reply]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    calls: int = 0
    fault: Exception | None = None

    def has_spare(self, address: str) -> bool:
        return self.spare

    async def post(self, address: str, reply: Reply, key: str) -> str:
        self._call()
        name = f"{address}/{len(self.messages)}"
        self.messages[name] = [reply]
        self.order.append(name)
        return name

    async def edit(self, address: str, message: str, reply: Reply) -> None:
        self._call()
        if message not in self.messages:
            raise MessageGone
        self.messages[message].append(reply)

    def _call(self) -> None:
        self.calls += 1
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault

    @property
    def last(self) -> Reply:
        """What the newest message says now."""
        return self.messages[self.order[-1]][-1]


@dataclass
class Group:
    """People in one chat, the wall they look at, and the process that directs."""

    router: Router
    database: Database
    clock: ManualClock
    wall: Wall
    director: Director
    chat: str

    async def does(self, who: str, action: Action, **place: object) -> Reply:
        incoming = Incoming(
            f"{next(_numbers)}",
            self.clock.now(),
            Actor("terminal", f"{who}-{self.chat}", who),
            Place("group", self.chat, self.chat, "Our group", **place),  # type: ignore[arg-type]
            action,
        )
        replies = [reply async for reply in self.router.answer(incoming)]
        return replies[-1]

    async def press(self, who: str, label: str, **place: object) -> str:
        """Press a button of the newest message; what the presser is told."""
        (payload,) = [one.payload for one in self.wall.last.buttons if one.label.startswith(label)]
        return (await self.does(who, Press(payload), **place)).text

    async def look(self, seconds: float = 0) -> str:
        """Let time pass and the director work; the newest message."""
        for _ in range(3):  # do what is due, show it, and see that nothing is left
            await self.director.step()
            await self.director.settle()
        for _ in range(round(seconds)):
            self.clock.advance(timedelta(seconds=1))
            await self.director.step()
            await self.director.settle()
        await self.director.step()
        await self.director.settle()
        return self.wall.last.text


@pytest.fixture
async def group(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Callable[..., Group]:
    router = Router(Services(database, clock, settings, grader), receipts=True)
    async with database.worker_unit_of_work() as conn:  # a director takes whatever is left over
        await conn.execute(sql("DELETE FROM live_rounds"))

    def make(chat: str = "", wall: Wall | None = None) -> Group:
        kept = wall or Wall()
        director = Director(database, clock, {"terminal": kept})
        return Group(router, database, clock, kept, director, chat or f"chat-{uuid4().hex[:8]}")

    return make


@pytest.fixture
async def grader() -> Grader:
    """Nothing is graded here, so none is started."""
    return Grader()


async def hosted(group: Group, words: str = "", questions: object = None) -> Course:
    course = await make_course(group.database)
    slug = f"osi-{uuid4().hex[:6]}"
    asked = questions if isinstance(questions, tuple) else (samples.SINGLE, samples.TRUE_FALSE)
    await course.quiz(slug, asked, kind="practice")
    reply = await group.does("Ada", Command("host", f"{slug} {words}"))
    assert "The lobby is open here" in reply.text
    await group.look()
    return course


def right_letter(group: Group, text: str = "Network") -> str:
    (line,) = [one for one in group.wall.last.text.splitlines() if one.endswith(f". {text}")]
    return line.removeprefix("- ")[0]


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


async def test_only_the_host_leads_and_managers_may(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    assert "Only the host" in await table.press("Bob", "Start")
    await table.press("Bob", "Start", manages=True)
    assert "Question 1" in await table.look()
    assert "Only the host" in await table.press("Bob", "Pause")
    await table.press("Ada", "Pause")
    assert "Paused." in await table.look()
    before = table.wall.last
    await table.look(300)
    assert table.wall.last == before
    await table.press("Ada", "Resume")
    assert "Answered: 0 of 1" in await table.look()


async def test_pressing_start_twice_starts_once(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    start = next(one for one in table.wall.last.buttons if one.label.startswith("Start"))
    await table.does("Ada", Press(start.payload))
    assert "moved on already" in (await table.does("Ada", Press(start.payload))).text
    assert "Question 1" in await table.look()


async def test_an_old_button_to_go_on_does_nothing(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    await table.press("Ada", "Start")
    await table.look()
    on = next(one for one in table.wall.last.buttons if one.label.startswith("Go on"))
    await table.press("Ada", right_letter(table))  # all have answered: it is revealed
    assert "The answer" in await table.look()
    assert "moved on already" in (await table.does("Ada", Press(on.payload))).text
    assert "The answer" in await table.look()


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


async def test_the_host_chooses_options_by_buttons(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    await table.press("Bob", "Join")
    await table.press("Cyd", "Join")
    await table.look(4)
    payload = next(one.payload for one in table.wall.last.buttons if one.label.startswith("Opt"))
    assert "Only the host" in (await table.does("Bob", Press(payload))).text
    screen = await table.does("Ada", Press(payload))
    assert screen.private
    for label in ("Right and quick", "60 seconds", "2 teams", "Answer by typing"):
        choice = next(one.payload for one in screen.buttons if one.label == label)
        assert "Only the host" in (await table.does("Bob", Press(choice))).text
        screen = await table.does("Ada", Press(choice))
        assert screen.edits
    assert "Answer by buttons" in [one.label for one in screen.buttons]
    lobby = await table.look(4)
    for words in ("half for being quick", "60 seconds", "Answers are typed", "Team red: Ada, Cyd"):
        assert words in lobby
    choice = next(one.payload for one in screen.buttons if one.label == "No teams")
    await table.does("Ada", Press(choice))
    assert "Team red" not in await table.look(4)
    await table.press("Ada", "Start")
    assert "has begun" in (await table.does("Ada", Press(choice))).text
    assert "has begun" in (await table.does("Ada", Press(payload))).text


async def test_an_option_that_is_changed_leaves_the_others(group: Callable[..., Group]):
    table = group()
    await hosted(table, "mode:survival time:no")
    await table.does("Ada", Command("host", "teams:2"))
    lobby = await table.look(4)
    assert "three mistakes" in lobby.lower()
    assert "There is no timer" in lobby


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


async def test_a_list_of_their_own_is_pasted(group: Callable[..., Group]):
    table = group()
    gift = "```\nWhich is a prime? {=7 ~8 ~9}\n\nIs 4 even? {T}\n```"
    reply = await table.does("Ada", Command("host", f"Numbers {gift}"))
    assert "The lobby is open" in reply.text
    assert "**Numbers** · 2 questions" in await table.look()
    other = group()
    refused = await other.does("Ada", Command("host", "```\nNo answer? {~a ~b}\n```"))
    assert "1: no answer is right" in refused.text


async def test_one_round_in_two_chats_has_one_board(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    second = group(wall=table.wall)
    incoming_chat = second.chat
    here = Incoming(
        f"{next(_numbers)}",
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


async def test_in_a_private_chat_nothing_is_hosted(group: Callable[..., Group]):
    table = group()
    incoming = Incoming(
        f"{next(_numbers)}",
        table.clock.now(),
        Actor("terminal", "alone", "alone"),
        Place("private", "alone"),
        Command("host", "n:3"),
    )
    replies = [reply async for reply in table.router.answer(incoming)]
    assert "That is for groups" in replies[-1].text


async def test_the_host_leads_by_words_too(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    assert "Done" in (await table.does("Ada", Command("host", "start"))).text
    assert "Question 1" in await table.look()
    assert "Only the host" in (await table.does("Bob", Command("host", "pause"))).text
    await table.does("Bob", Command("host", "pause"), manages=True)
    assert "Paused." in await table.look()
    await table.does("Ada", Command("host", "stop"))
    assert "final board" in await table.look()


async def test_what_is_missed_becomes_cards_and_a_report(group: Callable[..., Group]):
    table = group()
    await hosted(table, questions=(samples.SINGLE,))
    await table.press("Ada", "Start")
    await table.look()
    wrong = next(one for one in "ABC" if one != right_letter(table))
    await table.press("Ada", wrong)
    await table.look(12)
    assert "final board" in table.wall.last.text
    assert await table.press("Ada", "My misses") == "1 card is waiting in /cards."
    assert await table.press("Ada", "My misses") == "1 card is waiting in /cards."
    payload = next(one.payload for one in table.wall.last.buttons if one.label == "Report")
    report = await table.does("Ada", Press(payload))
    board, file = report.files
    assert board.content.startswith(b"\x89PNG")
    assert "1. Ada: 0" in board.alt
    assert file.content.decode("utf-8-sig").splitlines()[1] == "1,Ada,,0.00,0,0"
    assert "did not play" in (await table.does("Eve", Press(payload))).text


async def reports(table: Group) -> dict[str, Reply]:
    """What waits in the outbox for each person, drawn as they will see it."""
    async with table.database.worker_unit_of_work() as conn:
        now = table.clock.now() + timedelta(minutes=1)
        claimed = await claims.claim(conn, "terminal", limit=9, lease=timedelta(9), now=now)
    prefix = f"-{table.chat}"
    return {
        one.address.removesuffix(prefix): render(one)
        for one in claimed
        if one.address.endswith(prefix)
    }


async def test_everybody_is_told_once_in_private_how_it_ended(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    for name in ("Bob", "Cyd", "Dan"):
        await table.press(name, "Join")
    async with table.database.worker_unit_of_work() as conn:
        await conn.execute(_MUTE, {"subject": f"Cyd-{table.chat}"})
    await table.press("Ada", "Start")
    await table.look()
    right = right_letter(table)
    wrong = next(letter for letter in "ABC" if letter != right)
    for name, letter in (("Ada", right), ("Bob", wrong), ("Cyd", right), ("Dan", right)):
        await table.press(name, letter)
    await table.look()
    await table.does("Ada", Command("host", "stop"))
    await table.look(20)
    assert await reports(table) == {}  # a press that the platform holds back may still come
    await table.look(20)
    told = await reports(table)
    assert sorted(told) == ["Ada", "Bob", "Dan"]
    assert "You: place 1 with 2 points; 1 of 1 right." in told["Ada"].text
    assert "You got everything right." in told["Ada"].text
    assert "place 4 with 0 points" in told["Bob"].text
    assert r"\(1\) Ada: 2" in told["Bob"].text
    assert "Hardest: question 1 (3 of 4 right)." in told["Bob"].text
    assert re.search(r"Which layer routes packets\? – [ABC]\. Network", told["Bob"].text)
    await table.look(20)
    assert await reports(table) == {}
    review, cards, mute = told["Bob"].buttons
    assert (review.label, cards.label) == ("Review mine", "My misses as cards")
    assert "mute live" in mute.payload
    assert "your answers" in (await table.does("Bob", Press(review.payload))).text
    assert "1 card is waiting" in (await table.does("Bob", Press(cards.payload))).text
    assert "cards" not in [one.label for one in told["Ada"].buttons]
    broken = Press(review.payload[:-22] + "z" * 22)
    assert (await table.does("Bob", broken)).text


async def test_only_what_was_missed_is_played_again(group: Callable[..., Group]):
    table = group()
    await hosted(table)
    await table.press("Ada", "Start")
    await table.look()
    await table.press("Ada", right_letter(table))
    await table.look(60)
    payload = next(one.payload for one in table.wall.last.buttons if one.label.startswith("Only"))
    await table.does("Ada", Press(payload))
    assert "1 question" in await table.look()


async def test_a_group_agrees_on_who_hosts_where_and_when(group: Callable[..., Group]):
    table = group()
    refused = await table.does("Bob", Command("group", "host managers"))
    assert "Only those who manage" in refused.text
    for words in ("host managers", "quiet 22:00-08:00 Europe/Warsaw", "language pl"):
        await table.does("Ada", Command("group", words), manages=True)
    shown = (await table.does("Bob", Command("group"))).text
    assert "those who manage it" in shown
    assert "22:00-08:00 (Europe/Warsaw)" in shown
    assert "Ask one of them" in (await table.does("Bob", Command("host", "n:1"))).text
    nonsense = await table.does("Ada", Command("group", "quiet late"), manages=True)
    assert "Type it like this" in nonsense.text or "Type /group" in nonsense.text
    checked = await table.does("Bob", Command("group", "check"), lacking=("Send Messages",))
    assert "Send Messages" in checked.text


async def test_options_are_changed_in_the_lobby_and_the_host_hands_over(
    group: Callable[..., Group],
):
    table = group()
    await hosted(table)
    await table.press("Bob", "Join")
    assert "Only the host" in (await table.does("Bob", Command("host", "mode:timed"))).text
    await table.does("Ada", Command("host", "mode:timed time:45"))
    lobby = await table.look(4)
    assert "45 seconds" in lobby
    assert "half for being quick" in lobby
    assert "No one player" in (await table.does("Ada", Command("host", "give Zoe"))).text
    await table.does("Ada", Command("host", "give bob"))
    assert "Only the host" in await table.press("Ada", "Start")
    await table.press("Bob", "Start")
    assert "Question 1" in await table.look()
    assert "has begun" in (await table.does("Bob", Command("host", "mode:first"))).text
