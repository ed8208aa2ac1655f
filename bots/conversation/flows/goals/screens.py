"""What goals look like: the list, one goal, and what was just set."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.goals.words import Wish
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.motivation.daily import Daily
from domain.motivation.goals import METRICS, Goal

SUGGESTED = (10, 20, 30)
EXAMPLE = N_("12 lessons by 1 Dec")
_A_ROW = 5  # buttons
_A_YEAR = 330  # days after which a date without its year would mislead
_LONGEST = 40  # characters of a label
_FORMS = (1, 2, 5)  # numbers that take each plural form of the languages Stoa speaks


def overview(turn: Turn, daily: Daily, goals: list[Goal]) -> Reply:
    """The minutes of today, and all goals."""
    parts = [daily_line(turn, daily)]
    if goals:
        parts.append("\n".join(f"- {goal_line(turn, one)}" for one in goals))
    else:
        parts.append(turn.say("A goal with a date: /goal new 50 cards by 1 Dec"))
    minutes = tuple(
        line_button(turn.say("{n} min a day", n=number), f"/goal {number}m")
        for number in SUGGESTED
        if number != daily.minutes
    )
    off = (line_button(turn.say("No daily goal"), "/goal off"),) if daily.minutes else ()
    changes = [
        Button(label, control("goal.edit", one.id), asks=True)
        for label, one in _labelled(turn, [one for one in goals if one.status != "completed"])
    ]
    new = line_button(turn.say("New goal"), "/goal new")
    rows = [
        minutes + off,
        *(tuple(changes[n : n + _A_ROW]) for n in range(0, len(changes), _A_ROW)),
        (new, line_button(turn.say("Continue"), "/learn")),
    ]
    return Reply("\n\n".join(parts), rows=tuple(row for row in rows if row))


def _labelled(turn: Turn, goals: list[Goal]) -> Iterator[tuple[str, Goal]]:
    """A label for each goal; those that are called the same are numbered."""
    seen: Counter[str] = Counter()
    for one in goals:
        label = turn.say("Change: {title}", title=one.title)[:_LONGEST]
        seen[label] += 1
        yield (f"{label} ({seen[label]})" if seen[label] > 1 else label), one


def daily_line(turn: Turn, daily: Daily) -> str:
    """The minutes of today beside the daily goal."""
    studied = daily.seconds // 60
    if daily.minutes is None:
        return turn.say("No daily goal. You studied {minutes} min today.", minutes=studied)
    text = turn.say("Today: {minutes} of {goal} min.", minutes=studied, goal=daily.minutes)
    if daily.minutes_left:
        return text + " " + turn.count("{n} more to go.", "{n} more to go.", daily.minutes_left)
    return text + " " + turn.say("That is today's goal.")


def goal_line(turn: Turn, one: Goal) -> str:
    """How far a goal is, and until when."""
    text = f"**{escape(one.title)}**: {_so_far(turn, one.metric, one.value, one.target)}"
    if one.status == "completed" and one.completed:
        return text + ", " + turn.say("reached on {day}", day=turn.texts.weekday(one.completed))
    if one.status == "missed":
        return text + ", " + turn.say("its date is over; what you did is not lost")
    if one.by:
        text += ", " + turn.say("by {day}", day=_date(turn, one.by, one.start))
    return text


def amount(turn: Turn, metric: str, number: int) -> str:
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


def _so_far(turn: Turn, metric: str, value: int, target: int) -> str:
    """How much of it there is: "3 of 12 lessons", in the case that a language has for that."""
    match metric:
        case "minutes":
            return turn.count("{v} of {n} minute", "{v} of {n} minutes", target, v=value)
        case "xp":
            return turn.count("{v} of {n} XP", "{v} of {n} XP", target, v=value)
        case "lessons":
            return turn.count("{v} of {n} lesson", "{v} of {n} lessons", target, v=value)
        case "quizzes":
            return turn.count("{v} of {n} quiz", "{v} of {n} quizzes", target, v=value)
        case "challenges":
            return turn.count("{v} of {n} challenge", "{v} of {n} challenges", target, v=value)
        case "cards":
            return turn.count("{v} of {n} card", "{v} of {n} cards", target, v=value)
        case _:
            return turn.count("{v} of {n} day", "{v} of {n} days", target, v=value)


def units(turn: Turn) -> dict[str, str]:
    """What the metrics are called in the learner's language, in each form that a number takes."""
    return {_unit(turn, metric, n).lower(): metric for metric in METRICS for n in _FORMS}


def _unit(turn: Turn, metric: str, number: int) -> str:
    return amount(turn, metric, number).split()[-1]


def unknown_metric(turn: Turn) -> Refusal:
    """What can be counted, in the learner's words."""
    return Refusal(
        N_("A goal counts one of these: {metrics}. For example: /goal new 50 cards by 1 Dec"),
        {"metrics": ", ".join(_unit(turn, metric, _FORMS[-1]) for metric in METRICS)},
        choices=("/goal",),
    )


def asked(turn: Turn) -> Reply:
    """Ask for a goal."""
    return Reply(
        turn.say(
            "What is the goal? Write a number, of what, and by when: 12 lessons by 1 Dec. "
            "I count minutes, xp, lessons, quizzes, challenges, cards and days."
        ),
        rows=((line_button(turn.say("My goals"), "/goal"),),),
        prompt=Prompt(turn.say("Goal"), turn.say(EXAMPLE)),
    )


def changing(turn: Turn, one: Goal) -> Reply:
    """Ask how a goal should be from now on."""
    return Reply(
        goal_line(turn, one)
        + "\n\n"
        + turn.say("Write it anew, for example: 12 lessons by 1 Dec. What you did still counts."),
        rows=(
            (
                Button(turn.say("Drop it"), control("goal.drop", one.id)),
                line_button(turn.say("Leave it"), "/goal"),
            ),
        ),
        prompt=Prompt(turn.say("Goal"), turn.say(EXAMPLE)),
    )


def set_now(turn: Turn, one: Goal, wish: Wish, today: date) -> Reply:
    """What a goal is that was just set or changed."""
    text = turn.say("Goal set: {title}.", title=escape(one.title))
    if one.status == "completed":
        text += " " + turn.say("It is reached already: what you did today counts, too.")
    elif wish.by is not None:
        text += " " + _pace(turn, one.target - one.value, today, wish.by)
    return Reply(
        text,
        rows=(
            (
                line_button(turn.say("Continue"), "/learn", primary=True),
                Button(turn.say("Change it"), control("goal.edit", one.id), asks=True),
                Button(turn.say("Drop it"), control("goal.drop", one.id)),
                line_button(turn.say("My goals"), "/goal"),
            ),
        ),
    )


def _pace(turn: Turn, left: int, today: date, by: date) -> str:
    """How much a day, or a week, would reach it by then."""
    days = (by - today).days + 1
    until = _date(turn, by, today)
    if left >= days:
        return turn.count(
            "About {n} a day until {day}.",
            "About {n} a day until {day}.",
            -(-left // days),
            day=until,
        )
    if left * 7 >= days:
        return turn.count(
            "About {n} a week until {day}.",
            "About {n} a week until {day}.",
            -(-left * 7 // days),
            day=until,
        )
    return turn.say("You have time until {day}.", day=until)


def _date(turn: Turn, day: date, since: date) -> str:
    """A date with its weekday; with its year, if that is not plain."""
    text = turn.texts.weekday(day)
    return f"{text} {day.year}" if (day - since).days > _A_YEAR else text
