"""Values that cross the wall, and how they and outputs are compared."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.grading.compare import same_output
from domain.grading.jail.frames import ProtocolError, length, pack, unpack
from domain.grading.jail.values import Opaque, decode, encode, same

KEYS = st.none() | st.booleans() | st.integers() | st.text() | st.binary()
VALUES: st.SearchStrategy[Any] = st.recursive(
    KEYS | st.floats() | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(KEYS, inner)
        | st.sets(KEYS)
        | st.frozensets(KEYS)
    ),
    max_leaves=12,
)


@settings(max_examples=40)
@given(VALUES)
def test_every_builtin_value_comes_back_the_same(value: object) -> None:
    comes_back(value)


@pytest.mark.soak
@settings(max_examples=5_000)
@given(VALUES)
def test_very_many_values_come_back_the_same(value: object) -> None:
    comes_back(value)


def comes_back(value: object) -> None:
    wire = json.loads(json.dumps(encode(value)))
    assert same(decode(wire), value)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (1, 1.0),
        (0, False),
        ("1", 1),
        ((1,), [1]),
        ({1}, frozenset({1})),
        ({1: 2}, {True: 2}),
        ({1: 2}, {1: 2.0}),
        ({(1,)}, {(True,)}),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        (b"a", "a"),
        (None, False),
        (0.1 + 0.2, 0.3),
    ],
)
def test_different_values_are_different(left: object, right: object) -> None:
    assert not same(left, right)
    assert not same(right, left)


def test_equal_values_are_equal() -> None:
    assert same({"a": [1, (2.0, None)]}, {"a": [1, (2.0, None)]})
    assert same({1: "a", 2: "b"}, {2: "b", 1: "a"})
    assert same(float("nan"), float("nan"))
    assert same([0.1 + 0.2], [0.3], 1e-9)
    assert not same([3], [3.0], 1e-9)


def test_what_is_no_builtin_equals_nothing() -> None:
    class Mine(int):
        def __repr__(self) -> str:
            raise SystemExit

    value = decode(encode([Mine(3)]))
    assert isinstance(value, list)
    assert isinstance(value[0], Opaque)
    assert not same(value, [3])
    assert not same(value[0], value[0])
    endless: list[object] = []
    endless.append(endless)
    assert not same(decode(encode(endless)), endless)


@pytest.mark.parametrize(
    "wire",
    [{}, {"t": 1}, {"d": [[1]]}, {"s": [[]]}, {"z": 1}, {"n": 3}, {"b": "zz"}, {"o": [1, 2]}, 1.5],
)
def test_foreign_shapes_are_refused(wire: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several messages
        decode(wire)


def test_depth_bombs_are_refused() -> None:
    deep: object = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        decode(deep)
    with pytest.raises(ProtocolError):
        unpack(b"[" * 200_000)


def test_frames_have_a_limit() -> None:
    with pytest.raises(ProtocolError):
        pack("x" * (2 << 20))
    with pytest.raises(ProtocolError):
        length(b"\x7f\xff\xff\xff")
    assert unpack(pack({"a": 1})[4:]) == {"a": 1}


@pytest.mark.parametrize(
    ("expected", "got", "exact", "tolerant"),
    [
        ("a\n", "a", True, True),
        ("a\n", "a\n\n", False, True),
        ("a b", "a  b", False, True),
        ("a", "a ", False, True),
        ("a", "A", False, False),
        ("a\nb", "a", False, False),
        ("a", "a\nb", False, False),
        ("0.3333333", "0.33333333", False, True),
        ("3", "3.0", False, False),
        ("3.0", "3", False, True),
        ("1000", "10000", False, False),
        ("", "", True, True),
        ("a\r\nb", "a\nb", True, True),
        ("  a", "a", False, True),
    ],
)
def test_outputs(expected: str, got: str, exact: bool, tolerant: bool) -> None:
    assert (same_output(expected, got, "exact") is None) is exact
    assert (same_output(expected, got, "tolerant") is None) is tolerant


def test_the_first_difference_is_named() -> None:
    assert "Line 2 differs: expected 'b', got 'c'" in str(same_output("a\nb", "a\nc", "exact"))
    assert "Only spaces" in str(same_output("a b", "a  b", "exact"))
    assert "line 2 should be 'b'" in str(same_output("a\nb", "a", "exact"))
    assert "from line 2 on: 'b'" in str(same_output("a", "a\nb", "exact"))


def test_numbers_chosen_to_collide_cost_little() -> None:
    collide = [n * (2**61 - 1) for n in range(15_000)]
    for wire in (
        {"s": collide},
        {"d": [[n, 0] for n in collide]},
        {"s": [{"t": [n]} for n in collide]},
    ):
        begin = time.perf_counter()
        with pytest.raises(ValueError, match="too many"):
            decode(wire)
        assert time.perf_counter() - begin < 2
    assert decode({"d": [[str(n), 0] for n in range(15_000)]})
