"""What learners do in a simulated year: random, and the same for the same seed. Pure.

Nothing here comes from the product but the words for what is done.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Forty zones: both date lines, half and quarter hours, clocks that change at midnight, at one, two
# and three, by half an hour, for Ramadan, on either half of the globe, and not at all.
ZONES = (
    *("Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"),
    *("Pacific/Auckland", "Africa/Casablanca", "America/Sao_Paulo", "Atlantic/Azores"),
    *("Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Africa/Cairo"),
    *("Europe/London", "Pacific/Chatham", "Asia/Kolkata", "Asia/Tokyo", "America/Los_Angeles"),
    *("America/St_Johns", "Asia/Beirut", "Australia/Adelaide", "Australia/Eucla", "Asia/Tehran"),
    *("Europe/Kyiv", "Europe/Berlin", "America/Havana", "America/Halifax", "America/Denver"),
    *("America/Chicago", "Asia/Jerusalem", "Europe/Dublin", "Asia/Shanghai", "Asia/Yangon"),
    *("Australia/Sydney", "America/Asuncion", "Pacific/Norfolk", "America/Nuuk", "Asia/Dhaka"),
    *("Pacific/Honolulu", "Africa/Nairobi"),
)
QUIET = (
    (time(22), time(8)),
    (time(23), time(7)),
    (time(0), time(0)),  # none
    (time(0), time(6, 30)),
    (time(13), time(15)),
    (time(21, 30), time(10)),
)
EVERY_DAY = frozenset(range(1, 8))
AT_DAY = (time(20), time(8), time(12, 30))
AT_NIGHT = (time(2, 30), time(1, 45), time(0), time(23, 55))  # some skipped, some shown twice


class Event(NamedTuple):
    """Something that a learner does; `what` depends on the kind."""

    at: datetime
    kind: str
    what: object = None


@dataclass
class Life:
    """One learner: where they begin, their accounts, and what they do in order of time.

    Attributes:
        number: of the learner, which is their name, too.
        zone: at the beginning.
        chats: platforms on which they have an account; the first one is used.
        events: at the thirtieth second of a minute, when nothing is due.
    """

    number: int
    zone: str
    chats: tuple[str, ...]
    events: list[Event] = field(default_factory=list)


class Span(NamedTuple):
    """A stretch of time."""

    begins: datetime
    ends: datetime

    def covers(self, at: datetime) -> bool:
        """Whether an instant lies in it; its end does not."""
        return self.begins <= at < self.ends


@dataclass
class Year:
    """Everything that happens.

    Attributes:
        down: nothing works, nobody is answered; recorded as outages.
        idle: the worker alone does not run.
        closed: a platform takes no messages.
    """

    span: Span
    lives: list[Life]
    down: list[Span]
    idle: list[Span]
    closed: list[Span]


def live(random: Random, span: Span, people: int, zones: tuple[str, ...]) -> Year:
    """Lives of people in some zones, and what goes wrong meanwhile."""
    down = _spans(random, span, every=9 * DAY, shortest=20 * MINUTE, longest=9 * HOUR)
    idle = _spans(random, span, every=4 * DAY, shortest=2 * MINUTE, longest=40 * HOUR)
    closed = _spans(random, span, every=6 * DAY, shortest=5 * MINUTE, longest=5 * HOUR)
    lives = [_life(random, number, span, zones, down) for number in range(people)]
    return Year(span, lives, down, idle, closed)


def _spans(
    random: Random, span: Span, every: timedelta, shortest: timedelta, longest: timedelta
) -> list[Span]:
    found: list[Span] = []
    at = span.begins
    while True:
        at += every * random.uniform(0.3, 1.7)
        length = shortest * (longest / shortest) ** random.random()
        begins = _minute(at) + 20 * timedelta(seconds=1)
        ends = _minute(at + length) + 20 * timedelta(seconds=1)
        if ends >= span.ends:
            return found
        found.append(Span(begins, ends))
        at = ends


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _life(
    random: Random, number: int, span: Span, zones: tuple[str, ...], down: list[Span]
) -> Life:
    zone = zones[number % len(zones)]
    chats = random.choice((("telegram",), ("discord",), ("telegram", "discord")))
    life = Life(number, zone, chats)
    diligence = random.choice((0.15, 0.5, 0.8, 0.95))  # how likely a day has work
    answers = random.choice((0.0, 0.1, 0.6))  # how likely a day has anything else
    travels = random.choice((0.01, 0.03, 0.25))
    day = span.begins.date()
    first: list[tuple[datetime, str, object]] = []
    is_owl = random.random() < 0.5
    if is_owl:
        first.append((span.begins, "quiet", (time(0), time(0))))
    if random.random() < 0.8:  # the others leave the hour to us
        wish = _wish(random, AT_NIGHT if is_owl else AT_DAY)
        first.append((span.begins + random.randint(1, 300) * MINUTE, "remind", wish))
    if random.random() < 0.3:
        first.append((span.begins + random.randint(1, 300) * MINUTE, "goal", 20))
    while day <= span.ends.date():
        for at, kind, what in (
            *first,
            *_day(random, day, zone, zones, diligence, answers, travels),
        ):
            event = Event(_minute(at) + 30 * timedelta(seconds=1), kind, what)
            if not span.covers(event.at) or any(one.covers(event.at) for one in down):
                continue
            life.events.append(event)
            if kind == "move":
                zone = str(what)
        first = []
        day += DAY
    life.events.sort(key=lambda one: one.at)
    life.events = [
        one for n, one in enumerate(life.events) if not n or one.at > life.events[n - 1].at
    ]
    return life


def _day(
    random: Random,
    day: date,
    zone: str,
    zones: tuple[str, ...],
    diligence: float,
    answers: float,
    travels: float,
) -> list[tuple[datetime, str, object]]:
    """A day's doings; hours by the wall of the zone, mostly awake, some in the small hours."""

    def at(*hours: tuple[int, int]) -> datetime:
        first, last = random.choice(hours)
        shown = datetime.combine(day, time(0)) + random.randint(first * 60, last * 60) * MINUTE
        fold = random.randint(0, 1)  # of a repeated hour either one
        return shown.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)

    done: list[tuple[datetime, str, object]] = []
    if random.random() < diligence:
        times = random.choice((1, 1, 2))
        done += [(at((8, 22), (17, 22), (0, 4)), "work", None) for _ in range(times)]
    if random.random() < 0.2:
        done.append((at((8, 22)), "study", random.choice((400, 900, 1300))))
    if random.random() < answers:
        first = at((8, 23), (19, 24))
        done.append((first, *_doing(random, zone, zones)))
        while random.random() < 0.3:  # one thing leads to another
            first += random.randint(1, 70) * MINUTE
            done.append((first, *_doing(random, zone, zones)))
    if random.random() < travels:
        done.append((at((0, 24)), "move", random.choice(zones)))
    return done


def _doing(random: Random, zone: str, zones: tuple[str, ...]) -> tuple[str, object]:
    kinds = {
        "write": (30, None),
        "remind": (12, _wish(random)),
        "never": (3, None),
        "later": (12, None),
        "not today": (8, None),
        "quiet": (6, random.choice(QUIET)),
        "mute": (3, None),
        "unmute": (6, None),
        "silence": (1, None),
        "days off": (4, frozenset(random.sample(range(1, 8), random.randint(2, 7)))),
        "goal": (4, random.choice((None, 10, 20))),
        "move": (4, random.choice(zones)),
        "block": (4, None),
    }
    kind = random.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
    return kind, kinds[kind][1]


def _wish(
    random: Random, times: tuple[time, ...] = AT_DAY + AT_NIGHT
) -> tuple[time, frozenset[int]]:
    some = frozenset(random.sample(range(1, 8), random.randint(1, 6)))
    weekdays = random.choice((EVERY_DAY, EVERY_DAY, EVERY_DAY, some))
    return random.choice(times), weekdays
