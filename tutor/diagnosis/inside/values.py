"""Values as texts.

Only the standard library, and of ours only what stands in this folder: these files travel alone.
"""

import hashlib
from typing import Any

LONGEST = 4000  # characters of one outcome; a longer one is known by its hash
RAISED, LATE, VALUE, PRINTED = "x", "t", "v", "p"
_PLAIN: tuple[type[Any], ...] = (dict, list, tuple, set, frozenset, str, bool, int, float)
_SHOWN = 160  # characters of a value in evidence


def plain(value: object) -> object:
    """A value as one of Python's own type, if it is of a kind of it: a `Counter` as a dictionary.

    `==` does not tell them apart, and assertions compare with `==`.
    """
    if type(value) in _PLAIN:
        return value
    made: object = next((kind(value) for kind in _PLAIN if isinstance(value, kind)), value)
    return made


def canonical(value: object, depth: int = 0) -> str:
    """A text that is equal for equal plain values of equal types, and says so for others.

    Dictionaries and sets are written in the order of their members' texts.
    """
    kind = type(value)
    if value is None or kind in (bool, int, str, float, bytes, complex):
        return repr(value)
    if depth > 40:
        return "?deep"
    if kind in (list, tuple):
        inner = ",".join(canonical(one, depth + 1) for one in value)  # type: ignore[attr-defined]
        return f"[{inner}]" if kind is list else f"({inner},)"
    if kind in (set, frozenset):
        members = sorted(canonical(one, depth + 1) for one in value)  # type: ignore[attr-defined]
        return f"{kind.__name__}<{','.join(members)}>"
    if kind is dict:
        pairs = sorted(
            f"{canonical(key, depth + 1)}:{canonical(item, depth + 1)}"
            for key, item in value.items()  # type: ignore[attr-defined]
        )
        return "{" + ",".join(pairs) + "}"
    return f"?{kind.__name__}"


def shortened(text: str) -> str:
    """An outcome as it is sent: whole, or by its hash."""
    if len(text) <= LONGEST:
        return text
    return "#" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def text_of(wrong: BaseException) -> str:
    """An exception's message, shortened."""
    try:
        return str(wrong)[:500]
    except BaseException:  # noqa: BLE001 - a learner's __str__ may raise anything
        return ""


def shown(value: object) -> str:
    """A value as the learner would write it, shortened."""
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - a learner's __repr__ may raise anything
        return f"<{type(value).__name__}>"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def length(value: object) -> int:
    """How many a value holds; -1 for one that holds none."""
    return len(value) if isinstance(value, list | tuple | str | dict | set) else -1
