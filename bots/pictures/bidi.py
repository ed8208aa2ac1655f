"""Names that are written from right to left, as a picture must draw them. Pure.

The font's plain layout puts one letter after another from the left. So runs of right-to-left
letters are turned round here, and Arabic letters take the form that their neighbours ask for. That
is enough for a name in a line that runs from the left; it is not the whole of Unicode's algorithm
(UAX 9). The forms are Unicode's own: each presentation form names its letter.
"""

import re
import unicodedata
from functools import lru_cache

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_DIGITS = frozenset({"EN", "AN"})  # belong to the letters before them, and are read from the left
_NEUTRAL = frozenset({"WS", "CS", "ES", "ET", "ON"})  # turned with what stands on both sides
_JOINS_RUN = _DIGITS | _NEUTRAL | {"NSM"}
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_FORMS = range(0xFE70, 0xFEFD)
_LIGATURES = range(0xFEF5, 0xFEFD)  # LAM with ALEF
_LAM = "\N{ARABIC LETTER LAM}"


def visual(line: str) -> str:
    """A line in the order in which its letters are drawn from the left."""
    if not any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in line):
        return line
    parts: list[str] = []
    run: list[str] = []
    for one in _joined(line):
        kind = unicodedata.bidirectional(one)
        if kind in _RIGHT_TO_LEFT or (run and kind in _JOINS_RUN):
            run.append(one)
            continue
        parts += [*_turned(run), one]
        run = []
    return "".join((*parts, *_turned(run)))


def _turned(run: list[str]) -> list[str]:
    """A run from right to left; what stands at its end between letters stays where it was."""
    after: list[str] = []
    while run and unicodedata.bidirectional(run[-1]) in _NEUTRAL:
        after.insert(0, run.pop())
    turned = "".join(_marks_last(run[::-1]))
    return [_NUMBER.sub(lambda found: found[0][::-1], turned), *after]


def _marks_last(turned: list[str]) -> list[str]:
    """A mark stands after the letter that it belongs to, also in a run that was turned."""
    found: list[str] = []
    marks: list[str] = []
    for one in turned:
        if unicodedata.combining(one):
            marks.insert(0, one)
        else:
            found += [one, *marks]
            marks = []
    return found + marks


def _joined(line: str) -> str:
    """Arabic letters in the forms that join them to their neighbours."""
    forms = _forms()
    letters = list(line)
    shown: list[str] = []
    skip = False
    for place, one in enumerate(letters):
        if skip:
            skip = False
            continue
        before = _joins_on(letters[place - 1]) if place else False
        following = letters[place + 1] if place + 1 < len(letters) else ""
        if one == _LAM and (_LAM + following) in forms:
            own, skip = forms[_LAM + following], True
            shown.append(own.get("final" if before else "isolated", one))
            continue
        own = forms.get(one, {})
        after = "initial" in own and bool(forms.get(following))
        name = {
            (True, True): "medial",
            (True, False): "final",
            (False, True): "initial",
            (False, False): "isolated",
        }[(before and "final" in own, after)]
        shown.append(own.get(name, one))
    return "".join(shown)


def _joins_on(letter: str) -> bool:
    """Whether a letter reaches out to the one after it."""
    return "initial" in _forms().get(letter, {})


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """For each Arabic letter (and LAM with ALEF) its forms by name, from Unicode's own data."""
    found: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        name, *letters = unicodedata.decomposition(chr(code)).split() or ("",)
        if name in {"<isolated>", "<initial>", "<medial>", "<final>"}:
            key = "".join(chr(int(letter, 16)) for letter in letters)
            if len(key) == 1 or code in _LIGATURES:
                found.setdefault(key, {})[name.strip("<>")] = chr(code)
    return found
