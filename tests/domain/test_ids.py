"""Identifiers keep their order, survive the trip through a button, and refuse what they are not."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ids

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def test_uuid7_is_version_7_of_the_rfc_variant():
    value = ids.uuid7(AT)
    assert value.version == 7
    assert value.variant == "specified in RFC 4122"


def test_uuid7_carries_the_instant_in_its_first_48_bits():
    assert ids.uuid7(AT).int >> 80 == int(AT.timestamp() * 1000)


def test_later_ids_sort_later():
    assert ids.uuid7(AT) < ids.uuid7(AT + timedelta(milliseconds=1))


def test_two_ids_of_one_instant_differ():
    assert ids.uuid7(AT) != ids.uuid7(AT)


def test_many_ids_of_one_instant_are_like_single_ones():
    many = [UUID(text) for text in ids.many_uuid7(AT, 100)]
    assert len(set(many)) == 100
    assert many == sorted(many)
    assert not set(many) & {UUID(text) for text in ids.many_uuid7(AT, 100)}
    assert {(one.version, one.variant, one.int >> 80) for one in many} == {
        (7, RFC_4122, ids.uuid7(AT).int >> 80)
    }


def test_one_event_always_makes_the_same_id():
    assert ids.event_uuid7(AT, "telegram", "17") == ids.event_uuid7(AT, "telegram", "17")


def test_parts_of_a_key_do_not_run_together():
    assert ids.event_uuid7(AT, "ab", "c") != ids.event_uuid7(AT, "a", "bc")


@given(st.uuids())
def test_base62_round_trip_in_22_characters(value: UUID):
    text = ids.to_base62(value)
    assert len(text) == 22
    assert ids.from_base62(text) == value


@pytest.mark.parametrize("text", ["", "a" * 21, "a" * 23, "!" * 22, "z" * 22])
def test_base62_refuses_what_it_did_not_write(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - each reason is a ValueError of its own
        ids.from_base62(text)


def test_short_codes_avoid_letters_that_look_alike():
    text = "".join(ids.short_code() for _ in range(200))
    assert not set(text) & set("01OILU")
