"""A made-up language, and a learner who looks at everything, to find sentences left in English."""

import importlib.util
import re
import string
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from babel.messages.catalog import Catalog, Message

from bots.conversation.controls import parse
from bots.conversation.dialogue import Action, Press, Reply
from bots.conversation.vocabulary import VERBS
from bots.terminal.door import Door

ROOT = Path(__file__).parents[2]
# A course without a Latin letter: what is English on the screen does not come from it.
KOUTIA = ROOT / "tests" / "data" / "courses" / "koutia"
PSEUDO = "el"  # a language whose dates Babel writes without Latin letters either
_PLACEHOLDER = re.compile(r"(\{\w+\})")
_ACCENTS = str.maketrans(
    string.ascii_letters, "àƀçđéƒĝħîĵķļɱñöþɋŕšŧûṽŵẋýžÀɃÇĐÉƑĜĦÎĴĶĻḾÑÖÞɊŔŠŦÛṼŴẊÝŽ"
)
_ZONE = re.compile(r"\b[A-Z][A-Za-z]+(?:/[A-Za-z_]+)+")  # Europe/Warsaw
_WORD = re.compile(r"[A-Za-z]{2,}")
# What stays as it is: names of commands and settings, what code is made of, and Python's words.
TYPED = " ".join(" ".join((verb.line, *verb.examples, *verb.words)) for verb in VERBS)
PROPER = """
    Stoa UTC Warsaw Python XP MB KB KiB ms min en el pl double doble return def py txt
    koutia diplo exetasi terminal True False None full compact was never closed
"""
PLAIN = frozenset(_WORD.findall(TYPED + PROPER))


def load_collector() -> ModuleType:
    """The program behind `make texts`."""
    spec = importlib.util.spec_from_file_location("collector", ROOT / ".ci" / "texts.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(".ci/texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def accented(sentence: str) -> str:
    """The sentence without a Latin letter and 40 % longer; its placeholders are kept."""
    parts = _PLACEHOLDER.split(sentence)
    text = "".join(
        part if _PLACEHOLDER.fullmatch(part) else part.translate(_ACCENTS) for part in parts
    )
    return text + "é" * -(-4 * len(sentence) // 10)


def pseudo(template: Catalog, empty: Catalog) -> Catalog:
    """Every sentence of the template in the made-up language, added to `empty`."""
    for message in template:
        if message.id:
            one, many = forms(message)[0], forms(message)[-1]
            plural = (accented(one), *[accented(many)] * (empty.num_plurals - 1))
            empty.add(message.id, plural if message.pluralizable else accented(one))
    return empty


def forms(message: Message) -> tuple[str, ...]:
    """The English sentence, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def words(texts: Sequence[str]) -> set[str]:
    """The words of two or more Latin letters, without placeholders and names of time zones."""
    bare = (_ZONE.sub(" ", _PLACEHOLDER.sub(" ", text)) for text in texts)
    return {word for text in bare for word in _WORD.findall(text)}


class Explorer:
    """Somebody who types a script and then presses every button they have seen."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.replies: list[tuple[str, Reply]] = []  # what was done, and one answer to it
        self._seen: deque[str] = deque()

    async def says(self, line: str) -> Reply:
        """Type a line, or several sent together; the last reply."""
        return self._note(line, [reply async for reply in self.door.hear(line)])

    async def does(self, action: Action) -> Reply:
        """Press or upload; the last reply."""
        event = self.door._event(action)
        heard = [reply async for reply in self.door.router.answer(event)]
        for reply in heard:
            self.door._remember(reply)
        return self._note(str(action), heard)

    async def presses(self, action: str, last: bool = False) -> Reply:
        """Press the first (or last) button on the screen that does that."""
        found = [one.payload for one in self.door.buttons if parse(one.payload).action == action]
        return await self.does(Press(found[-1 if last else 0]))

    async def presses_everything(self, most: int, each: int = 2) -> None:
        """Press what was seen, first come first served.

        Args:
            most: presses altogether.
            each: presses of one kind of button with one argument.
        """
        pressed: Counter[str] = Counter()
        while self._seen and most:
            payload = self._seen.popleft()
            control = parse(payload)
            kind = f"{control.action} {control.argument}"
            if pressed[kind] < each and not re.search("settings (language|time) ", kind):
                pressed[kind] += 1
                most -= 1
                await self.does(Press(payload))

    def _note(self, done: str, heard: list[Reply]) -> Reply:
        for reply in heard:
            self.replies.append((done, reply))
            self._seen.extend(button.payload for button in reply.buttons if button.payload)
        return heard[-1]

    def shown(self) -> Iterator[tuple[str, str]]:
        """Every text that was on the screen, with what was done to get it."""
        for done, reply in self.replies:
            yield done, reply.text
            yield done, reply.notice
            yield from ((done, button.label) for button in reply.buttons)
            yield from ((done, file.alt) for file in reply.files)
            if reply.prompt:
                yield from ((done, reply.prompt.label), (done, reply.prompt.placeholder))
            for file in reply.files:
                if file.name.endswith("-log.txt"):
                    yield done, file.content.decode()


ANSWERS = ("???", "b", "a b", "7", "κουτι", "1a 2b", "1 2 3", "κουτί; δύο")
WRONG = "```python\ndef double(n):\n    print(n)\n    return n + 4\n```"
BROKEN = "```python\ndef doble(n):\n    return n\n```"
RIGHT = "```python\ndef double(n):\n    return n * 2\n```"
LINES = (
    "/progress", "/saved", "/learn", "/quiz", "/code", "/hint", "/save", "/streak",
    "/code koutia", "/learn τίποτα", "/courses τίποτα", "/courses", "/courses level:ωω",
    "/start c_koutia",
)  # fmt: skip
ASKED = (
    "/settings", "/settings time", "/help", "???", "warsaw",
    "/settings day 09:00", "/settings day 03:00",
    "/settings display huge", "/settings display compact", "/settings display full",
    "/settings ωω", "/settings language ωω", "/privacy", "/help", "/help learn", "/help ωω",
    "/ωω", "???", "/streak", "/streak why", "/progress", "/start", "/saved", "/code history",
    "/code submit", "/quiz 99", "/quiz ωω", "/quiz 3", "/stop",
    "/goal 20m", "/goal ωω", "/goal new 3 lessons by 2099-12-01", "/goal new 0 lessons",
    "/goal new 3 ωω", "/goal new", "???", "/goal", "/cards", "/cards add α | β", "/cards ωω",
    "/cards export csv", "/remind 20:00", "/remind ωω", "/remind quiet ωω", "/mute", "/mute ωω",
    "/badges", "/top", "/top week", "/top ωω", "/progress inbox", "/progress ωω", "/progress days",
    "/streak calendar", "/streak freeze", "/streak ωω", "/stop",
)  # fmt: skip


async def look_around(explorer: Explorer) -> None:
    """Go through the whole course, do everything wrongly once, then press every button."""
    for line in ("/start", *LINES):
        await explorer.says(line)
    await explorer.says("/learn koutia")
    await explorer.presses("lesson", last=True)
    await explorer.presses("save")
    await explorer.says("/help")
    await explorer.says("9 3 1")
    for line in ("/saved", "/learn"):
        await explorer.says(line)
    await explorer.presses("lesson.done")
    await explorer.presses("quiz.open")
    await explorer.says("/help")
    for _ in range(8):
        for line in ANSWERS:
            await explorer.says(line)
            if parse(explorer.door.buttons[0].payload).action in {"quiz.skip", "quiz.submit"}:
                await explorer.does(Press(explorer.door.buttons[0].payload))
    await explorer.says("/help")
    await explorer.says("/code koutia-diplo")
    await explorer.presses("code.give")
    for line in ("/help", "???", WRONG, BROKEN, RIGHT + "\n" + WRONG, "x = (", "/hint", RIGHT):
        await explorer.says(line)
    for line in ASKED:
        await explorer.says(line)
    await explorer.presses_everything(160)
