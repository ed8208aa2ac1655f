"""/top: boards of a group, a course, a challenge, a week; and not being on them."""

from dataclasses import dataclass

from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.flows import pictured
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.errors import N_, NotFound
from domain.identity import service as identity
from domain.motivation import boards
from domain.motivation.days import local_date

PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Board:
    """A board that was looked up, and how it is told."""

    title: str
    lines: list[boards.Line]
    reply: Reply


@command("top", aside=True)
async def top(turn: Turn, arguments: str) -> Reply:
    """Show a board: the group's first, and the world's only when it is asked for."""
    wish = arguments.lower()
    if wish.endswith(PICTURE):
        return await _pictured(turn, wish.removesuffix(PICTURE).strip())
    return (await _board(turn, wish)).reply


async def _pictured(turn: Turn, wish: str) -> Reply:
    found = await _board(turn, wish)
    if not found.lines:
        return found.reply
    return await pictured.board(turn, found.title, found.lines, found.reply)


async def _board(turn: Turn, wish: str) -> Board:
    word, _, rest = wish.partition(" ")
    match word:
        case "hide" | "show":
            await identity.change_setting(turn.conn, turn.user_id, "show_on_boards", word == "show")
            return await _default(turn)
        case "":
            return await _default(turn)
        case "week":
            return await _show(turn, "week", None)
        case "all":
            return await _show(turn, "all", None)
        case "group":
            group = await _group(turn)
            if group is None:
                raise NotFound(
                    N_("I do not know you in any group yet. The board of all: /top week"),
                    choices=("/top week",),
                )
            return await _show(turn, "group", group)
        case "course":
            course = await boards.course_of(turn.conn, turn.user_id, rest)
            if course is None:
                raise NotFound(
                    N_("You are in no such course. Join one first: /courses"),
                    choices=("/courses", "/top week"),
                )
            return await _show(turn, "course", course)
        case _:
            challenge = await boards.challenge_of(turn.conn, turn.user_id, word)
            if challenge is None:
                raise NotFound(
                    N_("There is no board “{name}”. I know week, all, group, course, challenges."),
                    {"name": word[:40]},
                    choices=("/top", "/top week"),
                )
            return await _show(turn, "challenge", challenge)


async def _default(turn: Turn) -> Board:
    group = await _group(turn)
    if group is not None:
        return await _show(turn, "group", group)
    course = await boards.course_of(turn.conn, turn.user_id)
    return await _show(turn, "course" if course else "week", course)


async def _group(turn: Turn) -> boards.Named | None:
    incoming = turn.incoming
    return await boards.group_of(
        turn.conn, turn.user_id, incoming.actor.platform, incoming.place.id
    )


async def _show(turn: Turn, kind: boards.Kind, about: boards.Named | None) -> Board:
    learner = turn.learner
    today = local_date(turn.now, learner.timezone, learner.day_ends)
    lines = await boards.board(turn.conn, kind, about.id if about else None, today)
    shown = await boards.is_shown(turn.conn, turn.user_id)
    title = _title(turn, kind, about)
    text = [title]
    text.append("\n".join(board_line(turn, line) for line in lines) or _nobody(turn))
    if not shown:
        text.append(turn.say("You are not on boards. Your points are your own business."))
    elif lines and not any(line.is_me for line in lines):
        text.append(turn.say("You are not on this board yet."))
    reply = Reply(
        "\n\n".join(text),
        rows=_buttons(turn, kind, shown=shown),
        private=turn.incoming.place.kind == "private",
    )
    return Board(title, lines, reply)


def _title(turn: Turn, kind: boards.Kind, about: boards.Named | None) -> str:
    at = turn.texts.time(turn.now, turn.learner.timezone)
    name = escape(about.title) if about else ""
    match kind:
        case "group":
            return turn.say("This week in {group}, points (as of {time}):", group=name, time=at)
        case "course":
            return turn.say("{course}, steps done (as of {time}):", course=name, time=at)
        case "challenge":
            return turn.say("{challenge}, best scores (as of {time}):", challenge=name, time=at)
        case "all":
            return turn.say("All time, all learners, points (as of {time}):", time=at)
        case "week":
            return turn.say("This week, all learners, points (as of {time}):", time=at)


def board_line(turn: Turn, line: boards.Line) -> str:
    """One line of a board, in words."""
    text = f"{line.place}. {escape(line.name)} {turn.texts.number(line.value)}"
    return f"{text} ({turn.say('you')})" if line.is_me else text


def _nobody(turn: Turn) -> str:
    return turn.say("Nobody is on this board yet.")


def _buttons(turn: Turn, kind: boards.Kind, *, shown: bool) -> tuple[tuple[Button, ...], ...]:
    others = {
        "group": turn.say("My group"),
        "course": turn.say("My course"),
        "week": turn.say("This week"),
        "all": turn.say("All time"),
    }
    row = [line_button(label, f"/top {other}") for other, label in others.items() if other != kind]
    if shown:
        consent = line_button(turn.say("Hide me"), "/top hide")
    else:
        consent = line_button(turn.say("Show me"), "/top show")
    picture: tuple[Button, ...] = ()
    if kind != "challenge":
        picture = (line_button(turn.say("Picture"), f"/top {kind} picture"),)
    return (tuple(row), (*picture, consent, line_button(turn.say("Continue"), "/learn")))
