"""/remind: one message a day at a time of the learner's choice, while the day is still open."""

from datetime import datetime, time, timedelta

from bots.conversation.dialogue import Button, Prompt, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.flows.remind.mute import on_line
from bots.conversation.flows.remind.words import quiet_from, wish_from
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from domain.identity.rules import zone_words
from domain.notifications import mutes
from domain.notifications.kinds import REMINDER
from domain.notifications.reminders import EVERY_DAY, Due, Quiet, wall
from domain.notifications.reminders_own import (
    Own,
    choose_quiet,
    own,
    remind_at,
    remind_later,
    remind_never,
    remind_not_today,
)

TYPED = "remind.time"
EVENING = time(20, 0)
STEP = timedelta(minutes=5)  # a time that is proposed is a round one


@command("remind", aside=True)
async def remind(turn: Turn, arguments: str) -> Reply:
    """Show the reminder, or change it."""
    if turn.expecting is not None and turn.expecting.kind == TYPED:
        turn.expect_nothing()
    words = " ".join(arguments.lower().split())
    match words:
        case "":
            return await _overview(turn, await own(turn.conn, turn.user_id))
        case "off" | "none" | "stop":
            await remind_never(turn.conn, turn.user_id)
            await mutes.silence(turn.conn, turn.user_id)
            return await _overview(turn, await own(turn.conn, turn.user_id))
        case "later":
            return _moved(turn, await remind_later(turn.conn, turn.user_id, turn.now))
        case "not today":
            return _moved(turn, await remind_not_today(turn.conn, turn.user_id, turn.now))
        case "other":
            return _ask(turn)
    word, _, rest = words.partition(" ")
    if word == "quiet":
        quiet = quiet_from(rest)
        now = await choose_quiet(turn.conn, turn.user_id, quiet, turn.now)
        return await _overview(turn, now, is_about_quiet=True)
    return await _set(turn, words)


@typed(TYPED)
async def typed_time(turn: Turn, text: str) -> Reply:
    """Take the time that was asked for."""
    reply = await _set(turn, " ".join(text.lower().split()))
    turn.expect_nothing()
    return reply


async def _set(turn: Turn, words: str) -> Reply:
    at, weekdays = wish_from(words)
    now = await remind_at(turn.conn, turn.user_id, at, weekdays, turn.now)
    wanted = await mutes.wanted(turn.conn, turn.user_id)
    if REMINDER not in wanted.kinds:  # to ask for it is to want it
        await mutes.unmute(turn.conn, turn.user_id, [REMINDER])
    return await _overview(turn, now)


def _ask(turn: Turn) -> Reply:
    turn.expect(TYPED)
    return Reply(
        turn.say("At what time? Add weekdays if you like: 18:30 mon-fri"),
        rows=((line_button(turn.say("Reminder"), "/remind"),),),
        prompt=Prompt(turn.say("Time"), "18:30 mon-fri"),
    )


async def _overview(turn: Turn, mine: Own, *, is_about_quiet: bool = False) -> Reply:
    other = line_button(turn.say("Other time"), "/remind other")
    onward = line_button(turn.say("Continue"), "/learn")
    if mine.plan is None or mine.next is None:
        lines = [
            turn.say("You have no reminder."),
            turn.say("I can remind you once a day, and only while the day is still open."),
        ]
        proposed = tuple(
            line_button(turn.say("Every day at {time}", time=at), f"/remind {at}")
            for at in _proposed(turn, mine)
        )
        buttons: tuple[Button, ...] = (*proposed, other, onward)
    else:
        lines = [
            turn.say(
                "I remind you at {time}, {days}, if the day is still open then.",
                time=f"{mine.plan.at:%H:%M}",
                days=_days(turn, mine.plan.weekdays),
            ),
            _next_line(turn, mine.next, mine.timezone),
        ]
        never = line_button(turn.say("No reminders"), "/remind off")
        buttons = (other, line_button(turn.say("Not today"), "/remind not today"), never, onward)
    lines.insert(0 if is_about_quiet else len(lines), _quiet_line(turn, mine.quiet))
    zone = zone_words(mine.timezone)
    lines.append(turn.say("These are times in the zone {zone}.", zone=zone))
    lines.append(on_line(turn, await mutes.wanted(turn.conn, turn.user_id)))
    buttons = (*buttons, line_button(turn.say("Kinds"), "/mute"))
    if not turn.learner.timezone_is_known:
        buttons = (*buttons, line_button(turn.say("Time zone"), "/settings time"))
    return Reply("\n\n".join(lines), rows=(buttons,))


def _proposed(turn: Turn, mine: Own) -> list[str]:
    """The time it is now, and the evening; in order, without what lies in quiet hours."""
    now = wall(turn.now, mine.timezone)
    now -= (now - datetime.combine(now.date(), time(0))) % STEP
    times = dict.fromkeys((now.time(), EVENING))
    return [f"{at:%H:%M}" for at in times if not mine.quiet.covers(at)]


def _moved(turn: Turn, due: Due) -> Reply:
    """A reminder was put off."""
    return Reply(
        _next_line(turn, due, turn.learner.timezone),
        rows=(
            (
                line_button(turn.say("Continue"), "/learn"),
                line_button(turn.say("Reminder"), "/remind"),
            ),
        ),
    )


def _next_line(turn: Turn, due: Due, timezone: str) -> str:
    return turn.say(
        "The next reminder: {day}, {time}.",
        day=turn.texts.weekday(due.day),
        time=turn.texts.time(due.at, timezone),
    )


def _days(turn: Turn, weekdays: frozenset[int]) -> str:
    if weekdays == EVERY_DAY:
        return turn.say("every day")
    names = turn.texts.short_day_names()
    return ", ".join(names[number - 1] for number in sorted(weekdays))


def _quiet_line(turn: Turn, quiet: Quiet) -> str:
    if quiet.begins == quiet.ends:
        return turn.say("You have no quiet hours.")
    return turn.say(
        "In your quiet hours, {begins}-{ends}, nothing comes.",
        begins=f"{quiet.begins:%H:%M}",
        ends=f"{quiet.ends:%H:%M}",
    )
