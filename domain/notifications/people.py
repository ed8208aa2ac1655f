"""What a learner's account and settings alone say about messages to them."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import NamedTuple

from domain.identity.service import SEEN_EVERY
from domain.notifications.reminders import Quiet

# The columns of `Person`, in the same order, for whoever `r` names. OFFSET 0 keeps each look-up one
# of an index: whatever the prepared plan expects, it never reads a whole table for a set.
PERSON = """u.status, u.status_until, u.deleted_at, u.last_active_at,
           coalesce(p.timezone, 'UTC') AS now_in, s.day_ends,
           coalesce(s.notifications_enabled, true) AS is_told,
           nullif(s.muted_kinds, '{}') AS muted_kinds,
           coalesce(s.quiet_from, '22:00') AS quiet_from,
           coalesce(s.quiet_until, '08:00') AS quiet_until,
           s.daily_goal_minutes AS goal, coalesce(s.show_streak, true) AS shows_streak"""
PERSON_FROM = """CROSS JOIN LATERAL (
        SELECT status, status_until, deleted_at, last_active_at
        FROM users WHERE id = r.user_id OFFSET 0) u
    LEFT JOIN LATERAL (
        SELECT timezone FROM user_profiles WHERE user_id = r.user_id OFFSET 0) p ON true
    LEFT JOIN LATERAL (
        SELECT day_ends, notifications_enabled, muted_kinds, quiet_from, quiet_until,
               daily_goal_minutes, show_streak
        FROM user_settings WHERE user_id = r.user_id OFFSET 0) s ON true"""


class Person(NamedTuple):
    """Whoever a message would go to: the columns of `PERSON`."""

    status: str
    status_until: datetime | None
    deleted_at: datetime | None
    last_active_at: datetime | None
    now_in: str
    day_ends: time | None
    is_told: bool
    muted_kinds: list[str] | None
    quiet_from: time
    quiet_until: time
    goal: int | None
    shows_streak: bool

    @property
    def quiet(self) -> Quiet:
        """Hours in which nothing comes."""
        return Quiet(self.quiet_from, self.quiet_until)

    @property
    def muted(self) -> Sequence[str]:
        """Kinds of messages they do not want."""
        return self.muted_kinds or ()

    def is_closed(self, now: datetime) -> bool:
        """Whether they get nothing: their account is suspended still, being closed, or gone."""
        until = self.status_until
        is_suspended = self.status == "suspended" and (until is None or now < until)
        return is_suspended or self.status == "closing" or self.deleted_at is not None

    def has_answered(self, sent_at: datetime | None) -> bool:
        """Whether they wrote since a message; when they wrote is kept in steps of a few minutes."""
        if sent_at is None or self.last_active_at is None:
            return False
        return self.last_active_at > sent_at - SEEN_EVERY
