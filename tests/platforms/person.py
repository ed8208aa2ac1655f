"""A person in front of a screen, whatever the platform: what they do and what they see."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

PATIENCE = 30.0  # seconds; the tests' machine may be busy


@dataclass(frozen=True, slots=True)
class Seen:
    """A file on the screen; `alt` is what is read aloud instead of a picture."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """What has appeared, or was drawn anew, since the person last did something.

    Args:
        text: plain words as they are read, without the platform's marks; one message after another.
        labels: of the buttons that can be pressed there, in order.
        files: that came with it.
    """

    text: str = ""
    labels: tuple[str, ...] = ()
    files: tuple[Seen, ...] = ()

    @property
    def letters(self) -> dict[str, str]:
        """The lettered options: text to letter."""
        return _marked(r"[A-Z]", self.text)

    @property
    def numbers(self) -> dict[str, str]:
        """The numbered things: text to number."""
        return _marked(r"\d+", self.text)

    def label(self, ending: str) -> str:
        """The one label that ends with something.

        Raises:
            AssertionError: there is none, or there are several.
        """
        found = [label for label in self.labels if label.endswith(ending)]
        assert len(found) == 1, f"{ending!r} among {self.labels}"
        return found[0]


class Person(Protocol):
    """Somebody with one account on one platform. Each deed returns once it has been delivered.

    What comes of it may take a while: `sees` waits for it.
    """

    @property
    def platform(self) -> str:
        """As in `Actor.platform`."""

    @property
    def subject(self) -> str:
        """Their account's id, as in `Actor.subject`."""

    @property
    def screen(self) -> Screen:
        """What they see at the moment."""

    async def command(self, line: str) -> None:
        """Give a command as this platform takes commands: "/learn python"."""

    async def press(self, label: str) -> None:
        """Press the newest button of that label which can be seen."""

    async def types(self, text: str) -> None:
        """Type into the field that the screen offers (a modal, a forced reply), if there is one.

        Otherwise it is an ordinary message.
        """

    async def says(self, text: str) -> None:
        """Send an ordinary message, whatever fields there are."""

    async def sends_file(self, name: str, content: bytes, text: str = "") -> None:
        """Send a file with words beside it."""


async def sees(person: Person, *words: str, patience: float = PATIENCE) -> Screen:
    """Wait until all these words stand on the screen; the screen.

    Raises:
        AssertionError: they did not come; the message holds what was there instead.
    """
    end = asyncio.get_running_loop().time() + patience
    while missing := [word for word in words if word not in person.screen.text]:
        if asyncio.get_running_loop().time() > end:
            there = person.screen
            raise AssertionError(f"waited for {missing}; there is:\n{there.text}\n{there.labels}")
        await asyncio.sleep(0.01)
    return person.screen


async def sees_label(person: Person, label: str, patience: float = PATIENCE) -> Screen:
    """Wait until a button of that label stands on the screen; the screen."""
    end = asyncio.get_running_loop().time() + patience
    while label not in person.screen.labels:
        if asyncio.get_running_loop().time() > end:
            there = person.screen
            raise AssertionError(f"no {label!r}; there is:\n{there.text}\n{there.labels}")
        await asyncio.sleep(0.01)
    return person.screen


def joined(screens: Iterable[Screen]) -> Screen:
    """Several messages as one screen."""
    parts = list(screens)
    return Screen(
        "\n".join(part.text for part in parts if part.text),
        tuple(label for part in parts for label in part.labels),
        tuple(file for part in parts for file in part.files),
    )


def _marked(mark: str, text: str) -> dict[str, str]:
    found = re.findall(rf"^[^\w\n]*({mark})\. (.*)$", text, re.MULTILINE)
    return {words.strip(): sign for sign, words in found}
