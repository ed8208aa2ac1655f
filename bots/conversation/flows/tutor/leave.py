"""Leave to ask a model: what the learner agreed to, and what it may cost."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation.controls import control
from bots.conversation.dialogue import Button
from bots.conversation.flows.tutor import leaving
from bots.conversation.turn import Turn
from domain.community import service as community
from domain.tutoring import budgets, consent
from domain.tutoring.budgets import Limits, OutOfBudget, Reservation
from domain.tutoring.destinations import Destination, destinations
from tutor.question import Ended

NO_MODEL, NO_CONSENT, BUDGET = "no model", "consent", "budget"


@dataclass(frozen=True, slots=True)
class Leave:
    """Where a learner's words may go.

    Args:
        allowed: keys of services.
        reason: why there is none, for the log.
        ask: the service to ask the learner about.
    """

    allowed: frozenset[str] = frozenset()
    reason: str = NO_MODEL
    ask: Destination | None = None


async def leave(turn: Turn) -> Leave:
    """What the learner agreed to, of what is configured and works."""
    models = turn.services.models
    if models is None or not models.available:
        return Leave()
    found = destinations(turn.services.settings)
    standing = await consent.standing(turn.conn, turn.user_id, found)
    return Leave(standing.allowed, "" if standing.allowed else NO_CONSENT, standing.ask)


async def place_of(turn: Turn) -> UUID | None:
    """The community whose share a question uses; None in private."""
    place = turn.incoming.place
    if place.kind == "private":
        return None
    platform = turn.incoming.actor.platform
    return await community.enter(turn.conn, platform, place.group or place.id, place.title)


@dataclass(slots=True)
class Purse:
    """One question's heart and tokens: reserved just before a model is asked, then settled.

    Args:
        turn: whose.
        key: of the question; the reservation has one made from it, so it reserves once.
        fence: how often the question was taken over from a process that died.
        course: whose hearts.
        place: whose share.
        allowed: keys of the services that the learner agreed to when they asked.
    """

    turn: Turn
    key: UUID
    fence: int
    course: UUID | None
    place: UUID | None
    allowed: frozenset[str] = frozenset()
    refused: OutOfBudget | None = None
    _reserved: Reservation | None = field(default=None)
    _tokens: int = 0

    async def reserve(self, tokens: int) -> str:
        """Set a heart and tokens aside; why not, in a word for the log, or ""."""
        services, turn = self.turn.services, self.turn
        now, limits = services.clock.now(), Limits.from_settings(services.settings)
        try:
            async with services.database.unit_of_work(turn.user_id) as conn:
                found = destinations(services.settings)
                now_allowed = (await consent.standing(conn, turn.user_id, found)).allowed
                if not self.allowed <= now_allowed:  # taken back while the program was looked at
                    return NO_CONSENT
                for fence in range(self.fence):  # what those reserved who died
                    lost = Reservation(self._key(fence), now)
                    await budgets.settle(
                        conn, lost, tokens=tokens, now=now, refund=True, limits=limits
                    )
                self._reserved = await budgets.reserve(
                    conn,
                    user=turn.user_id,
                    course=self.course,
                    community=self.place,
                    tokens=tokens,
                    now=now,
                    limits=limits,
                    key=self._key(self.fence),
                )
        except OutOfBudget as refused:
            self.refused = refused
            return f"{BUDGET}: {refused.why}"
        self._tokens = tokens
        return ""

    async def settle(self, conn: AsyncConnection, ended: Ended | None) -> str:
        """Book what it took; how many answers are left, in a sentence, when one was used.

        Args:
            conn: the transaction of the answer.
            ended: how it ended; None: nobody knows, so it is booked as it was reserved.
        """
        if self._reserved is None:
            return self._why_not()
        services = self.turn.services
        now, limits = services.clock.now(), Limits.from_settings(services.settings)
        await budgets.settle(
            conn,
            self._reserved,
            tokens=self._tokens if ended is None else ended.tokens,
            now=now,
            refund=ended is None or ended.is_offline,
            limits=limits,
        )
        if ended is None or ended.is_offline:
            return ""
        hearts = await budgets.left(conn, self.turn.user_id, self.course, now, limits)
        return self.turn.count("{n} question left.", "{n} questions left.", hearts.left)

    def _key(self, fence: int) -> UUID:
        return UUID(int=self.key.int ^ fence)

    def _why_not(self) -> str:
        if self.refused is None:
            return ""
        words = self.turn.refusal(self.refused)
        if self.refused.until is None:
            return words
        texts, until, zone = self.turn.texts, self.refused.until, self.turn.learner.timezone
        at = texts.time(until, zone)
        if until - self.turn.services.clock.now() < timedelta(days=1):
            return f"{words} {self.turn.say('More at {time}.', time=at)}"
        on = texts.day(until, zone)
        return f"{words} {self.turn.say('More on {day} at {time}.', day=on, time=at)}"


def offer(turn: Turn, destination: Destination, question: UUID) -> tuple[str, tuple[Button, ...]]:
    """Ask whether the learner's words may go to a service: the question, and its answers."""
    yes, no = leaving.labels(turn, destination)
    buttons = (
        Button(yes, control("ask.allow", question, leaving.answer(destination, allow=True))),
        Button(no, control("ask.allow", question, leaving.answer(destination, allow=False))),
    )
    words = f"{leaving.question(turn, destination)} {turn.say('More about this: /privacy')}"
    return words, buttons
