"""What became of a day, in words; and weekdays as people type them."""

from domain.errors import N_, Refusal

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DAY_WORDS = {
    "active": N_("done"),
    "kept": N_("kept by a freeze"),
    "off": N_("a day off"),
    "down": N_("we could not be reached"),
    "flown": N_("left out by a new time zone"),
    "open": N_("still open"),
    "missed": N_("nothing"),
}


def weekdays_from(text: str, line: str) -> frozenset[int]:
    """The weekdays (ISO, Monday is 1) in "mon-fri" or "mon, wed, sat".

    Args:
        text: what was typed.
        line: the command before it, for the example in the refusal.

    Raises:
        Refusal: a word is no weekday, or there is none.
    """
    chosen: set[int] = set()
    for part in text.lower().replace(",", " ").split():
        first, _, last = part.partition("-")
        day, end = (_number(name, line) for name in (first, last or first))
        chosen.add(day)
        while day != end:
            day = day % 7 + 1
            chosen.add(day)
    if not chosen:
        raise _unknown_day("", line)
    return frozenset(chosen)


def _number(name: str, line: str) -> int:
    if name[:3] not in _WEEKDAYS:
        raise _unknown_day(name, line)
    return _WEEKDAYS.index(name[:3]) + 1


def _unknown_day(name: str, line: str) -> Refusal:
    return Refusal(
        N_("“{name}” is no weekday. Type it like this: {line} mon-fri"),
        {"name": name[:20], "line": line},
        choices=(f"{line} mon-fri", f"{line} mon-sun"),
    )
