"""Buttons: small, readable again after any restart, and useless to forge."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.conversation.controls import Control, StaleControl, control, parse

SOME = UUID("018f4d5e-0000-7000-8000-0123456789ab")


@given(
    st.from_regex(r"[a-z][a-z0-9.]{0,15}", fullmatch=True),
    st.none() | st.uuids(),
    st.text("abc123:-_", max_size=16),
)
def test_round_trip(action: str, target: UUID | None, argument: str):
    payload = control(action, target, argument)
    assert len(payload.encode()) <= 64
    assert parse(payload) == Control(action, target, argument)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "v1",
        "v0:lesson:-:1",
        "v1:LESSON:-:1",
        "v1:lesson:short:1",
        "v1:lesson:" + "z" * 22 + ":",
    ],
)
def test_what_we_did_not_make_is_stale(payload: str):
    with pytest.raises(StaleControl):
        parse(payload)


@pytest.mark.parametrize("argument", ["x", "", "-1", "²", "9" * 20])
def test_a_number_must_be_one(argument: str):
    with pytest.raises(StaleControl):
        _ = Control("page", SOME, argument).number


def test_a_payload_over_64_bytes_is_our_fault():
    with pytest.raises(ValueError, match="64 bytes"):
        control("say", SOME, "x" * 64)
