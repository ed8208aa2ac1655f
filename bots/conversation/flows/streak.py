"""/streak: the days in a row, why it is so many, the days off, and not seeing it at all."""

from datetime import timedelta

from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows import pictured
from bots.conversation.flows.day_words import DAY_WORDS, weekdays_from
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.identity import service as identity
from domain.identity.rules import zone_words
from domain.motivation import queries as motivation
from domain.motivation.days import EVERY_DAY
from domain.motivation.journey import choose_study_days
from domain.motivation.streaks import EARNED_AFTER, MOST_FREEZES

SHOWN_DAYS = 14
WORK_DAYS = frozenset(range(1, 6))


@command("streak", aside=True)
async def streak(turn: Turn, arguments: str) -> Reply:
    """Show the days in a row; "why" adds the rule and each day; other words change something."""
    word, _, rest = arguments.lower().partition(" ")
    match word:
        case "hide" | "show":
            return await _show(turn, shown=word == "show")
        case "weekends":
            return await _choose(turn, EVERY_DAY if rest == "on" else WORK_DAYS)
        case "calendar":
            return await pictured.calendar(turn)
        case "days":
            return await _choose(turn, weekdays_from(rest, "/streak days"))
        case "" | "why" | "freeze":
            days = await days_of(turn)
            return _hidden(turn) if not days.is_shown and not word else _reply(turn, days, word)
        case _:
            raise Refusal(
                N_("After /streak I know why, calendar, hide, show, weekends off or on, days."),
                choices=("/streak", "/streak why"),
            )


def _reply(turn: Turn, days: motivation.Days, word: str) -> Reply:
    lines = [
        streak_line(turn, days),
        turn.count("Longest: {n} day.", "Longest: {n} days.", days.streak.longest)
        + " "
        + turn.count("{n} active day in all.", "{n} active days in all.", days.streak.total),
        _freezes(turn, days),
    ]
    if kept := kept_line(turn, days.streak.just_kept, days.streak.current):
        lines.insert(1, kept)
    lines.append(
        turn.say(
            "Your zone is {zone}, and your day ends at {hour}.",
            zone=zone_words(turn.learner.timezone),
            hour=turn.learner.day_ends.strftime("%H:%M"),
        )
    )
    weekdays = days.journey.excuses.weekdays(days.today)
    if weekdays != EVERY_DAY:
        lines.append(turn.say("Days off: {days}.", days=_days_off(turn, days, weekdays)))
    if word == "why":
        lines += [_rule(turn), "\n".join(_day_list(turn, days))]
    elif word == "freeze":
        lines = [_freezes(turn, days), _freeze_rule(turn)]
    return Reply("\n\n".join(lines), rows=(_buttons(turn, word, weekdays),))


def _buttons(turn: Turn, word: str, weekdays: frozenset[int]) -> tuple[Button, ...]:
    if weekdays == EVERY_DAY:
        weekends = line_button(turn.say("Weekends off"), "/streak weekends off")
    else:
        weekends = line_button(turn.say("No days off"), "/streak weekends on")
    why = () if word == "why" else (line_button(turn.say("Why?"), "/streak why"),)
    month = line_button(turn.say("Calendar"), "/streak calendar")
    hide = line_button(turn.say("Hide streak"), "/streak hide")
    return (*why, month, weekends, hide, line_button(turn.say("Continue"), "/learn"))


def _rule(turn: Turn) -> str:
    return turn.say(
        "The rule: a day counts when you finish a lesson, a quiz, a challenge, or the cards of "
        "the day. It belongs to the date where you are, and ends at your hour, not at midnight. "
        "A new time zone never takes a day away, and adds one at most. Work that is graded later "
        "counts for the day you handed it in. Your days off are not missed, and neither is a day "
        "on which we could not be reached. The streak ends when another whole day has passed with "
        "nothing finished and no freeze is left."
    ) + (" " + _freeze_rule(turn))


def _freeze_rule(turn: Turn) -> str:
    return turn.say(
        "{days} active days of a streak earn a freeze, and you keep {most} at most. A freeze is "
        "used by itself when you miss a day; it cannot be bought.",
        days=EARNED_AFTER,
        most=MOST_FREEZES,
    )


def _freezes(turn: Turn, days: motivation.Days) -> str:
    text = turn.say("Freezes: {left} of {most}.", left=days.streak.freezes, most=MOST_FREEZES)
    if days.streak.until_freeze:
        text += " " + turn.count(
            "A new one comes after {n} active day.",
            "A new one comes after {n} active days.",
            days.streak.until_freeze,
        )
    return text


def _days_off(turn: Turn, days: motivation.Days, weekdays: frozenset[int]) -> str:
    monday = days.today - timedelta(days=days.today.weekday())
    free = sorted(EVERY_DAY - weekdays)
    return ", ".join(turn.texts.day_name(monday + timedelta(days=n - 1)) for n in free)


def _day_list(turn: Turn, days: motivation.Days) -> list[str]:
    words = days.recent(SHOWN_DAYS)
    first = days.today - timedelta(days=SHOWN_DAYS - 1)
    dates = [first + timedelta(days=n) for n in range(SHOWN_DAYS)]
    began = days.journey.marks[0].day if days.journey.marks else days.today
    return [
        f"- {turn.texts.weekday(day)}: {turn.say(DAY_WORDS[word])}"
        for day, word in zip(dates, words, strict=True)
        if day >= began
    ]


async def _show(turn: Turn, *, shown: bool) -> Reply:
    await identity.change_setting(turn.conn, turn.user_id, "show_streak", shown)
    if not shown:
        return _hidden(turn)
    days = await days_of(turn)
    return _reply(turn, days, "")


def _hidden(turn: Turn) -> Reply:
    return Reply(
        turn.say("Your streak is hidden. Your days are still counted, and nothing is lost."),
        rows=(
            (
                line_button(turn.say("Show streak"), "/streak show"),
                line_button(turn.say("Continue"), "/learn"),
            ),
        ),
    )


async def _choose(turn: Turn, weekdays: frozenset[int]) -> Reply:
    days = await days_of(turn)
    await choose_study_days(turn.conn, turn.user_id, days.today, weekdays)
    return _reply(turn, await days_of(turn), "")


def streak_line(turn: Turn, days: motivation.Days) -> str:
    """The streak in one line: its length, and whether today is done."""
    current = days.streak.current
    if not current and days.streak.longest:
        return turn.say(
            "A new start: your longest is {longest}, and nothing you learned is gone.",
            longest=days.streak.longest,
        )
    if not current:
        return turn.say("No day in a row yet. Finish a lesson, and the first one counts.")
    if days.today_is_done:
        today = turn.say("Today is done.")
    elif days.today_is_excused:
        today = turn.say("Today is free.")
    else:
        today = turn.say("Today is still open.")
    return turn.count("{n} day in a row.", "{n} days in a row.", current) + " " + today


def kept_line(turn: Turn, kept: tuple[object, ...], current: int) -> str:
    """What a freeze did since the last active day; nothing when none was used."""
    if not kept:
        return ""
    if len(kept) == 1:
        return turn.count("A freeze kept your {n} day.", "A freeze kept your {n} days.", current)
    return turn.count("Freezes kept your {n} day.", "Freezes kept your {n} days.", current)


async def days_of(turn: Turn) -> motivation.Days:
    """The learner's days as they stand now."""
    return await motivation.days(turn.conn, turn.user_id, turn.now)
