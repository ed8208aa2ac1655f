"""What a chat shows of a round: lobby, question, answer, end. Pure: a scene in, a reply out.

Before a question is closed nothing here looks at its key: a question is drawn from its public view.
Names are of people who joined a quiz that everybody in the chat can see; who answered what is not
told, and who was right only after the question is closed.
"""

from dataclasses import dataclass

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.live.answers import answer
from bots.live.asking import question, rest
from bots.live.boards import end
from bots.live.lobby import lobby
from domain.live.chats import Shows
from domain.live.scene import Scene

LOBBY = -1


@dataclass(frozen=True, slots=True)
class View:
    """What one message should say.

    Args:
        position: what it is about; another position needs another message.
        shows: which part of the round.
        reply: the message.
        urgent: a change that people wait for, not only another count.
    """

    position: int
    shows: Shows
    reply: Reply
    urgent: bool

    @property
    def is_end(self) -> bool:
        """Whether nothing more will come."""
        return self.shows == "end"


def view(scene: Scene, texts: Texts) -> View:
    """What a chat shows now."""
    stands, current = scene.live.at, scene.current
    if stands.is_over:
        return View(stands.count, "end", end(scene, texts), urgent=True)
    if stands.phase == "lobby" or current is None:
        return View(LOBBY, "lobby", lobby(scene, texts), urgent=False)
    if stands.phase == "question":
        return View(stands.position, "question", question(scene, current, texts), urgent=False)
    if stands.phase == "paused" and stands.paused_in == "question":
        return View(stands.position, "rest", rest(scene, texts), urgent=True)
    return View(stands.position, "reveal", answer(scene, current, texts), urgent=True)


def closed(scene: Scene, position: int, texts: Texts) -> View | None:
    """What the message of an earlier question says at last; None: there is no such question."""
    before = scene.as_of(position)
    if before.current is None:
        return None
    return View(position, "reveal", answer(before, before.current, texts), urgent=True)
