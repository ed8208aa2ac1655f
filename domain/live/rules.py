"""What a live quiz is worth and when a question closes. Pure.

Every total is derived from the answers, never counted up: voiding a question, or counting an
answer that a platform delivered late, needs no correction anywhere.

Points are exact fractions. In "accuracy" an answer is worth its right share of the question's
points. In "timed" half of that, and the other half times the share of the person's time that was
left. In "first" only the first wholly right answer counts. In "survival" a question is worth its
points to whoever still has a life; an answer that is not wholly right, or none, costs one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal
from uuid import UUID

Mode = Literal["accuracy", "timed", "first", "survival"]
MODES: tuple[Mode, ...] = ("accuracy", "timed", "first", "survival")

LIVES = 3
GRACE = timedelta(seconds=1)  # what a network takes is not the player's time
HALF = Fraction(1, 2)
EXTENSIONS = (Fraction(1), Fraction(3, 2), Fraction(2))  # of a player's time, told to nobody
UNANSWERED_BEFORE_PAUSE = 3


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who joined.

    Args:
        id: the player's row.
        team: its number from 0; None in a round without teams.
        extension: factor on every time limit, one of `EXTENSIONS`.
        joined_at_position: the first question they could answer, from 0.
        left: whether they left; what they earned stays, nobody waits for them.
    """

    id: UUID
    team: int | None = None
    extension: Fraction = Fraction(1)
    joined_at_position: int = 0
    left: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One person's last answer to one question.

    Args:
        player: who.
        position: of the question, from 0.
        share: how much of it is right, 0 to 1.
        used: from the opening of the question to its arrival here, outages taken out.
        turn: place in the order of arrival over the whole round; breaks ties of "first".
    """

    player: UUID
    position: int
    share: Fraction
    used: timedelta
    turn: int

    @property
    def is_right(self) -> bool:
        """Whether all of it is right."""
        return self.share == 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked. A void one counts for nobody, as if it had not been."""

    position: int
    points: Fraction
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the board: shared places are equal numbers, the next one is left out."""

    place: int
    player: UUID
    points: Fraction
    right: int
    lives: int | None = None


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """One team's line: the mean of its members' points, so that size does not matter."""

    place: int
    team: int
    points: Fraction
    members: int


def allowed(limit: timedelta | None, player: Player) -> timedelta | None:
    """The time a player has for a question; None: as long as it stays open."""
    if limit is None:
        return None
    return limit * player.extension.numerator / player.extension.denominator


def in_time(limit: timedelta | None, player: Player, used: timedelta) -> bool:
    """Whether an answer that took `used` came before the player's time was over."""
    own = allowed(limit, player)
    return own is None or used <= own + GRACE


def worth(
    mode: Mode, asked: Asked, given: Given, limit: timedelta | None, player: Player, *, first: bool
) -> Fraction:
    """The points of one answer; lives are not looked at here.

    Args:
        mode: of the round.
        asked: the question.
        given: the answer, in time.
        limit: the question's time; None: no timer.
        player: who gave it.
        first: whether it is the first wholly right one.
    """
    if asked.is_void:
        return Fraction(0)
    if mode == "first":
        return asked.points if first else Fraction(0)
    if mode == "survival":
        return asked.points if given.is_right else Fraction(0)
    earned = asked.points * given.share
    own = allowed(limit, player)
    if mode == "accuracy" or own is None:
        return earned
    left = max(timedelta(0), own - given.used)
    return earned * HALF * (1 + Fraction(_micros(left), _micros(own)))


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def board(
    mode: Mode,
    asked: Iterable[Asked],
    players: Sequence[Player],
    given: Iterable[Given],
    limit: timedelta | None,
) -> list[Standing]:
    """All players with their points, best first; equals share a place.

    Args:
        mode: of the round.
        asked: questions that are closed, in any order.
        players: all who ever joined.
        given: answers to any question; those to others than `asked` are not looked at.
        limit: the time of a question; None: no timer.
    """
    answers: dict[int, dict[UUID, Given]] = {}
    for one in given:
        answers.setdefault(one.position, {})[one.player] = one
    points = dict.fromkeys((player.id for player in players), Fraction(0))
    right = dict.fromkeys(points, 0)
    lives = dict.fromkeys(points, LIVES)
    for question in sorted(asked, key=lambda one: one.position):
        if question.is_void:
            continue
        here = answers.get(question.position, {})
        ordered = sorted((one for one in here.values() if one.is_right), key=lambda one: one.turn)
        for player in players:
            if player.joined_at_position > question.position:
                continue  # what was asked before somebody came counts 0, and costs no life
            answer = here.get(player.id)
            out = mode == "survival" and not lives[player.id]
            if answer is not None and not out:
                first = bool(ordered) and ordered[0].player == player.id
                points[player.id] += worth(mode, question, answer, limit, player, first=first)
                right[player.id] += answer.is_right
            if not out and (answer is None or not answer.is_right):
                lives[player.id] = max(0, lives[player.id] - 1)
    rows = sorted(points, key=lambda one: (-points[one], str(one)))
    shown_lives = lives if mode == "survival" else {}
    return [
        Standing(place, one, points[one], right[one], shown_lives.get(one))
        for place, one in zip(_places([points[one] for one in rows]), rows, strict=True)
    ]


def teams(standings: Iterable[Standing], players: Iterable[Player]) -> list[TeamStanding]:
    """Teams by the mean of their members, best first; a team nobody is in is left out."""
    of_player = {player.id: player.team for player in players}
    members: dict[int, list[Fraction]] = {}
    for standing in standings:
        team = of_player[standing.player]
        if team is not None:
            members.setdefault(team, []).append(standing.points)
    means = {team: sum(all_, Fraction(0)) / len(all_) for team, all_ in members.items()}
    rows = sorted(means, key=lambda team: (-means[team], team))
    places = _places([means[team] for team in rows])
    return [
        TeamStanding(place, team, means[team], len(members[team]))
        for place, team in zip(places, rows, strict=True)
    ]


def _places(values: Sequence[Fraction]) -> list[int]:
    """1, 1, 3: the places of values that stand best first."""
    places: list[int] = []
    for number, value in enumerate(values, start=1):
        shared = places and values[number - 2] == value
        places.append(places[-1] if shared else number)
    return places


def everybody_answered(
    players: Iterable[Player], answered: Collection[UUID], out: Collection[UUID] = ()
) -> bool:
    """Whether nobody is waited for: all who are here and can still score have answered.

    Args:
        players: all who ever joined.
        answered: who has answered this question.
        out: who has no life left in a survival round.
    """
    waited = [one.id for one in players if not one.left and one.id not in out]
    return bool(waited) and all(one in answered for one in waited)


def closes_at(
    opened_at: datetime, limit: timedelta | None, players: Iterable[Player]
) -> datetime | None:
    """When a question closes at the latest: the time of the slowest player, and the grace.

    None: it has no timer, and closes when everybody has answered or the host goes on.
    """
    if limit is None:
        return None
    own = [allowed(limit, player) for player in players if not player.left]
    return opened_at + max([limit, *filter(None, own)]) + GRACE
