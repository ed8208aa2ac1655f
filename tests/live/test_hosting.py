"""What the host does by buttons and by words, before and while a quiz is played."""

from collections.abc import Callable

from bots.conversation.dialogue import (
    Actor,
    Command,
    Incoming,
    Place,
    Press,
)
from tests.live.table import NUMBERS, Group, hosted, right_letter


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


async def test_a_list_of_their_own_is_pasted(group: Callable[..., Group]):
    table = group()
    gift = "```\nWhich is a prime? {=7 ~8 ~9}\n\nIs 4 even? {T}\n```"
    reply = await table.does("Ada", Command("host", f"Numbers {gift}"))
    assert "The lobby is open" in reply.text
    assert "**Numbers** · 2 questions" in await table.look()
    other = group()
    refused = await other.does("Ada", Command("host", "```\nNo answer? {~a ~b}\n```"))
    assert "1: no answer is right" in refused.text


async def test_in_a_private_chat_nothing_is_hosted(group: Callable[..., Group]):
    table = group()
    incoming = Incoming(
        f"{next(NUMBERS)}",
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
