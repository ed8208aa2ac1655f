"""What a learner's account alone says about messages to them. Pure."""

from datetime import datetime

from domain.identity.service import SEEN_EVERY


def is_closed(
    status: str, until: datetime | None, deleted_at: datetime | None, now: datetime
) -> bool:
    """Whether an account gets nothing: it is suspended still, being closed, or gone."""
    is_suspended = status == "suspended" and (until is None or now < until)
    return is_suspended or status == "closing" or deleted_at is not None


def has_answered(sent_at: datetime | None, last_active_at: datetime | None) -> bool:
    """Whether somebody wrote since a message; when they wrote is kept in steps of a few minutes."""
    if sent_at is None or last_active_at is None:
        return False
    return last_active_at > sent_at - SEEN_EVERY
