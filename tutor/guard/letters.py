"""Reads texts whose letters were exchanged, mixed with others or written one to a line."""

import re
import string
from collections import Counter
from collections.abc import Iterator

_SMALL = string.ascii_lowercase
_KNOWN = frozenset(
    {"def", "return", "for", "while", "print", "input", "import", "lambda", "append", "range"}
    | {"else", "elif", "len", "sorted", "continue", "break", "max", "min", "int", "str", "not"}
)
_SURE = 5  # letters of a known word that need no second one
_LEET = str.maketrans("0134578", "oleastb")
_LOUD = 0.8  # share of capitals among letters from which a text is read in small ones
_UPRIGHT = 0.6  # share of lines with one sign
_JUNK = 0.15  # share of a sign that was put between the others
_CODE_SIGNS = frozenset("()[]{}:=,._'\"+-*/<>%#")


def _tables() -> list[tuple[dict[int, int], frozenset[str]]]:
    """Each exchange of letters that people use, and how it writes the known words."""
    orders = [_SMALL[by:] + _SMALL[:by] for by in range(1, 26)] + [_SMALL[::-1]]
    found = []
    for order in orders:
        back = str.maketrans(order + order.upper(), _SMALL + _SMALL.upper())
        there = str.maketrans(_SMALL, order)
        found.append((back, frozenset(word.translate(there) for word in _KNOWN)))
    return found


_EXCHANGES = _tables()


def respelled(text: str) -> Iterator[str]:
    """What a text may say with its letters put right.

    Args:
        text: without invisible signs and look-alikes.
    """
    words = frozenset(re.findall(r"[a-z]{3,8}", text))
    for table, known in _EXCHANGES:
        hits = words & known
        if len(hits) > 1 or any(len(word) >= _SURE for word in hits):
            yield text.translate(table)
    letters = [sign for sign in text if sign.isalpha()]
    if sum(map(str.isupper, letters)) > _LOUD * len(letters):
        yield text.lower()
    leet = re.sub(r"\b(?=\w*\d)\w*[A-Za-z]\w*", lambda found: found[0].translate(_LEET), text)
    if leet != text:
        yield leet
        yield re.sub(r"(?<=[a-z])l|l(?=[a-z])", "i", leet) if "1" in text else leet
    lines = text.split("\n")
    if len(lines) > 8 and sum(len(line) == 1 for line in lines) > _UPRIGHT * len(lines):
        yield "".join(line or "\n" for line in lines)
    sign, count = next(iter(Counter(re.findall(r"[^\w\s]", text)).most_common(1)), ("", 0))
    if count > _JUNK * len(text) and sign not in _CODE_SIGNS:
        yield text.replace(sign, "")
