"""How many cards a day holds, and where a backlog goes. Pure."""

from dataclasses import dataclass

DAILY_CAP = 30  # cards, not repeats
NEW_A_DAY = 10
SPREAD_DAYS = 7
SMALLEST_SHARE = 12  # of a backlog: fewer than this is not worth spreading


@dataclass(frozen=True, slots=True)
class Plan:
    """What a day holds.

    Attributes:
        due: cards of today that were seen before.
        new: cards of today that were never seen.
        later: cards that are due and wait for one of the next days.
        days: over how many days those are spread; 0 when none wait.
    """

    due: int
    new: int
    later: int = 0
    days: int = 0

    @property
    def today(self) -> int:
        """All cards of today."""
        return self.due + self.new


def plan(due: int, fresh: int, done: int, done_new: int, cap: int = DAILY_CAP) -> Plan:
    """Share out the cards that wait.

    A backlog over the cap is spread evenly over today and the next 7 days, over more only when
    a day's share would exceed the cap.

    Args:
        due: cards that are due and were not looked at today.
        fresh: cards that were never seen.
        done: cards looked at today; looking at one again does not count.
        done_new: those of them that were new.
        cap: the most cards a day.
    """
    room = max(0, cap - done)
    if due <= room:
        new = max(0, min(fresh, NEW_A_DAY - done_new, room - due))
        return Plan(due, new)
    share = min(room, max(SMALLEST_SHARE, -(-due // (SPREAD_DAYS + 1))))
    later = due - share
    return Plan(share, 0, later, max(min(SPREAD_DAYS, later), -(-later // cap)))


def day_of(number: int, plan_: Plan) -> int:
    """The day (1 is tomorrow) for the card at a place, from 0, among those that wait."""
    return number * plan_.days // plan_.later + 1
