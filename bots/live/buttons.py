"""The buttons under a live round's messages."""

from bots.conversation.controls import control
from bots.conversation.dialogue import Button
from domain.live.phases import Round
from domain.live.scene import Scene


def button(scene: Scene, label: str, action: str, argument: object = "") -> Button:
    """A button of this round."""
    return Button(label, control(action, scene.live.id, str(argument)))


def stage_of(at: Round) -> str:
    """Names what a round is showing: "lobby", "3.question", "3.reveal".

    A button to go on carries it, so that it does nothing once the round has gone on.
    """
    if at.phase == "lobby":
        return "lobby"
    return f"{at.position}.{at.paused_in or at.phase}"
