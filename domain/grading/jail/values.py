"""Python values as JSON and back: only exact builtin types cross, everything else is opaque.

Used on both sides of the wall. The side that decodes trusts nothing: whatever arrives becomes
plain builtin values or an `Opaque`, which equals nothing.
"""

import math
from collections.abc import Callable
from typing import TypeGuard

DEEPEST = 60
_LARGEST = 10**4000  # Python reads and prints numbers up to 4300 digits
TEXT_SHOWN = 2000
HASHED_MOST = 4000  # numbers and tuples among set members and keys of one value


class Opaque:
    """A value that cannot cross; known by its type's name and a shortened repr."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text

    def __repr__(self) -> str:
        return self.text


def encode(
    value: object, other: Callable[[object], object] | None = None, depth: int = 0
) -> object:
    """The value as JSON: plain where JSON has the type, `{"<letter>": ...}` where it has not.

    Args:
        value: anything.
        other: encodes what is not a builtin value; the default makes it opaque.
        depth: how deep in containers we are.
    """
    kind = type(value)
    if value is None or kind is bool or kind is str or kind is int:
        return value if kind is not int or -_LARGEST < value < _LARGEST else _opaque(value)  # type: ignore[operator]
    if kind is float:
        return {"n": repr(value)}
    if depth > DEEPEST:
        return {"o": [kind.__name__, "too deep"]}
    if kind in (list, tuple, set, frozenset):
        items = [encode(item, other, depth + 1) for item in value]  # type: ignore[attr-defined]
        return items if kind is list else {_LETTERS[kind]: items}
    if kind is dict:
        pairs = value.items()  # type: ignore[attr-defined]
        return {"d": [[encode(k, other, depth + 1), encode(v, other, depth + 1)] for k, v in pairs]}
    if kind is bytes:
        return {"b": value.hex()}  # type: ignore[attr-defined]
    if kind is complex:
        return {"c": [repr(value.real), repr(value.imag)]}  # type: ignore[attr-defined]
    return (other or _opaque)(value)


_LETTERS: dict[type, str] = {tuple: "t", set: "s", frozenset: "f"}


def _opaque(value: object) -> object:
    try:
        text = repr(value)[:TEXT_SHOWN]
    except BaseException as wrong:  # noqa: BLE001 - a learner's __repr__ may raise anything
        text = f"<{type(value).__name__}, whose repr raises {type(wrong).__name__}>"
    return {"o": [str(type(value).__name__), str(text)]}


def decode(value: object, other: Callable[[str, object], object] | None = None) -> object:
    """The value that `encode` wrote.

    Args:
        value: parsed JSON.
        other: decodes tags this module does not know.

    Raises:
        ValueError: nothing that `encode` would write, or too much of it.
    """
    return _Decoder(other).decode(value, 0)


class _Decoder:
    """One decoding; counts what it hashes, because numbers can be chosen to collide."""

    def __init__(self, other: Callable[[str, object], object] | None) -> None:
        self.other = other
        self.hashed = 0

    def decode(self, value: object, depth: int) -> object:
        if value is None or isinstance(value, bool | str | int):
            return value
        if depth > DEEPEST + 2:
            raise ValueError("too deep")
        if isinstance(value, list):
            return [self.decode(item, depth + 1) for item in value]
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("no value")
        ((letter, inner),) = value.items()
        if isinstance(inner, list) and (letter == "d" or letter in _CONTAINERS):
            return self.container(letter, inner, depth)
        if letter == "n" and isinstance(inner, str):
            return float(inner)
        if letter == "b" and isinstance(inner, str):
            return bytes.fromhex(inner)
        if letter == "o" and _texts(inner):
            return Opaque(*inner)
        if letter == "c" and _texts(inner):
            return complex(float(inner[0]), float(inner[1]))
        if self.other is not None:
            return self.other(letter, inner)
        raise ValueError("no value")

    def container(self, letter: str, inner: list[object], depth: int) -> object:
        try:
            if letter == "d":
                return dict(self.pair(pair, depth) for pair in inner)
            items = [self.decode(item, depth + 1) for item in inner]
            if letter != "t":
                for item in items:
                    self.count(item)
            return _CONTAINERS[letter](items)
        except TypeError as wrong:
            raise ValueError("unhashable") from wrong

    def pair(self, pair: object, depth: int) -> tuple[object, object]:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError("no pair")
        key = self.decode(pair[0], depth + 1)
        self.count(key)
        return key, self.decode(pair[1], depth + 1)

    def count(self, item: object) -> None:
        if not isinstance(item, str | bytes):  # their hashes are secret
            self.hashed += 1
            if self.hashed > HASHED_MOST:
                raise ValueError("too many members")


_CONTAINERS: dict[str, Callable[[list[object]], object]] = {
    "t": tuple,
    "s": set,
    "f": frozenset,
}


def _texts(inner: object) -> TypeGuard[list[str]]:
    return (
        isinstance(inner, list) and len(inner) == 2 and all(isinstance(text, str) for text in inner)
    )


def same(left: object, right: object, tolerance: float = 0.0) -> bool:
    """Whether two decoded values are equal with exactly the same types all the way down.

    `True` is not 1, 1 is not 1.0, a tuple is not a list. NaN equals NaN. Floats may differ by
    `tolerance`, absolute or relative, whichever allows more.
    """
    if type(left) is not type(right) or isinstance(left, Opaque):
        return False
    if isinstance(left, float) and isinstance(right, float):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return left == right or (
            tolerance > 0 and math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance)
        )
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(
            same(one, two, tolerance) for one, two in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        if {_key(key) for key in left} != {_key(key) for key in right}:
            return False
        return all(same(left[key], right[key], tolerance) for key in left)
    if isinstance(left, set | frozenset) and isinstance(right, set | frozenset):
        return {_key(item) for item in left} == {_key(item) for item in right}
    return left == right


def _key(value: object) -> object:
    """A hashable form in which values of different types differ."""
    if isinstance(value, tuple):
        return ("tuple", tuple(map(_key, value)))
    if isinstance(value, frozenset):
        return ("frozenset", frozenset(map(_key, value)))
    return (type(value).__name__, value)
