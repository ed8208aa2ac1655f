"""/goal: minutes for each day, and goals with a number and a date."""

from datetime import date

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.goal_words import Wish, minutes_from, wish_from
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from domain import ids
from domain.errors import N_, Refusal
from domain.motivation.daily import Daily, choose_daily_goal, daily_goal
from domain.motivation.days import local_date
from domain.motivation.goals import METRICS, Goal, add_goal, advance_goals, drop_goal, goals_of

SUGGESTED = (10, 20, 30)
TYPED = "goal.new"
_ENDS = {"off", "none", "0"}


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
        raise Refusal(
            N_("I did not get that goal. Try /goal 20m, or /goal new 50 cards by 1 Dec."),
            choices=("/goal", "/goal 20m"),
        )
    await choose_daily_goal(turn.conn, turn.user_id, minutes)
    return await _overview(turn)


async def _overview(turn: Turn) -> Reply:
    learner = turn.learner
    today = local_date(turn.now, learner.timezone, learner.day_ends)
    daily = await daily_goal(turn.conn, turn.user_id, today, learner.timezone, learner.day_ends)
    goals = await goals_of(turn.conn, turn.user_id, today)
    parts = [_daily_line(turn, daily)]
    if goals:
        parts.append("\n".join(_goal_line(turn, one) for one in goals))
    else:
        parts.append(turn.say("A goal with a date: /goal new 50 cards by 1 Dec"))
    minutes = tuple(
        line_button(turn.say("{n} min a day", n=number), f"/goal {number}m")
        for number in SUGGESTED
        if number != daily.minutes
    )
    off = (line_button(turn.say("No daily goal"), "/goal off"),) if daily.minutes else ()
    drops = tuple(
        Button(turn.say("Drop: {title}", title=one.title)[:40], control("goal.drop", one.id))
        for one in goals
        if one.status == "active"
    )
    new = line_button(turn.say("New goal"), "/goal new")
    rows = (minutes + off, drops[:5], (new, line_button(turn.say("Continue"), "/learn")))
    return Reply("\n\n".join(parts), rows=tuple(row for row in rows if row))


def _daily_line(turn: Turn, daily: Daily) -> str:
    studied = daily.seconds // 60
    if daily.minutes is None:
        return turn.say("No daily goal. You studied {minutes} min today.", minutes=studied)
    text = turn.say("Today: {minutes} of {goal} min.", minutes=studied, goal=daily.minutes)
    if daily.minutes_left:
        return text + " " + turn.count("{n} more to go.", "{n} more to go.", daily.minutes_left)
    return text + " " + turn.say("That is today's goal.")


def _goal_line(turn: Turn, one: Goal) -> str:
    amount = _amount(turn, one.metric, one.target)
    done = turn.say("{value} of {amount}", value=one.value, amount=amount)
    text = f"- **{escape(one.title)}**: {done}"
    if one.status == "completed" and one.completed:
        return text + ", " + turn.say("reached on {day}", day=turn.texts.weekday(one.completed))
    if one.status == "missed":
        return text + ", " + turn.say("its date is over; what you did is not lost")
    if one.by:
        text += ", " + turn.say("by {day}", day=turn.texts.weekday(one.by))
    return text


def _amount(turn: Turn, metric: str, number: int) -> str:
    """So much of a metric in words: "12 lessons"."""
    match metric:
        case "minutes":
            return turn.count("{n} minute", "{n} minutes", number)
        case "xp":
            return turn.count("{n} XP", "{n} XP", number)
        case "lessons":
            return turn.count("{n} lesson", "{n} lessons", number)
        case "quizzes":
            return turn.count("{n} quiz", "{n} quizzes", number)
        case "challenges":
            return turn.count("{n} challenge", "{n} challenges", number)
        case "cards":
            return turn.count("{n} card", "{n} cards", number)
        case _:
            return turn.count("{n} day", "{n} days", number)


async def _new(turn: Turn, text: str) -> Reply:
    if not text:
        turn.expect(TYPED)
        return Reply(
            turn.say(
                "What is the goal? Write a number, of what, and by when: 12 lessons by 1 Dec. "
                "I count minutes, xp, lessons, quizzes, challenges, cards and days."
            ),
            rows=((line_button(turn.say("My goals"), "/goal"),),),
            prompt=Prompt(turn.say("Goal"), turn.say("12 lessons by 1 Dec")),
        )
    learner = turn.learner
    today = local_date(turn.now, learner.timezone, learner.day_ends)
    wish = wish_from(text, today, turn.texts.language)
    incoming = turn.incoming
    key = ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id, "goal")
    named = wish.title
    if not named and wish.metric in METRICS:
        named = _amount(turn, wish.metric, wish.target)
    await add_goal(turn.conn, turn.user_id, key, named, wish.metric, wish.target, today, wish.by)
    await advance_goals(turn.conn, turn.user_id, today)
    turn.expect_nothing()
    return Reply(
        _set(turn, named, wish, today),
        rows=(
            (
                line_button(turn.say("Continue"), "/learn", primary=True),
                Button(turn.say("Drop it"), control("goal.drop", key)),
                line_button(turn.say("My goals"), "/goal"),
            ),
        ),
    )


def _set(turn: Turn, named: str, wish: Wish, today: date) -> str:
    text = turn.say("Goal set: {title}.", title=escape(named))
    if wish.by is None:
        return text
    days = (wish.by - today).days + 1
    pace = turn.count(
        "About {n} a day until {day}.",
        "About {n} a day until {day}.",
        -(-wish.target // days),
        day=turn.texts.weekday(wish.by),
    )
    return f"{text} {pace}"


@typed(TYPED)
async def typed_goal(turn: Turn, text: str) -> Reply:
    """Take the goal that was asked for."""
    return await _new(turn, text.strip())


@registry.control("goal.drop")
async def dropped(turn: Turn, pressed: Control) -> Reply:
    """Give up a goal."""
    title = await drop_goal(turn.conn, turn.user_id, pressed.target)
    return Reply(
        turn.say("Dropped: {title}. What you did for it is not lost.", title=escape(title)),
        rows=((line_button(turn.say("My goals"), "/goal"),),),
    )
