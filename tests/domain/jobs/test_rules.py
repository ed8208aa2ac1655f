"""Slots are the same for everybody who asks within one, and follow each other without a gap."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs.rules import backoff, slot_name, slot_start

instants = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("every", "name"),
    [
        (timedelta(seconds=15), "2026-03-02T18:04:15Z"),
        (timedelta(minutes=1), "2026-03-02T18:04:00Z"),
        (timedelta(days=1), "2026-03-02T00:00:00Z"),
    ],
)
def test_a_slot_is_named_by_its_beginning(every: timedelta, name: str) -> None:
    assert slot_name(datetime(2026, 3, 2, 18, 4, 29, 999999, UTC), every) == name


@given(instants, st.integers(1, 86400))
def test_every_instant_lies_in_its_slot(at: datetime, seconds: int) -> None:
    every = timedelta(seconds=seconds)
    start = slot_start(at, every)
    assert start <= at < start + every
    assert slot_start(start + every, every) == start + every


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_and_stay_under_five_minutes(attempts: int, spread: float) -> None:
    pause = backoff(attempts, spread).total_seconds()
    assert min(2.0**attempts if attempts < 9 else 300, 300) / 2 <= pause <= 300
