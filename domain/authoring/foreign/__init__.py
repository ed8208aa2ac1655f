"""Question files of other programs: GIFT, Aiken, and the trivia lists of Red.

Real files are messy. A reader keeps what it understands and says of everything else on which line
it stands and why it was left out; it never stops at the first fault and never guesses a key.
"""

from collections.abc import Callable, Mapping

from domain.authoring.foreign.aiken import read_aiken
from domain.authoring.foreign.encodings import decode
from domain.authoring.foreign.found import Found, Harvest, Skipped
from domain.authoring.foreign.gift import read_gift
from domain.authoring.foreign.red import read_red

__all__ = ["FORMATS", "Found", "Harvest", "Skipped", "read"]

FORMATS: Mapping[str, Callable[[str], Harvest]] = {
    "gift": read_gift,
    "aiken": read_aiken,
    "red": read_red,
}


def read(content: bytes, form: str) -> Harvest:
    """Read the bytes of a file.

    Args:
        content: at most 20 MB.
        form: a key of `FORMATS`.

    Raises:
        Refusal: too large, or not text.
    """
    text, encoding = decode(content)
    harvest = FORMATS[form](text)
    harvest.encoding = encoding
    harvest.skipped.sort()
    return harvest
