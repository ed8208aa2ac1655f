"""Numbers as people type them: `1 024`, `1,024`, `3,5`, `1.024e3`, `2x10^3`, with a unit or not."""

import re
from decimal import Decimal

_SPACES = re.compile(r"(?<=\d)[\s_'\u00a0\u202f](?=\d{3}(?!\d))")
_TIMES_TEN = re.compile(r"\s*[x*×·]\s*10\s*(?:\^|\*\*)\s*([+-]?\d+)$", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_POINTED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_LONGEST = 60
_MINUS = str.maketrans("−–—", "---")


def number(text: str, unit: str = "") -> Decimal | None:
    """The number that was typed, or None when it is not one.

    A comma before groups of three digits parts thousands; any other comma is a decimal comma.

    Args:
        text: what was typed, with or without the unit.
        unit: what the question asks for; another unit makes the answer unreadable, because
            converting it would be guessing.
    """
    kept = text.translate(_MINUS).strip().rstrip(".").strip()
    if len(kept) > _LONGEST:
        return None
    if unit and kept.casefold().endswith(unit.casefold()):
        kept = kept[: -len(unit)].strip()
    kept = re.sub(r"^([+-])\s+", r"\1", kept)
    exponent = ""
    if found := _TIMES_TEN.search(kept):
        kept, exponent = kept[: found.start()].strip(), f"e{found[1]}"
    kept = _SPACES.sub("", kept)
    if _POINTED.fullmatch(kept):
        kept = kept.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(kept):
        kept = kept.replace(",", "")
    elif kept.count(",") == 1 and "." not in kept:
        kept = kept.replace(",", ".")
    kept += exponent
    return Decimal(kept) if _PLAIN.fullmatch(kept) else None
