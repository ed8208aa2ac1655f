"""How a person answers the questions of `samples`: by typing, or by button."""

import re
from collections.abc import Awaitable, Callable

from tests.support.conversation import Person


def letters(screen: str) -> dict[str, str]:
    """The options on the screen: text to letter."""
    return {
        text: letter for letter, text in re.findall(r"^- ([A-Z])\. (.*)$", screen, re.MULTILINE)
    }


def numbers(screen: str) -> dict[str, str]:
    """The numbered items on the screen: text to number."""
    return {text: number for number, text in re.findall(r"^(\d+)\. (.*)$", screen, re.MULTILINE)}


ORDER = ["Physical", "Link", "Network", "Transport"]
PAIRS = {"SSH": "22", "DNS": "53", "HTTP": "80"}


async def answer_by_text(person: Person, screen: str) -> str:
    """Answer the question on the screen with what a person would type; the next screen."""
    if "routes packets" in screen:
        return await person.says(letters(screen)["Network"].lower())
    if "connection oriented" in screen:
        return await person.says("t")
    if "transport protocols" in screen:
        options = letters(screen)
        return await person.says(f"{options['TCP']} {options['IP']} {options['UDP']}".lower())
    if "switch learn" in screen:
        return await person.says("adresses")
    if "2^10" in screen:
        return await person.says("1,024 ms")
    if "Match" in screen:
        options, left = letters(screen), numbers(screen)
        return await person.says(
            " ".join(f"{left[side]}{options[right].lower()}" for side, right in PAIRS.items())
        )
    if "Bottom first" in screen:
        items = numbers(screen)
        return await person.says(" ".join(items[item] for item in ORDER))
    return await person.says("internet; TCP")


async def answer_by_button(person: Person, screen: str) -> str:
    """Answer the question on the screen with presses, and typed text where nothing else is."""
    if "routes packets" in screen:
        return await person.says(letters(screen)["Network"])
    if "connection oriented" in screen:
        return await person.says("True")
    if "transport protocols" in screen:
        options = letters(screen)
        for text in ("TCP", "ARP", "IP", "UDP", "ARP"):
            label = next(name for name in person.labels if name.endswith(f"] {options[text]}"))
            await person.types(label)
        return await person.says("Submit answer")
    if "switch learn" in screen:
        return await person.says("adresses")
    if "2^10" in screen:
        return await person.says("1024")
    if "Match" in screen:
        options = letters(screen)
        await person.types(options["80"])
        await person.types("Undo")
        for right in list(PAIRS.values())[:-1]:
            await person.types(options[right])
        return await person.says(options["80"])
    if "Bottom first" in screen:
        items = numbers(screen)
        await person.types(items["Transport"])
        await person.types("Undo")
        for item in ORDER:
            await person.types(items[item])
        return await person.says("Submit answer")
    await person.types("internet")
    return await person.says("TCP")


async def take(person: Person, slug: str, answer: Callable[..., Awaitable[str]]) -> str:
    """Start a quiz, answer everything, and hand in; the result."""
    screen = await person.says(f"/quiz {slug}")
    if "Start" in person.labels:
        screen = await person.says("Start")
    for _ in range(8):
        reply = await answer(person, screen)
        assert reply.startswith("Answer saved. You can change it until you hand in."), reply
        if "Next" not in person.labels:
            break
        screen = await person.says("Next")
    return await person.says("Hand in")
