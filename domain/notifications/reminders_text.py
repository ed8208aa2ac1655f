"""What a reminder says: only what is so at that moment, each in a paragraph of its own. Pure."""

from typing import NamedTuple

from domain.errors import N_

GOAL = N_("{minutes} min would finish today's goal.")
OPEN = N_("Today is still open. One lesson makes it count.")
STREAK = N_("Your days in a row so far: {days}.")
CARDS = N_("Cards that are due: {cards}.")
HALF = N_("My last {ignored} reminders did not suit you, so from now on I send half as many.")
END = N_("My last {ignored} reminders did not suit you. This is the last one.")
AGAIN = N_("To get them again, type /remind.")

CHOICES = ("/learn", "/remind later", "/remind not today", "/remind off")
LAST_CHOICES = ("/learn", "/remind")


class Today(NamedTuple):
    """What a learner's day looks like so far.

    Attributes:
        is_active: something was finished that makes the day count.
        is_off: they chose not to learn on this weekday.
        goal: minutes they want to study on a day, if they said so.
        seconds: studied today.
        cards: that are due.
        days: of a streak that today could go on with; 0: none, or it is hidden.
    """

    is_active: bool = False
    is_off: bool = False
    goal: int | None = None
    seconds: int = 0
    cards: int = 0
    days: int = 0

    @property
    def minutes_left(self) -> int:
        """Whole minutes to the goal; 0 without one."""
        return max(0, -(-(self.goal * 60 - self.seconds) // 60)) if self.goal else 0

    @property
    def is_done(self) -> bool:
        """Nothing is left to remind of: the goal is reached; without one, the day counts."""
        return self.minutes_left == 0 if self.goal else self.is_active
