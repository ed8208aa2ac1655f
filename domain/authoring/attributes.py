"""What stands in a question's `{#id points=1 level=2 obj=1.1}`."""

import re
from dataclasses import dataclass, field

from domain.authoring.fields import bad_id, is_id
from domain.authoring.problems import Spot, nearest

_ATTRIBUTE = re.compile(r"([^\s=]+)=(\"[^\"]*\"|[^\s\"]+)")
_COMMON = {"points", "level", "obj", "domain"}
_BY_KIND: dict[str, set[str]] = {
    "single": set(),
    "true_false": set(),
    "multi": {"partial"},
    "ordering": {"partial"},
    "matching": {"partial"},
    "numeric": {"unit"},
    "short": {"case", "fuzzy", "code"},
    "cloze": {"partial", "case", "fuzzy"},
}
_ALL = _COMMON | {name for names in _BY_KIND.values() for name in names}
_RANGES = {"points": (1, 100), "level": (1, 5)}
_SWITCHES = {"yes": True, "no": False, "1": True, "0": False}


@dataclass(slots=True)
class Attributes:
    """The id and the settings of a question; `flags` holds only what the author set."""

    key: str
    points: int = 1
    level: int | None = None
    objectives: tuple[str, ...] = ()
    domain: str | None = None
    unit: str = ""
    flags: dict[str, bool] = field(default_factory=dict)


def read_attributes(text: str, kind: str | None, spot: Spot) -> Attributes:
    """Read what stands between `{#` and `}`.

    Args:
        text: such as `q-route points=2`.
        kind: the question's kind, which allows some names; None when it could not be told.
        spot: the question's heading.
    """
    key, _, rest = text.strip().partition(" ")
    if not is_id(key):
        spot.error(bad_id(key) if key else "the question's id is empty: write {#id}")
    read = Attributes(key)
    seen: set[str] = set()
    for name, value in _ATTRIBUTE.findall(rest):
        if name not in _ALL:
            spot.error(f"'{name}' is not known here: {nearest(name, _ALL)}")
        elif name in seen:
            spot.error(f"'{name}' is written twice: keep one")
        elif kind and name not in _COMMON | _BY_KIND[kind]:
            spot.error(f"'{name}' has no meaning for a {kind} question: remove it")
        else:
            _set(read, name, value.strip('"'), spot)
        seen.add(name)
    left = _ATTRIBUTE.sub("", rest).strip()
    if left:
        spot.error(f"'{left}' is not understood: write name=value after the id")
    return read


def _set(read: Attributes, name: str, value: str, spot: Spot) -> None:
    if name in _RANGES:
        low, high = _RANGES[name]
        if value.isascii() and value.isdecimal() and low <= int(value[:9]) <= high:
            setattr(read, name, int(value))
        else:
            spot.error(f"{name}={value}: write a whole number from {low} to {high}")
    elif name == "obj":
        read.objectives = tuple(dict.fromkeys(part for part in value.split(",") if part))
    elif name == "domain":
        read.domain = value
    elif name == "unit":
        read.unit = value
    elif value in _SWITCHES:
        read.flags[name] = _SWITCHES[value]
    else:
        spot.error(f"{name}={value}: write yes or no")
