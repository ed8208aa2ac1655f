"""What Tab offers: commands, their words, courses, time zones, buttons, and paths of files."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from zoneinfo import available_timezones

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bots.conversation.vocabulary import BY_NAME, VERBS
from bots.terminal.door import WITH_FILES, Door
from bots.terminal.safe import visible
from domain.identity.rules import CONTINENTS

MOST_PATHS = 200  # entries offered from one folder
OWN_COMMANDS = (
    ("show", "Show what a spoiler hides"),
    ("quit", "Leave"),
)
_COURSE_VERBS = frozenset({"learn", "courses"})
_NEEDS_QUOTING = re.compile(r"([^\w@%+=:,./~-])")
_LAST_WORD = re.compile(r"(?:[^\s\\]|\\.)*\\?$", re.DOTALL)
Course = tuple[str, str]


class Words(Completer):
    """Completes what can be typed next.

    Args:
        door: knows which buttons are on the screen.
        courses: the slugs and titles of the courses, as far as they are known.
    """

    def __init__(self, door: Door, courses: Callable[[], Sequence[Course]]) -> None:
        self._door = door
        self._courses = courses

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """What the text before the cursor may become."""
        text = document.text_before_cursor
        if "\n" in text or self._door.in_block:
            return
        if text.startswith("/"):
            verb, space, rest = text[1:].partition(" ")
            yield from self._arguments(verb.lower(), rest) if space else _verbs(text)
        elif text or complete_event.completion_requested:
            for button in self._door.buttons:
                if button.label.casefold().startswith(text.casefold()):
                    yield Completion(visible(button.label), start_position=-len(text))

    def _arguments(self, verb: str, rest: str) -> Iterator[Completion]:
        word, space, path = rest.partition(" ")
        if space and (verb, word) in WITH_FILES:
            yield from _paths(path)
        elif verb == "settings" and rest.startswith("time "):
            yield from _zones(rest.removeprefix("time "))
        elif verb == "help":
            yield from _beginning(rest, ((one.name, one.summary) for one in VERBS))
        elif verb in BY_NAME:
            yield from _beginning(rest, ((word, "") for word in BY_NAME[verb].words))
            if verb in _COURSE_VERBS:
                yield from _beginning(rest, self._courses())


def _verbs(text: str) -> Iterator[Completion]:
    for name, summary in (*((verb.name, verb.summary) for verb in VERBS), *OWN_COMMANDS):
        if f"/{name}".startswith(text.lower()):
            yield Completion(f"/{name}", start_position=-len(text), display_meta=summary)


def _beginning(typed: str, words: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    for word, meaning in words:
        if word.startswith(typed.lower()):
            yield Completion(word, start_position=-len(typed), display_meta=visible(meaning))


def _zones(typed: str) -> Iterator[Completion]:
    """Zones whose name, or whose city's name, begins like this."""
    wish = typed.replace(" ", "_").casefold()
    for zone in sorted(zone for zone in available_timezones() if zone.startswith(CONTINENTS)):
        name = zone.casefold()
        if name.startswith(wish) or name.rpartition("/")[2].startswith(wish):
            yield Completion(zone, start_position=-len(typed))


def _paths(typed: str) -> Iterator[Completion]:
    """Paths that continue the last word; what a shell would treat specially gets a backslash."""
    quoted = re.search(r"(?:^|\s)([\"'])([^\"']*)$", typed)
    word = quoted[2] if quoted else _LAST_WORD.search(typed)[0]  # type: ignore[index]
    plain = word if quoted else re.sub(r"\\(.)", r"\1", word)
    folder, _, beginning = plain.rpartition("/")
    place = Path(os.path.expanduser(f"{folder}/" if "/" in plain else "."))  # noqa: PTH111
    try:
        with os.scandir(place) as entries:
            found = sorted((one.name, one.is_dir()) for one in entries)[: MOST_PATHS * 10]
    except OSError:
        return
    hits = [one for one in found if one[0].startswith(beginning) and _is_offered(*one, beginning)]
    for name, is_folder in hits[:MOST_PATHS]:
        shown = name + ("/" if is_folder else "")
        ending = shown[len(beginning) :]
        safe = ending if quoted else _NEEDS_QUOTING.sub(r"\\\1", ending)
        yield Completion(safe, start_position=0, display=visible(shown))


def _is_offered(name: str, is_folder: bool, beginning: str) -> bool:
    hidden = name.startswith(".") and not beginning.startswith(".")
    return not hidden and name.isprintable() and (is_folder or not name.endswith((".pyc", "~")))
