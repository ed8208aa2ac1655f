"""The messages that the rules give to one learner, the slow way, from docs/reminders.md.

It goes through a life event by event and asks the clock on the wall (`walls`) and the diary
(`diary`). Nothing of the product is called.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.year.diary import Diary
from tests.year.lives import DAY, EVERY_DAY, HOUR, Event, Life, Year
from tests.year.moments import WORTH, Expected, Moment
from tests.year.walls import Wall, is_quiet

SEEN_EVERY = timedelta(minutes=5)  # "last active" is kept no finer
HALF_AFTER, LAST_AFTER = 3, 10
KINDS = ("freeze", "reminder", "streak", "cards", "goal", "news")


Arrived = Callable[[date], bool]  # a date's message did, or may have


@dataclass
class Reader:
    """What is known of a learner at a moment of their life.

    Args:
        life: theirs.
        year: what goes wrong.
        walls: of all zones.
        nudged: dates on which they were told something at no hour of theirs, and when.
        arrived: whether the message of a date reached them.
        lost: whether the message of a date (one that was put off?) could not be delivered.
    """

    life: Life
    year: Year
    walls: Mapping[str, Wall]
    nudged: Sequence[tuple[date, datetime, date | None]]
    arrived: Arrived
    lost: Callable[[date, bool], bool]
    diary: Diary = field(init=False)
    wish: tuple[time, frozenset[int]] | None = None
    quiet: tuple[time, time] = (time(22), time(8))
    muted: set[str] = field(default_factory=set)
    is_silent: bool = False
    goal: int | None = None
    studied: list[tuple[datetime, int]] = field(default_factory=list)
    seen: datetime | None = None
    since: datetime = field(init=False)
    dealt: date | None = None
    put_off: datetime | None = None
    ignored: int = 0
    last_sent: tuple[date, datetime] | None = None
    told: dict[date, tuple[date, bool]] = field(default_factory=dict)  # frozen dates, by message
    blocked_at: datetime | None = None  # by the learner
    is_known_blocked: bool = False  # to us
    moments: list[Moment] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    history: list[tuple[datetime, str, tuple[time, time]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.diary = Diary(dict(self.walls), "UTC", down=self.year.down)
        self.diary.move(self.year.span.begins, self.life.zone)
        self.since = self.year.span.begins
        self.history.append((self.since, self.life.zone, self.quiet))

    @property
    def wall(self) -> Wall:
        """Where they are."""
        return self.walls[self.diary.zone]

    def shown(self, at: datetime) -> date:
        """What the calendar on the wall shows."""
        return self.wall.shows(at).date()

    def settings(self, at: datetime) -> tuple[str, tuple[time, time]]:
        """The zone and the quiet hours at an instant of the life."""
        return [(zone, quiet) for when, zone, quiet in self.history if when <= at][-1]

    def live(self, looks: Sequence[datetime]) -> None:
        """Go through the life; the streak is noted at each look."""
        happenings = [*self.life.events, *(Event(at, "look") for at in looks)]
        for event in sorted(happenings, key=lambda one: one.at):
            self._until(event.at)
            if event.kind == "look":
                self.moments.append(self._moment(event.at))
            else:
                self._do(event)
                self.history.append((event.at, self.diary.zone, self.quiet))
        self._until(self.year.span.ends)

    def _moment(self, at: datetime) -> Moment:
        day = self.shown(at)
        today = (self.wall.shows(at) - timedelta(hours=3)).date()
        return Moment(
            at,
            day,
            self.diary.zone,
            self.quiet,
            self.diary.run(at),
            self.wish is not None and day.isoweekday() in self.wish[1],
            any(one >= today for one in self.diary.pages),
            self.diary.is_off(today),
            self._is_down(at, today),
            self.is_silent,
            self.is_known_blocked,
            frozenset(self.muted),
        )

    def _is_down(self, at: datetime, today: date) -> bool:
        began = self.wall.first(today, time(3))
        return any(began <= one.ends <= at for one in self.year.down)

    def _until(self, end: datetime) -> None:
        """All that comes before an instant."""
        while (due := self._next()) is not None:
            at = self._awake(due)
            if at >= end:
                return
            looked = at if self.put_off is not None else max(due, at - HOUR)
            self._judge(due, at)
            # Of several that were due while nobody looked, the latest may still be wanted; the
            # dates between are not dealt with, since nothing was said on them.
            self.since = max(self.since, looked)

    def _awake(self, at: datetime) -> datetime:
        """When the worker looks at what is due."""
        while True:
            away = [one for one in (*self.year.down, *self.year.idle) if one.covers(at)]
            if not away:
                return at
            at = max(one.ends for one in away)

    def _next(self) -> datetime | None:
        if self.wish is None:
            return None
        return self.put_off or self._coming()

    def _coming(self) -> datetime:
        """The next time the hour comes, on a date that was not dealt with."""
        assert self.wish is not None
        at, weekdays = self.wish
        day = self.shown(self.since) - 2 * DAY
        while True:
            if day.isoweekday() in weekdays:
                due = self.wall.after_quiet(self.wall.first(day, at), self.quiet)
                if self._is_left(due):
                    return due
            day += DAY

    def _is_left(self, due: datetime) -> bool:
        return due > self.since and (self.dealt is None or self.shown(due) > self.dealt)

    def _judge(self, due: datetime, at: datetime) -> None:
        was_put_off, self.put_off = self.put_off is not None, None
        day = self.shown(due)
        for told, when, frozen in self.nudged:
            if when <= at:
                self._learn(told, when, put_off=False)
                self.dealt = max(told, self.dealt or told)
                if frozen is not None:
                    self.told[frozen] = (told, False)
        is_over = self.dealt is not None and day <= self.dealt and not was_put_off
        reached = self.last_sent is not None and self.last_sent[0] == self.dealt
        spared = self._count(was_put_off=was_put_off, reached=reached)
        if not was_put_off:
            self.dealt = max(day, self.dealt or day)
        if is_over or at - due > HOUR or self.shown(at) != day:
            return
        if is_quiet(self.wall.shows(at).time(), self.quiet) or self.is_silent:
            return
        kinds = self._worth(at)
        if not kinds or spared or self.is_known_blocked:
            return
        self.expected.append(Expected(day, due, at, frozenset(kinds), was_put_off))
        if "freeze" in kinds:
            self.told[self.diary.run(at).kept_now[-1]] = (day, was_put_off)
        if not was_put_off:
            self.last_sent = (day, at)
        self._learn(day, at, put_off=was_put_off)
        if self.ignored >= LAST_AFTER:
            self.wish = None

    def _learn(self, day: date, at: datetime, *, put_off: bool) -> None:
        """A message that a chat refused shows us that it is closed."""
        if self.blocked_at is not None and at > self.blocked_at and self.lost(day, put_off):
            self.is_known_blocked = True

    def _count(self, *, was_put_off: bool, reached: bool) -> bool:
        """Messages without an answer; whether this one is left out for it."""
        if was_put_off or (
            self.last_sent and self.seen and self.seen > self.last_sent[1] - SEEN_EVERY
        ):
            self.ignored = 0
            return False
        if not reached or self.last_sent is None:
            return False
        if not self.arrived(self.last_sent[0]):
            return False
        self.ignored += 1
        return HALF_AFTER < self.ignored < LAST_AFTER

    def _worth(self, at: datetime) -> set[str]:
        """The kinds that have something to say at the hour."""
        today = (self.wall.shows(at) - timedelta(hours=3)).date()
        began = self.wall.first(today, time(3))
        is_active = any(day >= today for day in self.diary.pages)
        seconds = sum(length for when, length in self.studied if when >= began)
        is_done = seconds >= self.goal * 60 if self.goal else is_active
        if self.wish is not None and self.wish[1] == EVERY_DAY and self.diary.is_off(today):
            return set()
        kinds = set()
        if not is_done and "reminder" not in self.muted:
            kinds.add("reminder")
        run = self.diary.run(at)
        if kinds and self._named(today, is_active=is_active):
            kinds.add("streak")
        if "freeze" not in self.muted and not is_active and run.kept_now and run.current >= WORTH:
            frozen = run.kept_now[-1]
            told = self.told.get(frozen)
            if told is None or self.lost(*told):
                kinds.add("freeze")
        if "reminder" in self.muted and run.current >= WORTH and not run.freezes:
            is_free = self.diary.is_off(today) or self._is_down(at, today)
            if not (is_active or is_free or run.kept_now):
                kinds.add("streak")
        return kinds - self.muted

    def _named(self, today: date, *, is_active: bool) -> bool:
        """Whether the days in a row are named beside the reminder: work of today or yesterday."""
        last = max(self.diary.pages, default=None)
        return last is not None and last >= today - DAY and not is_active

    def _do(self, event: Event) -> None:
        at, kind, what = event
        if kind == "block":
            self.blocked_at = at if len(self.life.chats) == 1 else None
            return
        self.blocked_at, self.is_known_blocked = None, False
        if self.seen is None or at - self.seen >= SEEN_EVERY:
            self.seen = at
        today = self.shown(at)
        match kind:
            case "work":
                self.diary.work(at)
            case "study":
                assert isinstance(what, int)
                self.studied.append((at, what))
            case "goal":
                assert what is None or isinstance(what, int)
                self.goal = what
            case "days off":
                assert isinstance(what, frozenset)
                self.diary.choose(at, what)
            case "mute":
                self.muted.add("reminder")
            case "unmute":
                if self.is_silent:
                    self.muted = set(KINDS)
                self.is_silent = False
                self.muted.discard("reminder")
            case "silence":
                self.is_silent = True
            case "move":
                self.diary.move(at, str(what))
                self.since = max(self.since, at)
            case "quiet":
                assert isinstance(what, tuple)
                self.quiet = what
                self.since = max(self.since, at)
            case "remind":
                assert isinstance(what, tuple)
                if not is_quiet(what[0], self.quiet):
                    self.wish, self.put_off = what, None
                    self.since, self.ignored, self.last_sent = at, 0, None
            case "never":
                self.wish = self.put_off = None
            case "later" if self.wish is not None:
                later = at + HOUR
                if not is_quiet(self.wall.shows(later).time(), self.quiet):
                    self.put_off = later
                    self.dealt = max(today, self.dealt or today)
            case "not today" if self.wish is not None:
                self.put_off, self.since = None, at
                self.dealt = max(today, self.dealt or today)
