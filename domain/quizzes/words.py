"""Words that a slip of the pen must not turn into one another.

`words.txt` holds English words of three letters or more with their regular forms, sorted by byte:
the lists "ENABLE" and "2of12" (12dicts), both placed in the public domain by their makers, Alan
Beale and M. Cooper.
`confusables.txt` is our own: each line is a set of words that differ in meaning. So is
`kinds.txt`: negations, numbers in letters, prefixes.
"""

from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import DamerauLevenshtein

_LEAST_STEM = 3
_LONGEST_PREFIX = len("counter")
_SLIPPED_STEM = 3  # both prefixes at least this long: their stems may differ by one slip
_ROMAN = frozenset("ivxlcdm")


@cache
def _text() -> bytes:
    return files(__package__).joinpath("words.txt").read_bytes()


@cache
def _sets() -> dict[str, frozenset[str]]:
    partners: dict[str, set[str]] = {}
    for line in _resource("confusables.txt").splitlines():
        members = line.partition("#")[0].split()
        for member in members:
            partners.setdefault(member, set()).update(members)
    return {word: frozenset(others - {word}) for word, others in partners.items()}


@cache
def _kind(name: str) -> frozenset[str]:
    return frozenset(word for group in _groups(name) for word in group)


@cache
def _groups(name: str) -> tuple[tuple[str, ...], ...]:
    lines = (line.split() for line in _resource("kinds.txt").splitlines())
    return tuple(tuple(line[1:]) for line in lines if line[:1] == [name])


@cache
def _prefixes() -> dict[str, int]:
    groups = enumerate(_groups("prefix"))
    return {prefix: number for number, group in groups for prefix in group}


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def partners(word: str) -> frozenset[str]:
    """Words that are easily taken for this one and mean something else."""
    return _sets().get(word, frozenset())


@lru_cache(maxsize=65_536)
def is_word(token: str) -> bool:
    """Whether a token is an English word."""
    return token in _sets() or _is_listed(token.encode())


def _is_listed(word: bytes) -> bool:
    """Binary search over the lines of the list: a set of it would take ten times the memory."""
    text = _text()
    low, high = 0, len(text)
    while low < high:
        start = text.rfind(b"\n", 0, (low + high) // 2) + 1
        end = text.find(b"\n", start)
        line = text[start:end]
        if line == word:
            return True
        if line < word:
            low = end + 1
        else:
            high = start
    return False


def is_roman(token: str) -> bool:
    """Whether a token is written with the letters of Roman numerals only."""
    return bool(token) and _ROMAN.issuperset(token)


def is_negation(token: str) -> bool:
    """Whether a token turns a sentence into its opposite."""
    return token in _kind("negation")


def is_number(token: str) -> bool:
    """Whether a token is a number or an ordinal written in letters."""
    return token in _kind("number")


def prefix_differs(accepted: str, typed: str) -> bool:
    """Whether two words are one stem under different prefixes, such as stable and unstable."""
    for first, first_stem in _readings(accepted):
        for second, second_stem in _readings(typed):
            if first == second or (_same_sense(first, second) and first != "" != second):
                continue
            slips = int(min(len(first), len(second)) >= _SLIPPED_STEM)
            distance = DamerauLevenshtein.distance(first_stem, second_stem, score_cutoff=slips)
            if distance <= slips:
                return True
    return False


def american(token: str) -> str:
    """British spellings of common endings as American ones, so that both are the same word."""
    for british, new in (
        ("isation", "ization"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ise", "ize"),
        ("yse", "yze"),
        ("ysed", "yzed"),
        ("our", "or"),
        ("oured", "ored"),
        ("tre", "ter"),
        ("ogue", "og"),
        ("lled", "led"),
        ("lling", "ling"),
        ("ence", "ense"),
    ):
        if token.endswith(british) and len(token) >= len(british) + 3:
            return token.removesuffix(british) + new
    return token


def _readings(word: str) -> list[tuple[str, str]]:
    """Each way to take a word apart: no prefix and the word, or a prefix and its stem."""
    lengths = range(1, min(_LONGEST_PREFIX, len(word) - _LEAST_STEM) + 1)
    prefixes = _prefixes()
    return [("", word)] + [(word[:n], word[n:]) for n in lengths if word[:n] in prefixes]


def _same_sense(first: str, second: str) -> bool:
    return _prefixes().get(first) == _prefixes().get(second)
