"""What of a typed answer counts: the same words however they were typed.

Case, accents of Latin and Greek letters, quotes, full stops, hyphens inside words, a leading
article and `&` for "and" do not matter. Signs that carry meaning do: digits, `+ # % < > = / @`, a
minus before a number, a point between digits, superscripts.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

ARTICLES = frozenset({"a", "an", "the"})
_WRITTEN_ARTICLES = frozenset({"a", "an", "the", "The"})  # "A record" names a record of type A

_LETTER = r"[^\W\d_]"
_QUOTES = str.maketrans("‘’‚‛“”„‟′″´`«»‹›", '\'\'\'\'""""\'"\'\'""""')
_DASHES = str.maketrans("‐‑‒–—―−⁃﹣-", "----------")
_UNACCENTED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"}
)
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])", "\x00\\1\x00"),  # 1,024: commas go below
        (r"(?<!\w)((?:[A-Z]\.){2,}[A-Z]?)(?!\w)", "\x01\\1\x01"),  # U.S.A.: points go below
        (r"(?<=\w)'(?=\w)", ""),  # Rek'sai, don't
        (r"(?<!\d)['\"]", " "),
        (rf"(?<={_LETTER}{_LETTER})-(?=\w)", " "),  # Wi-Fi, UTF-8, but n-1 stays
        (rf"(?<={_LETTER})-(?={_LETTER})", " "),  # e-mail
        (rf"(?<=\d)-(?={_LETTER}{_LETTER})", " "),  # 3-way
        (rf"(?<={_LETTER}) +-+ +(?={_LETTER})", " "),
        (r"(?<=[\w)])\s*(?<!&)&(?!&)\s*(?=[\w(])", " and "),
        (r"\s*/\s*", "/"),
        (r"(?<=\d)\s+%", "%"),
        (rf"(?<={_LETTER})[,;](?={_LETTER})", " "),
        (r"[¡¿]", " "),
        (r"(?<=\s)\(([^()\d]*)\)", r" \1 "),
        (r"(?<!\d)[!?]+(?=\s|$)", " "),
        (r"[.,;:…]+(?=\s|$)", " "),
    )
)
_GROUPED = re.compile("\x00([^\x00]*)\x00")
_DOTTED = re.compile("\x01([^\x01]*)\x01")


@dataclass(frozen=True)
class Form:
    """An answer as words that can be compared.

    Attributes:
        tokens: the words, case folded, accents kept.
        core: the same without a leading article.
        capitals: the words of `core` that were written in capitals only, such as HTTPS.
    """

    tokens: tuple[str, ...]
    core: tuple[str, ...]
    capitals: frozenset[str]

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """`core` without accents."""
        return tuple(without_accents(token) for token in self.core)

    @cached_property
    def joined(self) -> str:
        """`plain` written as one word; a space stays between two digits."""
        return join(self.plain)

    @cached_property
    def joined_exact(self) -> str:
        """`core` written as one word, accents kept."""
        return join(self.core)


def join(tokens: tuple[str, ...]) -> str:
    """Words as one word, so that "hash map" equals "hashmap" but "1 24" is not "12 4"."""
    text = ""
    for token in tokens:
        text += " " + token if text[-1:].isdigit() and token[0].isdigit() else token
    return text


@lru_cache(maxsize=65_536)
def form(text: str, fold: bool = True) -> Form:
    """The comparable form of an answer.

    Args:
        text: an accepted answer or what was typed.
        fold: False keeps capitals apart.
    """
    written = _written(text)
    tokens = tuple((token.casefold() if fold else token) for token in written)
    start = 0
    if len(written) > 1 and written[0] in _WRITTEN_ARTICLES and len(written[1]) > 1:
        start = 1
    capitals = frozenset(
        folded
        for token, folded in zip(written, tokens, strict=True)
        if len(token) > 1 and token.isupper()
    )
    return Form(tokens, tokens[start:], capitals)


def without_article(given: Form) -> Form:
    """What a learner typed, without its article, however the article was written."""
    first, *rest = given.core or ("",)
    if first in ARTICLES and rest and len(rest[0]) > 1:
        return Form(given.tokens, tuple(rest), given.capitals)
    return given


def without_accents(token: str) -> str:
    """A word without the accents of Latin and Greek letters; other scripts keep their marks."""
    if token.isascii():
        return token
    kept: list[str] = []
    latin = False
    for character in unicodedata.normalize("NFD", token.translate(_UNACCENTED)):
        if unicodedata.combining(character):
            if not latin:
                kept.append(character)
            continue
        latin = unicodedata.name(character, "").startswith(("LATIN", "GREEK"))
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def literal(text: str) -> str:
    """Code as typed, without outer spaces, back-ticks and typographic quotes."""
    text = unicodedata.normalize("NFC", text).strip().strip("`").strip()
    return re.sub(r"\s+", " ", text.translate(_QUOTES).translate(_DASHES))


def _written(text: str) -> tuple[str, ...]:
    """The words of an answer before case is folded."""
    plain = _compatible(text).translate(_QUOTES).translate(_DASHES)
    plain = re.sub(r"\s+", " ", plain).strip()
    kept = plain
    for pattern, replacement in _STEPS:
        kept = pattern.sub(replacement, kept)
    kept = _GROUPED.sub(lambda found: found[1].replace(",", ""), kept)
    kept = _DOTTED.sub(lambda found: found[1].replace(".", ""), kept)
    return tuple(kept.split()) or tuple(plain.split())


def _compatible(text: str) -> str:
    """NFKC, but 2¹⁰ does not become 210 and 1½ does not become 11/2."""
    out: list[str] = []
    raised = False
    for character in text:
        decomposition = unicodedata.decomposition(character)
        if decomposition.startswith("<super>"):
            folded = unicodedata.normalize("NFKC", character)
            is_exponent = folded.isdigit() or folded in "+−-"
            out.append(folded if raised or not is_exponent else "^" + folded)
            raised = is_exponent
            continue
        raised = False
        if decomposition.startswith("<fraction>"):
            out.append(" " + unicodedata.normalize("NFKC", character).replace("⁄", "/"))
        elif unicodedata.category(character) != "Cf":
            out.append(character)
    return unicodedata.normalize("NFKC", "".join(out))
