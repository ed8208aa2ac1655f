"""/goal: minutes for each day, and goals with a number and a date."""

from datetime import date
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control
from bots.conversation.dialogue import Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.goals import screens
from bots.conversation.flows.goals.words import Wish, minutes_from, wish_from
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from domain import ids
from domain.errors import N_, Refusal
from domain.motivation.daily import Daily, choose_daily_goal, daily_goal
from domain.motivation.days import local_date
from domain.motivation.goals import (
    METRICS,
    Aim,
    add_goal,
    advance_goals,
    change_goal,
    drop_goal,
    goal_of,
    goals_of,
)

TYPED = "goal.new"
TYPED_CHANGE = "goal.edit"
_ENDS = {"off", "none"}


@command("goal")
async def goal(turn: Turn, arguments: str) -> Reply:
    """Show the goals, or set one."""
    word, _, rest = arguments.partition(" ")
    if not arguments:
        return await _overview(turn)
    if word.lower() == "new":
        return await _new(turn, rest.strip())
    if arguments.lower() in _ENDS:
        await choose_daily_goal(turn.conn, turn.user_id, None)
        return await _overview(turn)
    minutes = minutes_from(arguments)
    if minutes is None:
        wish = _wished(turn, arguments)
        if wish is None:
            raise Refusal(
                N_("I did not get that goal. Try /goal 20m, or /goal new 50 cards by 1 Dec."),
                choices=("/goal", "/goal 20m"),
            )
        return await _take(turn, wish, _new_key(turn), is_new=True)
    await choose_daily_goal(turn.conn, turn.user_id, minutes)
    return await _overview(turn)


def _wish(turn: Turn, text: str) -> Wish:
    return wish_from(text, _today(turn), turn.texts.language, screens.units(turn))


def _wished(turn: Turn, text: str) -> Wish | None:
    """A goal with a number, though "new" was left out; None when it is none."""
    try:
        wish = _wish(turn, text)
    except Refusal:
        return None
    return wish if wish.metric in METRICS else None


async def _overview(turn: Turn) -> Reply:
    goals = await goals_of(turn.conn, turn.user_id, _today(turn))
    return screens.overview(turn, await daily_of(turn), goals)


async def daily_of(turn: Turn) -> Daily:
    """The learner's minutes of today, and how many they want."""
    learner = turn.learner
    return await daily_goal(
        turn.conn, turn.user_id, _today(turn), learner.timezone, learner.day_ends
    )


def _today(turn: Turn) -> date:
    return local_date(turn.now, turn.learner.timezone, turn.learner.day_ends)


async def _new(turn: Turn, text: str) -> Reply:
    if not text:
        turn.expect(TYPED)
        return screens.asked(turn)
    return await _take(turn, _wish(turn, text), _new_key(turn), is_new=True)


def _new_key(turn: Turn) -> UUID:
    incoming = turn.incoming
    return ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id, "goal")


async def _take(turn: Turn, wish: Wish, key: UUID, *, is_new: bool) -> Reply:
    """Set a goal, or set it anew."""
    today = _today(turn)
    if wish.metric not in METRICS:
        raise screens.unknown_metric(turn)
    named = wish.title or screens.amount(turn, wish.metric, wish.target)
    aim = Aim(named, wish.metric, wish.target, wish.by)
    await (add_goal if is_new else change_goal)(turn.conn, turn.user_id, key, aim, today)
    await advance_goals(turn.conn, turn.user_id, today, anew=not is_new)
    turn.expect_nothing()
    one = await goal_of(turn.conn, turn.user_id, key, today)
    return screens.set_now(turn, one, wish, today)


@typed(TYPED)
async def typed_goal(turn: Turn, text: str) -> Reply:
    """Take the goal that was asked for."""
    return await _new(turn, text.strip())


@registry.control("goal.edit")
async def changing(turn: Turn, pressed: Control) -> Reply:
    """Ask how a goal should be from now on."""
    one = await goal_of(turn.conn, turn.user_id, pressed.target, _today(turn))
    turn.expect(TYPED_CHANGE, goal=str(one.id))
    return screens.changing(turn, one)


@typed(TYPED_CHANGE)
async def typed_change(turn: Turn, text: str) -> Reply:
    """Take what a goal should be from now on."""
    data = turn.expecting.data if turn.expecting else {}
    return await _take(turn, _wish(turn, text.strip()), UUID(data["goal"]), is_new=False)


@registry.control("goal.drop")
async def dropped(turn: Turn, pressed: Control) -> Reply:
    """Give up a goal."""
    title = await drop_goal(turn.conn, turn.user_id, pressed.target)
    turn.expect_nothing()
    return Reply(
        turn.say("Dropped: {title}. What you did for it is not lost.", title=escape(title)),
        rows=((line_button(turn.say("My goals"), "/goal"),),),
    )
