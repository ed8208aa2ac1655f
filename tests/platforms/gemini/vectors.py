"""Texts as vectors for tests: alike texts lie near each other, and so do those of one meaning.

Each word is hashed into a few places, and its pieces of four letters into more, so that endings
matter little. Words of one meaning are told by the test (`MEANINGS`), since nothing here knows any.
"""

import hashlib
import math
import re
from collections.abc import Mapping

# Two ways to say the same, as a model would know.
MEANINGS = {
    "loaf": "bread",
    "blade": "knife",
    "cutting": "knife",
    "whet": "whetstone",
    "basement": "cellar",
    "vintage": "wine",
    "piekarnik": "oven",
    "chleb": "bread",
    "nagrzać": "heating",
}
_GLUE = frozenset(re.findall(r"\w+", """
    a an and are as at be by can do does for from get has have how i in into is it its me my not
    of on or so that the their then there they this to was what when where which who why will with
    you your jak jest w na i co do się czy dlaczego jaka kto kiedy
"""))  # fmt: skip


def vector_of(text: str, size: int = 768, meanings: Mapping[str, str] = MEANINGS) -> list[float]:
    """A text as a vector of length 1.

    Args:
        text: any.
        size: how many values.
        meanings: what a word is taken for.
    """
    text = re.sub(r"^(?:task: search result \| query|title: none \| text): ", "", text)
    values = [0.0] * size
    for word in re.findall(r"\w+", text.lower()):
        if word in _GLUE:
            continue
        word = meanings.get(word, word)
        _add(values, word, 1.0)
        for start in range(len(word) - 3):
            _add(values, f"#{word[start : start + 4]}", 0.4)
    length = math.sqrt(math.fsum(value * value for value in values))
    if not length:  # no word at all: far from everything
        return [1.0] + [0.0] * (size - 1)
    return [value / length for value in values]


def _add(values: list[float], piece: str, weight: float) -> None:
    digest = hashlib.sha256(piece.encode()).digest()
    place = int.from_bytes(digest[:4], "big") % len(values)
    values[place] += weight if digest[4] % 2 else -weight
