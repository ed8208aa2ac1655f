"""When to try again, and which slot of a clock tick an instant belongs to. Pure."""

from datetime import UTC, datetime, timedelta

LONGEST_WAIT_S = 300.0
_LONGEST_POWER = 9  # 2^9 s is past the longest wait


def backoff(attempts: int, spread: float) -> timedelta:
    """How long to wait after a failed try: min(300, 2^attempts) seconds, times 0.5 to 1.

    Args:
        attempts: tries made so far, from 1.
        spread: a random number from 0 to 1; it keeps many that failed together apart.
    """
    seconds = min(LONGEST_WAIT_S, 2.0 ** min(attempts, _LONGEST_POWER))
    return timedelta(seconds=seconds * (0.5 + spread / 2))


def slot_start(at: datetime, every: timedelta) -> datetime:
    """The beginning of the slot an instant falls in; slots are counted from 1970 in UTC."""
    step = every.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // step * step, UTC)


def slot_name(at: datetime, every: timedelta) -> str:
    """The slot's name, the same in every process: "2026-03-02T18:00:15Z"."""
    return slot_start(at, every).strftime("%Y-%m-%dT%H:%M:%SZ")
