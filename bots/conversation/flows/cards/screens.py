"""What a card and its sitting look like."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from bots.conversation.controls import StaleControl, control, whole_number
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.learn import reward_lines
from bots.conversation.turn import Turn
from domain import ids
from domain.errors import N_
from domain.review import sitting
from domain.review.decks import Deck, Face
from domain.review.scheduling import RATINGS, Memory, intervals
from domain.review.service import Looked
from domain.review.sitting import Table, When

TYPED = "card"
RATING_WORDS = (N_("Again"), N_("Hard"), N_("Good"), N_("Easy"))
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Which set (None: all), and how many more cards (None: all of today). In every button."""

    deck: UUID | None = None
    left: int | None = None

    def write(self, seen: int) -> str:
        """As a part of a button's argument, with how often the card was looked at."""
        left = "" if self.left is None else str(self.left)
        return f"{seen}.{left}.{ids.to_base62(self.deck) if self.deck else ''}"

    @staticmethod
    def read(argument: str) -> tuple[int, "Sitting"]:
        """How often the card was looked at, and the sitting.

        Raises:
            StaleControl: the argument is none that we write.
        """
        parts = argument.split(".")
        if len(parts) != 3:
            raise StaleControl
        try:
            deck = ids.from_base62(parts[2]) if parts[2] else None
        except ValueError as error:
            raise StaleControl from error
        return whole_number(parts[0]), Sitting(deck, whole_number(parts[1]) if parts[1] else None)

    def one_less(self) -> "Sitting":
        """After a card that counted."""
        return self if self.left is None else replace(self, left=max(0, self.left - 1))

    def within(self, table: Table) -> Table:
        """The table with no more cards than this sitting wants."""
        if self.left is None:
            return table
        due = min(table.plan.due, self.left)
        return replace(
            table, plan=replace(table.plan, due=due, new=min(table.plan.new, self.left - due))
        )


def when(turn: Turn) -> When:
    """The learner's date now."""
    return sitting.when(turn.now, turn.learner.timezone, turn.learner.day_ends)


def today_line(turn: Turn, table: Table) -> str:
    """How many cards today holds, and where a backlog goes."""
    if not table.left:
        text = turn.say("No cards are left for today.")
    else:
        text = turn.count("{n} card for today.", "{n} cards for today.", table.left)
    if table.plan.later:
        text += " " + turn.count(
            "{n} more is waiting; I spread them over the next {days} days.",
            "{n} more are waiting; I spread them over the next {days} days.",
            table.plan.later,
            days=table.plan.days,
        )
    return text


def set_name(deck: Deck) -> str:
    """A set as it is listed: with its course, or as the learner's own."""
    return f"{deck.course}, {deck.title}" if deck.course else escape(deck.title)


async def facts(turn: Turn, at: When) -> str:
    """What comes on the next days, and how much is remembered."""
    learner = turn.learner
    ahead = await sitting.forecast(turn.conn, turn.user_id, at, learner.timezone, learner.day_ends)
    parts = []
    if sum(ahead[1:]):
        parts.append(
            turn.count(
                "Coming: {n} card tomorrow, {week} in the next 6 days.",
                "Coming: {n} cards tomorrow, {week} in the next 6 days.",
                ahead[1],
                week=sum(ahead[1:]),
            )
        )
    looks, known = await sitting.retention(turn.conn, turn.user_id, turn.now)
    if looks:
        parts.append(
            turn.say(
                "You remembered {known} of {looks} known cards in 30 days.",
                known=known,
                looks=looks,
            )
        )
    return " ".join(parts)


def side(face: Face, text: str) -> str:
    """One side; what the learner wrote is text, what a course holds is Markdown."""
    return escape(text) if face.is_own else text


def front(
    turn: Turn,
    face: Face,
    now: Sitting,
    table: Table,
    seen: int,
    before: str,
    *,
    is_repeat: bool,
) -> Reply:
    """A card's front."""
    name = escape(face.set_title) if face.is_own else face.set_title
    if is_repeat:
        head = turn.say("Once more · {deck}", deck=name)
    else:
        total = table.done + table.plan.today
        head = turn.say(
            "Card {number} of {total} · {deck}", number=table.done + 1, total=total, deck=name
        )
    state = now.write(seen)
    turn.expect(TYPED, card=str(face.id), state=state, since=turn.now.isoformat(), back=False)
    return Reply(
        "\n\n".join(part for part in (before, head, side(face, face.front)) if part),
        rows=(
            (
                Button(turn.say("Show"), control("card.b", face.id, state), primary=True),
                Button(turn.say("Edit"), control("card.edit", face.id, state)),
                line_button(turn.say("Stop"), "/stop"),
            ),
        ),
        prompt=Prompt(turn.say("Your answer"), turn.say("or press Show")),
        edits=True,
    )


def back(turn: Turn, face: Face, now: Sitting, memory: Memory, seen: int) -> Reply:
    """Both sides, and when the card comes again for each rating."""
    state = now.write(seen)
    since = turn.expecting.data.get("since") if turn.expecting else None
    turn.expect(TYPED, card=str(face.id), state=state, since=since, back=True)
    buttons = tuple(
        Button(
            f"{rating_word(turn, rating)} · {interval(turn, wait)}",
            control("rate", face.id, f"{rating}.{state}"),
        )
        for rating, wait in zip(RATINGS, intervals(memory, turn.now), strict=True)
    )
    return Reply(
        f"{side(face, face.front)}\n\n**{turn.say('Answer')}:** {side(face, face.back)}",
        rows=(buttons, (Button(turn.say("Edit"), control("card.edit", face.id, state)),)),
        prompt=Prompt(turn.say("How well did you know it?"), turn.say("1 again to 4 easy")),
        edits=True,
    )


def stubborn(turn: Turn, card: UUID, now: Sitting, before: str) -> Reply:
    """A card that was forgotten too often."""
    turn.expect_nothing()
    state = now.write(0)
    text = turn.say("This card is stubborn: it slipped away again and again.")
    text += " " + turn.say("A shorter or clearer card helps most.")
    return Reply(
        "\n\n".join(part for part in (before, text) if part),
        rows=(
            (
                Button(turn.say("Rewrite it"), control("card.edit", card, state), primary=True),
                Button(turn.say("Rest 30 days"), control("card.rest", card, state)),
                Button(turn.say("Go on"), control("card", card, state)),
            ),
        ),
    )


async def done(turn: Turn, at: When, table: Table, before: str) -> Reply:
    """The end of a sitting."""
    if not table.done:
        text = turn.say("No cards are left for today.")
    else:
        text = turn.count(
            "Done: {n} card today, {minutes} min.",
            "Done: {n} cards today, {minutes} min.",
            table.done,
            minutes=table.minutes,
        )
    ahead = await facts(turn, at)
    return Reply(
        "\n\n".join(part for part in (before, text, ahead) if part),
        rows=(
            (
                line_button(turn.say("Continue learning"), "/learn", primary=True),
                line_button(turn.say("My cards"), "/cards"),
                line_button(turn.say("My days"), "/streak"),
            ),
        ),
    )


def rating_word(turn: Turn, rating: int) -> str:
    """The word on the button of a rating."""
    return turn.say(RATING_WORDS[rating - 1])


def interval(turn: Turn, wait: timedelta) -> str:
    """How long until a card comes again: "10 min", "3 h", "8 d"."""
    if wait < _HOUR:
        return turn.say("{minutes} min", minutes=max(1, round(wait / timedelta(minutes=1))))
    if wait < _DAY:
        return turn.say("{hours} h", hours=round(wait / _HOUR))
    return turn.say("{days} d", days=round(wait / _DAY))


def reward(turn: Turn, looked: Looked) -> str:
    """What a look brought: points and a day, or a goal; nothing most of the time."""
    lines = reward_lines(turn, looked.outcome) if looked.outcome else []
    lines += [turn.say("Goal reached: {title}.", title=escape(goal.title)) for goal in looked.goals]
    return "\n\n".join(lines)


def expected(turn: Turn) -> tuple[UUID, int, Sitting]:
    """The card that typed text is about."""
    data = turn.expecting.data if turn.expecting else {}
    return UUID(data["card"]), *Sitting.read(data["state"])


def shows_back(turn: Turn) -> bool:
    """Whether both sides are on the screen."""
    return bool(turn.expecting and turn.expecting.data.get("back"))


def time_at(turn: Turn, card: UUID) -> timedelta | None:
    """How long the card that is rated has been on the screen, if it is the one that was shown."""
    data = turn.expecting.data if turn.expecting else {}
    if data.get("card") != str(card) or not data.get("since"):
        return None
    return max(timedelta(0), turn.now - datetime.fromisoformat(data["since"]))
