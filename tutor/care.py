"""Notices when somebody is in danger or was hurt: then a person must be asked, and no model.

A small catalogue of phrases, made by hand (`tutor.care_phrases`). It looks for somebody who speaks
of themselves or of a person they know; that a process is killed, a child dies or a list commits
suicide is everyday talk of programmers. It misses much, and does not replace anybody's attention.
"""

import re
import unicodedata

from domain.errors import N_
from tutor.care_phrases import ENGLISH, GERMAN, POLISH, SPANISH

# Nothing here is true in one country only.
ANSWER = (
    N_("That sounds very hard. I am glad that you wrote it."),
    N_(
        "I am only a program, and this needs a person. Please talk to somebody you trust, today: "
        "a friend, a relative, a teacher or a doctor."
    ),
    N_("If anybody is in danger now, call the emergency number of the place where you are."),
    N_("I keep no copy of your words, and I sent them to nobody."),
    N_("If you meant something else, ask me again in other words."),
)

_READ = 5_000  # characters; a question has fewer
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
_STRING = re.compile(r"([(=,]\s*)(\"[^\"\n]*\"|'[^'\n]*')")
_APOSTROPHE = re.compile(r"['’‘`´]")
_SPACE = re.compile(r"[\s_*~]+")
_PHRASES = tuple(re.compile(phrase) for phrase in (*ENGLISH, *POLISH, *GERMAN, *SPANISH))


def needs_a_person(text: str) -> bool:
    """Whether somebody seems to be in danger, or to have been hurt; code and strings are no words.

    Args:
        text: a learner's words; only the beginning of a very long text is read.
    """
    words = _plain(text[:_READ])
    return any(phrase.search(words) for phrase in _PHRASES)


def _plain(text: str) -> str:
    """Small letters without marks, apostrophes and code; one space between words."""
    text = _STRING.sub(r"\1", _CODE.sub(" ", text))
    text = _APOSTROPHE.sub("", text.casefold()).replace("ł", "l")
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SPACE.sub(" ", bare).strip()
