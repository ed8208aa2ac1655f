"""Whether a typed answer is an accepted one, misspelled or not.

The rule is made so that no different answer is ever taken for the accepted one; see
docs/answer-matching.md for the rule in words and `benchmarks/matcher.py` for its error rates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import DamerauLevenshtein

from domain.errors import N_
from domain.quizzes import words
from domain.quizzes.normalise import (
    Form,
    form,
    join,
    literal,
    without_accents,
    without_article,
)

Verdict = Literal["right", "close", "wrong"]

SAME = N_("The same answer.")
MISSPELLED = N_("The same answer, with a slip of the pen.")
NOTHING = N_("Nothing was typed.")
CAPITALS = N_("Only capital letters differ, and they matter here.")
OTHER_ANSWER = N_("That is another answer.")
OTHER_NUMBER = N_("A number is different.")
OTHER_ORDER = N_("The words are in another order.")
OTHER_SENSE = N_("A word says something else.")
ANOTHER_WORD = N_("Nearly the same, but one word is another word.")
AS_NEAR = N_("Nearly the same, but another answer is as near.")
TOO_MANY_SLIPS = N_("Nearly the same, but too many letters differ.")
DIFFERENT = N_("The answer is different.")

ONE_SLIP_FROM = 5  # letters in the accepted answer
TWO_SLIPS_FROM = 10
_WORD_FROM = 4  # letters; a shorter word may only have letters swapped or doubled
_TURNED_FROM = 3
_CAPITALS_TO = 6  # a word in capitals up to this long is an abbreviation, matched exactly


@dataclass(frozen=True, slots=True)
class Match:
    """What a typed answer is worth.

    Attributes:
        verdict: "right"; "close": not right, but worth saying "so close"; or "wrong".
        reason: why, as an English sentence marked for translation.
        answer: the accepted answer it was compared with; it belongs to the key.
    """

    verdict: Verdict
    reason: str
    answer: str


class Vocabulary:
    """The answers that are known: a slip must not lead to any of them.

    Args:
        answers: every accepted answer and every option of the bank; the accepted answers of the
            question itself may be among them.
    """

    def __init__(self, answers: Iterable[str] = ()) -> None:
        forms = {without_article(form(answer)) for answer in answers}
        self.exact = frozenset(known.joined_exact for known in forms)
        self.plain: dict[str, frozenset[str]] = {}
        self.spaced: dict[int, set[str]] = {}
        for known in forms:
            versions = self.plain.get(known.joined, frozenset())
            self.plain[known.joined] = versions | {known.joined_exact}
            spaced = " ".join(known.plain)
            self.spaced.setdefault(len(spaced), set()).add(spaced)
        self.tokens = frozenset(token for known in forms for token in known.plain)

    def within(self, text: str, distance: int, besides: frozenset[str]) -> bool:
        """Whether an answer is at most so many slips from the text.

        Args:
            text: words with single spaces.
            distance: how many slips.
            besides: answers to leave out, written without spaces.
        """
        for length in range(len(text) - distance, len(text) + distance + 1):
            for known in self.spaced.get(length, ()):
                if (
                    DamerauLevenshtein.distance(text, known, score_cutoff=distance) <= distance
                    and known.replace(" ", "") not in besides
                ):
                    return True
        return False


_NOTHING_KNOWN = Vocabulary()


def match(
    typed: str,
    accepted: Sequence[str],
    *,
    others: Iterable[str] = (),
    vocabulary: Vocabulary = _NOTHING_KNOWN,
    case: bool = False,
    fuzzy: bool = True,
    code: bool = False,
) -> Match:
    """Compare a typed answer with the accepted ones.

    Args:
        typed: as it came.
        accepted: at least one.
        others: answers known to be different, such as the distractors of this question.
        vocabulary: the answers of the whole bank, prepared once.
        case: capitals matter; nothing is forgiven then but punctuation and spaces.
        fuzzy: whether a slip of the pen may pass.
        code: the answer is code: every character matters.
    """
    if code:
        return _match_code(typed, accepted)
    given = form(typed, fold=not case)
    if not given.tokens:
        return Match("wrong", NOTHING, accepted[0])
    wanted = [(form(answer, fold=not case), answer) for answer in accepted]
    if case:
        return _match_capitals(given, wanted)
    known = (vocabulary, Vocabulary(others))
    if decided := _match_exactly(given, wanted, known):
        return decided
    if not fuzzy:
        return Match("wrong", DIFFERENT, accepted[0])
    given = without_article(given)
    besides = frozenset("".join(want.plain) for want, _ in wanted)
    found = [_match_misspelled(given, want, answer, known, besides) for want, answer in wanted]
    return min(found, key=lambda one: ("right", "close", "wrong").index(one.verdict))


def _match_code(typed: str, accepted: Sequence[str]) -> Match:
    given = literal(typed)
    for answer in accepted:
        if given == literal(answer):
            return Match("right", SAME, answer)
    for answer in accepted:
        if given.casefold() == literal(answer).casefold():
            return Match("close", CAPITALS, answer)
    return Match("wrong", DIFFERENT if given else NOTHING, accepted[0])


def _match_capitals(given: Form, wanted: Sequence[tuple[Form, str]]) -> Match:
    for want, answer in wanted:
        if given.joined_exact == want.joined_exact:
            return Match("right", SAME, answer)
    for want, answer in wanted:
        if given.joined_exact.casefold() == want.joined_exact.casefold():
            return Match("close", CAPITALS, answer)
    return Match("wrong", DIFFERENT, wanted[0][1])


def _match_exactly(
    given: Form, wanted: Sequence[tuple[Form, str]], known: Sequence[Vocabulary]
) -> Match | None:
    """The answer letter by letter; accents and the article may go where nothing else is meant."""
    own = {want.joined_exact for want, _ in wanted}
    own_plain = {want.joined for want, _ in wanted}
    bare = without_article(given)
    for view in (Form(given.tokens, given.tokens, given.capitals), bare):
        for want, answer in wanted:
            if view.joined_exact in {want.joined_exact, join(want.tokens)}:
                return Match("right", SAME, answer)
        if any(view.joined_exact in vocabulary.exact for vocabulary in known):
            return Match("wrong", OTHER_ANSWER, wanted[0][1])
    for want, answer in wanted:
        if bare.joined == want.joined:
            twins = [vocabulary.plain.get(bare.joined, frozenset()) - own for vocabulary in known]
            if any(twins):
                return Match("close", AS_NEAR, answer)
            return Match("right", SAME, answer)
        if _american(bare) == _american(want):
            return Match("right", SAME, answer)
    if (
        any(bare.joined in vocabulary.plain for vocabulary in known)
        and bare.joined not in own_plain
    ):
        return Match("wrong", OTHER_ANSWER, wanted[0][1])
    return None


def _match_misspelled(
    given: Form, want: Form, answer: str, known: Sequence[Vocabulary], besides: frozenset[str]
) -> Match:
    """One accepted answer against a typed one that is not equal to it."""
    if sorted(given.tokens) == sorted(want.tokens):
        return Match("wrong", OTHER_ORDER, answer)
    if reason := _says_something_else(given.plain, want.plain):
        return Match("wrong", reason, answer)
    text, target = " ".join(given.plain), " ".join(want.plain)
    letters = sum(character.isalpha() for character in target)
    budget = (letters >= ONE_SLIP_FROM) + (letters >= TWO_SLIPS_FROM)
    slips = _slips(given.plain, want.plain, want.capitals)
    if slips is None or slips > budget:
        near = max(1, letters // 4)
        distance = DamerauLevenshtein.distance(text, target, score_cutoff=near)
        if distance <= near and letters >= _WORD_FROM:
            return Match("close", TOO_MANY_SLIPS, answer)
        return Match("wrong", DIFFERENT, answer)
    for wrote, meant in zip(given.plain, want.plain, strict=True):
        if wrote != meant and (
            words.is_word(wrote) or any(wrote in vocabulary.tokens for vocabulary in known)
        ):
            return Match("close", ANOTHER_WORD, answer)
    if any(vocabulary.within(text, slips, besides) for vocabulary in known):
        return Match("close", AS_NEAR, answer)
    return Match("right", MISSPELLED, answer)


def _says_something_else(given: Sequence[str], want: Sequence[str]) -> str:
    """The reason why these words cannot be a misspelling of those; "" when they can."""
    if _with_digits(given) != _with_digits(want):
        return OTHER_NUMBER
    if [*filter(words.is_negation, given)] != [*filter(words.is_negation, want)]:
        return OTHER_SENSE
    if len(given) != len(want):
        return ""
    for wrote, meant in zip(given, want, strict=True):
        if wrote == meant:
            continue
        if words.is_number(wrote) and words.is_number(meant):
            return OTHER_NUMBER
        if words.is_roman(wrote) and words.is_roman(meant):
            return OTHER_NUMBER
        if wrote in words.partners(meant) or words.prefix_differs(meant, wrote):
            return OTHER_SENSE
        nearest = DamerauLevenshtein.distance(wrote, meant)
        for partner in words.partners(meant):
            if DamerauLevenshtein.distance(wrote, partner, score_cutoff=nearest) <= nearest:
                return OTHER_SENSE
    return ""


def _slips(given: Sequence[str], want: Sequence[str], capitals: frozenset[str]) -> int | None:
    """How many letters were slipped on, word by word; None when a word may not be slipped on."""
    if len(given) != len(want):
        return None
    total = 0
    for wrote, meant in zip(given, want, strict=True):
        if wrote == meant:
            continue
        if not (_is_spelled(wrote) and _is_spelled(meant)):
            return None
        if meant in capitals and len(meant) <= _CAPITALS_TO:
            return None
        slips = DamerauLevenshtein.distance(wrote, meant)
        if len(meant) < _WORD_FROM and not (
            len(meant) >= _TURNED_FROM and slips == 1 and set(wrote) == set(meant)
        ):
            return None
        if slips > 1 and (len(meant) < TWO_SLIPS_FROM or wrote[0] != meant[0]):
            return None
        total += slips
    return total


def _is_spelled(token: str) -> bool:
    """Whether a token is a word of an alphabet, where a slip of one letter can be seen."""
    return token.isalpha() and all(
        "a" <= letter <= "z" or "Ͱ" <= letter <= "ӿ" for letter in without_accents(token)
    )


def _with_digits(tokens: Sequence[str]) -> str:
    return " ".join(token for token in tokens if any(character.isdigit() for character in token))


def _american(given: Form) -> tuple[str, ...]:
    return tuple(words.american(token) for token in given.plain)
