"""The cases of the matcher's benchmark: word lists, misspellings, and answers easily confused.

Nothing here uses the matcher's own code, except `Vocabulary`, which carries the known answers.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product
from pathlib import Path

from babel import Locale
from rapidfuzz import fuzz, process

from domain.quizzes.matching import Vocabulary

DATA = Path(__file__).parent / "data" / "matcher"
COURSES = Path(__file__).parent.parent / "courses"
NO_BANK = "in no bank **"  # the other answer is not known: reported, not part of the aim
OPTIONS = "course options"  # chosen, never typed: in the wrong pairs only
NO_BANK_NEAREST = 8


def lines(name: str) -> list[str]:
    """The lines of a word list without its remarks."""
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


NEIGHBOURS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        lines("neighbours"),
        strict=True,
    )
)
ROMAN = lines("roman")
NUMERALS = lines("numerals")


@dataclass(frozen=True)
class Case:
    """A typed answer beside an accepted one; `known` are the other answers of the bank."""

    group: str
    typed: str
    accepted: str
    known: Vocabulary
    distractors: tuple[str, ...] = ()


def word_lists() -> dict[str, list[str]]:
    """All lists of answers that differ from one another, by name."""
    english = Locale("en")
    countries = [name for code, name in english.territories.items() if len(code) == 2]
    found = {
        "country": countries,
        "capital": lines("capitals"),
        "language": [name for name in english.languages.values() if len(name) <= 40],
        "element": lines("elements"),
        "networking": lines("networking"),
        "python": lines("python"),
        "opposites": [word for line in lines("opposites") for word in line.split(" ", 1)],
    }
    found["course answers"] = shipped_answers(r"= (.+)")
    found[OPTIONS] = shipped_answers(r"(?:= |(?:\d+\.|-) (?:\[[ x]\] )?)(.+)")
    return {name: list(dict.fromkeys(answers)) for name, answers in found.items()}


def shipped_answers(pattern: str) -> list[str]:
    """Answers of up to five words in the questions of the shipped courses."""
    answers: list[str] = []
    for path in sorted(COURSES.glob("**/*.md")):
        if not path.name.endswith((".quiz.md", ".bank.md")):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(pattern, line)
            if found and re.fullmatch(r"[^\W\d_]{3,}(?: [^\W\d_]+){0,4}", found[1].strip()):
                answers.append(found[1].strip())
    folded: dict[str, str] = {}
    for answer in answers:
        folded.setdefault(answer.casefold(), answer)
    return list(folded.values())


def misspellings(answer: str, chance: random.Random, each: int) -> Iterator[str]:
    """One-slip misspellings: two letters turned, one left out, doubled, or its neighbour hit."""
    made: dict[str, set[str]] = defaultdict(set)
    for place, letter in enumerate(answer):
        if not letter.isalpha():
            continue
        before, after = answer[:place], answer[place + 1 :]
        made["drop"].add(before + after)
        made["double"].add(before + letter + letter + after)
        if after[:1].isalpha() and after[0].casefold() != letter.casefold():
            made["turn"].add(before + after[0] + letter + after[1:])
        for key in NEIGHBOURS.get(letter.lower(), ""):
            made["neighbour"].add(before + key + after)
    for kind in sorted(made):
        slips = sorted(made[kind] - {answer})
        yield from chance.sample(slips, min(each, len(slips)))


def letters(text: str) -> int:
    """How many letters an answer has."""
    return sum(character.isalpha() for character in text)


def misspelled(
    lists: dict[str, list[str]], chance: random.Random, each: int
) -> Iterator[tuple[str, Case]]:
    """Misspellings of every answer of five letters or more, with their list's name."""
    for name, answers in lists.items():
        known = Vocabulary(answers)
        taken = {answer.casefold() for answer in answers}
        for answer in answers:
            if letters(answer) < 5 or name == OPTIONS:
                continue
            for typed in misspellings(answer, chance, each):
                if typed.casefold() not in taken:
                    yield name, Case(length_group(answer), typed, answer, known)


def length_group(answer: str) -> str:
    """The column of an answer in the table of recall."""
    count = letters(answer)
    return "5-6" if count < 7 else "7-9" if count < 10 else "10+"


def wrong_from_lists(
    lists: dict[str, list[str]], chance: random.Random, nearest: int
) -> Iterator[Case]:
    """The nearest different answers of one list: as they are, misspelled, and as distractors."""
    for name, answers in lists.items():
        known = Vocabulary(answers)
        for answer in answers:
            rows = process.extract(answer, answers, scorer=fuzz.ratio, limit=nearest + 1)
            for place, (other, _, _) in enumerate(rows):
                if other.casefold() == answer.casefold() or is_same(other, answer):
                    continue
                yield Case(name, other, answer, known)
                if place <= NO_BANK_NEAREST:
                    yield Case(NO_BANK, other, answer, Vocabulary())
                if place <= 3:
                    yield Case("distractor only", other, answer, Vocabulary(), (other,))
                    slipped = next(misspellings(other, chance, 1), "")
                    if slipped and slipped.casefold() != answer.casefold():
                        yield Case("misspelled other", slipped, answer, known)


def is_same(first: str, second: str) -> bool:
    """Whether a list has one answer in two spellings: article, spaces, hyphens, capitals."""
    plain = [re.sub(r"^(the|an?) |[\W_]+", "", text.casefold()) for text in (first, second)]
    return plain[0] == plain[1]


def wrong_unknown(chance: random.Random, count: int) -> Iterator[Case]:
    """Different answers that no bank names: only the rule itself can refuse them."""
    none = Vocabulary()
    for line in lines("opposites"):
        for first, second in permutations(line.split(" ", 1)):
            for frame in ("{}", "the {} one", "{} value of the field"):
                yield Case("opposites", frame.format(second), frame.format(first), none)
    for line in lines("adjectives"):
        prefix, *stems = line.split()
        for stem, frame in product(stems, ("{}", "an {} link", "is {}")):
            plain, negated = frame.format(stem), frame.format(prefix + stem)
            yield Case("negation", negated, plain, none)
            yield Case("negation", plain, negated, none)
            yield Case("negation", frame.format("not " + stem), plain, none)
            slipped = next(misspellings(negated, chance, 1))
            yield Case("negation", slipped, plain, none)
    for frame in ("World War {}", "Henry {}", "Type {} error", "chapter {} of the book"):
        for first, second in permutations(ROMAN, 2):
            yield Case("roman", frame.format(second), frame.format(first), none)
    for frame in ("{}", "layer {} of the model", "the {} rule", "{} bits"):
        for first, second in permutations(NUMERALS, 2):
            yield Case("number words", frame.format(second), frame.format(first), none)
    for phrase in lines("phrases"):
        words = phrase.split()
        for order in {tuple(chance.sample(words, len(words))) for _ in range(40)}:
            if order != tuple(words):
                yield Case("word order", " ".join(order), phrase, none)
    for frame in ("{}", "Python 3.{}", "port {}", "192.168.{}.1", "{} hosts", "RFC {}", "-{}"):
        for _ in range(count):
            number = str(chance.randrange(1, 70_000))
            for typed in {*number_slips(number, chance)} - {number}:
                yield Case("numbers", frame.format(typed), frame.format(number), none)


def wrong_words(chance: random.Random, count: int) -> Iterator[Case]:
    """English words one slip from one another; two spellings of one word are left out."""
    words = (COURSES.parent / "domain" / "quizzes" / "words.txt").read_text().split()
    listed, none = frozenset(words), Vocabulary()
    for word in chance.sample([word for word in words if 5 <= len(word) <= 13], count):
        for typed in sorted(one_edit(word) & listed):
            if spelling(typed) != spelling(word):
                yield Case("English words", typed, word, none)


def one_edit(word: str) -> set[str]:
    """Every text that one added, lost, changed or turned letter makes of a word."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    made = {left + letter + right for left, right in cuts for letter in alphabet}
    made |= {left + letter + right[1:] for left, right in cuts if right for letter in alphabet}
    made |= {left + right[1:] for left, right in cuts if right}
    made |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    return made - {word}


def spelling(word: str) -> str:
    """A word without the differences between British and American spelling."""
    word = re.sub("our", "or", word.replace("s", "z"))
    word = re.sub("ence$", "enze", word)  # licence and license
    return re.sub("re$", "er", re.sub("ll(?=ed|ing)", "l", word))


def number_slips(number: str, chance: random.Random) -> Iterator[str]:
    """Numbers that look like this one."""
    place = chance.randrange(len(number))
    yield number + "0"
    yield number[:place] + number[place + 1 :] or "0"
    yield number[:place] + chance.choice("0123456789") + number[place + 1 :]
    yield number[:place] + chance.choice("123456789") + number[place:]
    yield number[:place] + number[place : place + 2][::-1] + number[place + 2 :]
    yield "-" + number
