"""A person at the terminal, as the other doors' people are: what a door must come up to."""

from datetime import timedelta

from bots.conversation.dialogue import Action, File, Press, Reply, Text, Upload
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from bots.terminal.plain import to_plain
from domain.clock import ManualClock
from tests.platforms import main_job
from tests.platforms.person import Screen, Seen, joined
from tests.platforms.state import State, state_of


class TerminalPerson:
    """A learner at the terminal, who does one thing a second.

    Everything is shown before a deed returns.
    """

    platform = "terminal"

    def __init__(self, door: Door, clock: ManualClock) -> None:
        self._door, self._clock = door, clock
        self.screen = Screen()

    @property
    def subject(self) -> str:
        """The local learner's name."""
        return self._door.name

    async def command(self, line: str) -> None:
        """Type a command."""
        self._clock.advance(timedelta(seconds=1))
        self._show([reply async for reply in self._door.hear(line)])

    async def press(self, label: str) -> None:
        """Press the button of that label, which must be there."""
        payload = next(one.payload for one in self._door.buttons if one.label == label)
        await self._do(Press(payload))

    async def types(self, text: str) -> None:
        """Type text, which may hold a whole code block."""
        await self._do(Text(text))

    async def says(self, text: str) -> None:
        """The same: a terminal has one place to type in."""
        await self._do(Text(text))

    async def sends_file(self, name: str, content: bytes, text: str = "") -> None:
        """Hand in a file."""
        await self._do(Upload((File(name, content),), text))

    async def _do(self, action: Action) -> None:
        self._clock.advance(timedelta(seconds=1))
        heard = [reply async for reply in self._door.router.answer(self._door._event(action))]
        for reply in heard:
            self._door._remember(reply)
        self._show(heard)

    def _show(self, replies: list[Reply]) -> None:
        parts = [part for reply in replies for part in (reply, *reply.more)]
        self.screen = joined(
            Screen(
                to_plain(part.text),
                tuple(button.label for button in part.buttons),
                tuple(Seen(file.name, file.content, file.alt) for file in part.files),
            )
            for part in parts
        )


async def main_job_state(services: Services, clock: ManualClock, name: str = "reference") -> State:
    """Play the main job at a terminal; the learner's state after it."""
    router = Router(services, receipts=False)
    person = TerminalPerson(Door(router, clock, name, services.settings.data_dir), clock)
    await main_job.play(person)
    return await state_of(services.database, person.platform, person.subject)
