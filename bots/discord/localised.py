"""What commands and options are called and how they are explained, in each language. Pure."""

import re
from collections.abc import Mapping

from bots.conversation.texts import available, texts_for
from bots.discord import limits
from bots.discord.limits import cut
from domain.errors import N_

# Discord's names of languages that differ from ours. https://discord.com/developers/docs/reference
_LOCALES = {
    "en": ("en-US", "en-GB"),
    "es": ("es-ES", "es-419"),
    "pt": ("pt-BR",),
    "sv": ("sv-SE",),
    "zh": ("zh-CN",),
}
_AS_OURS = frozenset(
    {"id", "da", "de", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "ro", "fi", "vi", "tr", "cs"}
    | {"el", "bg", "ru", "uk", "hi", "th", "ja", "ko"}
)

HELPS: Mapping[str, str] = {
    "course": N_("A course; type the beginning of its name"),
    "quiz": N_("A quiz of your courses"),
    "challenge": N_("A challenge of your courses"),
    "words": N_("Words to look for"),
    "tag": N_("Only with this tag"),
    "level": N_("How hard it is"),
    "lang": N_("The language it is written in"),
    "domain": N_("Only from this part of the course"),
    "count": N_("How many"),
    "note": N_("A few words for yourself"),
    "zone": N_("Your city or time zone"),
    "time": N_("Hours and minutes, such as 03:00"),
    "code": N_("The code"),
    "question": N_("What you want to know, in your own words"),
    "command": N_("The name of a command"),
    "file": N_("A file"),
    "show": N_("What to show or do"),
    "set": N_("A set of cards"),
    "front": N_("The front of the card"),
    "back": N_("The back of the card"),
    "mode": N_("How points are given"),
    "teams": N_("How many teams"),
    "host time": N_("Seconds for a question"),
}
# Each way to write a command that has a word of its own.
WAYS: Mapping[str, str] = {
    "code list": N_("List the challenges of your courses"),
    "code history": N_("See what you have handed in"),
    "code submit": N_("Hand in a file"),
    "settings time": N_("Set your time zone"),
    "settings day": N_("Set the hour at which your day ends"),
    "settings language": N_("Choose a language"),
    "settings display": N_("Choose full or short messages"),
    "cards add": N_("Write a card of your own"),
    "cards import": N_("Bring in a deck from a file"),
    "cards export": N_("Get your cards as a file"),
    "streak why": N_("Read the rule of the streak"),
    "streak calendar": N_("See your days in a calendar"),
    "streak hide": N_("Hide your streak"),
    "streak show": N_("Show your streak again"),
    "streak weekends": N_("Take weekends off, or not"),
    "streak days": N_("Say on which days you learn"),
    "host list": N_("List the quizzes you can host"),
    "host here": N_("Play the open quiz in this channel too"),
    "host next": N_("Go on to the next question"),
    "host pause": N_("Pause the quiz"),
    "host resume": N_("Go on with a paused quiz"),
    "host stop": N_("End the quiz and keep the scores"),
    "goal new": N_("Set a goal with a date"),
    "goal off": N_("Go without a goal for each day"),
    "group check": N_("See what I may do in this channel"),
    "group host": N_("Say who may host quizzes"),
    "group language": N_("Choose the group's language"),
    "group channel": N_("Say where quizzes may be hosted"),
    "group board": N_("Switch the group's board on or off"),
    "group quiet": N_("Set hours in which I stay silent"),
}

# What options are called in other languages; the commands themselves keep the names /help lists.
NAMES: Mapping[str, str] = {
    "course": N_("course"),
    "quiz": N_("quiz"),
    "challenge": N_("challenge"),
    "words": N_("words"),
    "level": N_("level"),
    "lang": N_("lang"),
    "count": N_("count"),
    "note": N_("note"),
    "zone": N_("zone"),
    "time": N_("time"),
    "code": N_("code"),
    "question": N_("question"),
    "command": N_("command"),
    "file": N_("file"),
    "show": N_("show"),
    "set": N_("set"),
    "front": N_("front"),
    "back": N_("back"),
    "mode": N_("mode"),
    "teams": N_("teams"),
}
_NAME = re.compile(r"[-_'\w]{1,32}")
OPEN_HELP = N_("Open it, or choose")


def described(text: str) -> dict[str, str]:
    """A description in each language; English too, or Discord would fall back to another."""
    return {locale: cut(one, limits.COMMAND_TEXT) for locale, one in translated(text).items()}


def translated(text: str) -> dict[str, str]:
    """A sentence by Discord's names of the languages we speak."""
    return {
        locale: texts_for(language).say(text)
        for language in available()
        for locale in _locales(language)
    }


def all_locales() -> list[str]:
    """Discord's names of the languages we speak."""
    return [locale for language in available() for locale in _locales(language)]


def _locales(language: str) -> tuple[str, ...]:
    if language in _AS_OURS:
        return (language,)
    return _LOCALES.get(language, ())


def names_of(name: str) -> dict[str, str]:
    """An option's name in each language where the translation can be a name."""
    if name not in NAMES:
        return {}
    found = translated(NAMES[name])
    return {
        locale: word
        for locale, word in found.items()
        if _NAME.fullmatch(word) and word == word.lower()
    }
