"""The terminal's way out: notices for the learner who sits here, shown between replies."""

from dataclasses import replace

from bots.conversation.dialogue import Platform, Reply
from bots.terminal.screen import Screen
from domain.notifications.rules import Outcome


class TerminalSender:
    """Shows messages of one local learner on their screen.

    Args:
        name: the local learner; nobody else's messages are claimed.
        screen: where.
    """

    platform: Platform = "terminal"

    def __init__(self, name: str, screen: Screen) -> None:
        self.address: str | None = name
        self._screen = screen

    async def send(self, address: str, reply: Reply) -> Outcome:  # noqa: ARG002 - the protocol's
        """Show one message; its next steps as words, so that no shown button changes meaning."""
        steps = "  ".join(f"`{button.label}`" for button in reply.buttons)
        text = f"{reply.text}\n\n{steps}" if steps else reply.text
        self._screen.show(replace(reply, text=text, rows=()), ())
        return Outcome("sent")
