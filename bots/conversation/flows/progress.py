"""/progress and /streak: what has been done, in words."""

from datetime import timedelta

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.activity import queries as activity
from domain.errors import N_, Refusal
from domain.identity.rules import zone_words
from domain.motivation import queries as motivation
from domain.motivation.levels import xp_of_level

SHOWN_DAYS = 14
DAY_WORDS = {
    "active": N_("done"),
    "kept": N_("kept by a freeze"),
    "open": N_("still open"),
    "missed": N_("nothing"),
}


@command("progress", aside=True)
async def progress(turn: Turn, arguments: str) -> Reply:  # noqa: ARG001 - the handlers' signature
    """Show the learner's courses, points, time and days."""
    standing = await activity.dashboard(turn.conn, turn.user_id)
    if not standing:
        raise Refusal(
            N_("You have not joined a course yet. Choose one, and your progress shows here."),
            choices=("/courses",),
        )
    totals = await motivation.totals(turn.conn, turn.user_id)
    days = await days_of(turn)
    lines = [
        f"- **{course.title}**: "
        + turn.say(
            "{done} of {total} steps ({percent}), {time}",
            done=course.done,
            total=course.total,
            percent=turn.texts.percent(course.percentage),
            time=duration(turn, course.seconds),
        )
        for course in standing
    ]
    facts = [
        turn.say(
            "Level {level}, {xp} XP; level {next} begins at {needed}.",
            level=totals.level,
            xp=totals.xp,
            next=totals.level + 1,
            needed=xp_of_level(totals.level + 1),
        ),
        ", ".join(
            [
                turn.count("{n} lesson read", "{n} lessons read", totals.lessons),
                turn.count("{n} quiz passed", "{n} quizzes passed", totals.quizzes),
                turn.count("{n} challenge solved", "{n} challenges solved", totals.challenges),
            ]
        )
        + ".",
        _streak_line(turn, days),
    ]
    text = "\n\n".join([turn.say("Your courses:"), "\n".join(lines), *facts])
    buttons = (
        Button(turn.say("Continue"), control("join", standing[0].id), primary=True),
        Button(turn.say("Contents"), control("outline", standing[0].id)),
        line_button(turn.say("My days"), "/streak"),
    )
    return Reply(text, rows=(buttons,))


@command("streak", aside=True)
async def streak(turn: Turn, arguments: str) -> Reply:
    """Show the days in a row; "why" adds the rule and each day."""
    days = await days_of(turn)
    lines = [
        _streak_line(turn, days),
        turn.count("Longest: {n} day.", "Longest: {n} days.", days.streak.longest)
        + " "
        + turn.count("{n} active day in all.", "{n} active days in all.", days.streak.total),
        turn.say(
            "Your zone is {zone}, and your day ends at {hour}.",
            zone=zone_words(turn.learner.timezone),
            hour=turn.learner.day_ends.strftime("%H:%M"),
        ),
    ]
    if arguments.lower() != "why":
        why = line_button(turn.say("Why?"), "/streak why")
        return Reply("\n\n".join(lines), rows=((why, line_button(turn.say("Continue"), "/learn")),))
    lines.append(
        turn.say(
            "The rule: a day counts when you finish a lesson, a quiz or a challenge. "
            "It belongs to the date where you are, and ends at your hour, not at midnight. "
            "A new time zone never takes a day away, and adds one at most. "
            "The streak ends when a whole day of yours has passed with nothing finished."
        )
    )
    lines.append("\n".join(_day_list(turn, days)))
    return Reply("\n\n".join(lines), rows=((line_button(turn.say("Continue"), "/learn"),),))


def _day_list(turn: Turn, days: motivation.Days) -> list[str]:
    words = days.recent(SHOWN_DAYS)
    first = days.today - timedelta(days=SHOWN_DAYS - 1)
    dates = [first + timedelta(days=n) for n in range(SHOWN_DAYS)]
    began = days.marks[0].day if days.marks else days.today
    return [
        f"- {turn.texts.weekday(day)}: {turn.say(DAY_WORDS[word])}"
        for day, word in zip(dates, words, strict=True)
        if day >= began
    ]


def _streak_line(turn: Turn, days: motivation.Days) -> str:
    current = days.streak.current
    if not current and days.streak.longest:
        return turn.say(
            "A new start: your longest is {longest}, and nothing you learned is gone.",
            longest=days.streak.longest,
        )
    if not current:
        return turn.say("No day in a row yet. Finish a lesson, and the first one counts.")
    today = turn.say("Today is done.") if days.today_is_done else turn.say("Today is still open.")
    return turn.count("{n} day in a row.", "{n} days in a row.", current) + " " + today


def duration(turn: Turn, seconds: int) -> str:
    """A length of time in hours and minutes: "1 h 5 min"."""
    minutes = seconds // 60
    if minutes < 60:
        return turn.say("{minutes} min", minutes=minutes)
    return turn.say("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


async def days_of(turn: Turn) -> motivation.Days:
    """The learner's days as they stand now."""
    learner = turn.learner
    return await motivation.days(
        turn.conn, turn.user_id, turn.now, learner.timezone, learner.day_ends
    )
