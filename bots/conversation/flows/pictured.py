"""Pictures of days, courses and boards; each reply says the same in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bots.conversation.dialogue import File, Reply
from bots.conversation.flows.day_words import DAY_WORDS
from bots.conversation.flows.general import line_button
from bots.conversation.turn import Turn
from bots.pictures.drawing import picture
from bots.pictures.views import Bar, Bars, Heatmap, Month, View
from domain.activity.queries import CourseStanding
from domain.motivation import queries as motivation
from domain.motivation.boards import Line
from domain.motivation.days import local_date

WEEKS = 26
CALENDAR_WEEKS = 5
_LEVELS = (1, 2, 4, 7)  # finished pieces of work from which on a day has one dot more
_ONE_DAY = timedelta(days=1)


async def calendar(turn: Turn) -> Reply:
    """The last five weeks, or as many as there were: what became of each day."""
    days = await motivation.days(turn.conn, turn.user_id, turn.now)
    began = days.journey.marks[0].day if days.journey.marks else days.today
    first = max(_monday(days.today) - timedelta(weeks=CALENDAR_WEEKS - 1), _monday(began))
    shown = days.recent((days.today - first).days + 1)
    words = tuple(
        word if first + number * _ONE_DAY >= began else "" for number, word in enumerate(shown)
    )
    counts = Counter(word for word in words if word)
    since = turn.texts.weekday(max(first, began))
    parts = [f"{turn.say(DAY_WORDS[word])} {counts[word]}" for word in DAY_WORDS if counts[word]]
    facts = turn.say("Days since {day}: {counts}.", day=since, counts=", ".join(parts))
    facts += "\n\n" + "\n".join(
        f"- {turn.say(DAY_WORDS[word])}: {_dates(turn, first, words, word)}"
        for word in DAY_WORDS
        if counts[word]
    )
    view = Month(
        turn.say("My days"),
        first,
        words,
        turn.texts.short_day_names(),
        tuple((word, turn.say(DAY_WORDS[word])) for word in DAY_WORDS if counts[word]),
    )
    files = await _files(turn, view, "days", facts)
    why = line_button(turn.say("Why?"), "/streak why")
    return Reply(facts, rows=((why, line_button(turn.say("My streak"), "/streak")),), files=files)


def _dates(turn: Turn, first: date, words: Sequence[str], wanted: str) -> str:
    """The dates of which something became, those in a row as from the first to the last."""
    shown = []
    days = [number for number, word in enumerate(words) if word == wanted]
    for begins in (n for n in days if n - 1 not in days):
        ends = next(n for n in days if n >= begins and n + 1 not in days)
        dates = [turn.texts.weekday(first + n * _ONE_DAY) for n in dict.fromkeys((begins, ends))]
        shown.append(" – ".join(dates))
    return ", ".join(shown)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def heatmap(turn: Turn) -> Reply:
    """Half a year: how much was finished on each day."""
    learner = turn.learner
    today = local_date(turn.now, learner.timezone, learner.day_ends)
    first = _monday(today) - timedelta(weeks=WEEKS - 1)
    finished = await motivation.finished_since(turn.conn, turn.user_id, first)
    numbers = [finished.get(first + n * _ONE_DAY, 0) for n in range((today - first).days + 1)]
    facts = turn.count(
        "Last {weeks} weeks: {n} active day.",
        "Last {weeks} weeks: {n} active days.",
        sum(number > 0 for number in numbers),
        weeks=WEEKS,
    )
    facts += " " + turn.count("{n} thing finished.", "{n} things finished.", sum(numbers))
    if any(numbers):
        best = max(numbers)
        day = first + numbers.index(best) * _ONE_DAY
        facts += " " + turn.say("Most on {day}: {n}.", day=turn.texts.weekday(day), n=best)
        begun = next(n for n, number in enumerate(numbers) if number) // 7 * 7
        weeks = [sum(numbers[n : n + 7]) for n in range(begun, len(numbers), 7)]
        facts += "\n\n" + turn.say(
            "Week by week since {day}: {numbers}.",
            day=turn.texts.weekday(first + begun * _ONE_DAY),
            numbers=", ".join(map(turn.texts.number, weeks)),
        )
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    months = tuple(
        turn.texts.short_month(one + 6 * _ONE_DAY) if (one + 6 * _ONE_DAY).day <= 7 else ""
        for one in mondays
    )
    view = Heatmap(
        turn.say("Finished on each day"),
        first,
        tuple(sum(number >= least for least in _LEVELS) for number in numbers),
        turn.texts.short_day_names(),
        months,
        (turn.say("nothing"), turn.say("{n} and more", n=_LEVELS[-1])),
    )
    files = await _files(turn, view, "half-a-year", facts)
    back = line_button(turn.say("My progress"), "/progress")
    return Reply(facts, rows=((back, line_button(turn.say("My days"), "/streak")),), files=files)


async def courses(turn: Turn, standing: Sequence[CourseStanding]) -> Reply:
    """How far each course is."""
    lines = [
        turn.say(
            "{course}: {done} of {total} steps ({percent})",
            course=one.title,
            done=one.done,
            total=one.total,
            percent=turn.texts.percent(one.percentage),
        )
        for one in standing
    ]
    bars = tuple(
        Bar(one.title, float(one.percentage) / 100, turn.texts.percent(one.percentage))
        for one in standing
    )
    view = Bars(turn.say("Your courses:").rstrip(":"), bars)
    files = await _files(turn, view, "courses", "\n".join(lines))
    back = line_button(turn.say("My progress"), "/progress")
    return Reply("\n".join(f"- {line}" for line in lines), rows=((back,),), files=files)


async def board(turn: Turn, title: str, lines: Sequence[Line], reply: Reply) -> Reply:
    """A board as bars, beside its words."""
    most = max(line.value for line in lines) or 1
    bars = tuple(
        Bar(
            f"{line.place}. {line.name}",
            line.value / most,
            turn.texts.number(line.value),
            line.is_me,
        )
        for line in lines
    )
    words = "\n".join(f"{bar.name}: {bar.number}" for bar in bars)
    view = Bars(title.rstrip(":"), bars, turn.say("you"))
    return replace(reply, files=await _files(turn, view, "board", words))


async def _files(turn: Turn, view: View, name: str, facts: str) -> tuple[File, ...]:
    """The picture, unless the learner wants none."""
    if not await motivation.wants_pictures(turn.conn, turn.user_id):
        return ()
    return (await picture(view, name, facts),)
