"""A question of a live round once it is closed: the answer, who was right, and the board."""

from collections.abc import Iterator
from string import ascii_uppercase

from bots.conversation.dialogue import Reply, escape
from bots.conversation.texts import Texts
from bots.live.asking import PRESSED, body, heading, resting, why
from bots.live.boards import SHOWN_NAMES, board_lines
from bots.live.buttons import button, stage_of
from domain.live.playing import Posed
from domain.live.scene import Scene
from domain.quizzes import marking


def answer(scene: Scene, posed: Posed, texts: Texts) -> Reply:
    """The open question once it is closed."""
    stands = scene.live.at
    lines = [heading(scene, texts), "", *body(posed), ""]
    if posed.is_void:
        lines.append(texts.say("This question does not count: the host took it out."))
    lines += _key(posed, texts)
    if posed.question.explanation:
        lines.append(posed.question.explanation)
    lines += ["", *_distribution(scene, posed, texts), "", *board_lines(scene, texts)]
    if stands.phase == "paused":
        lines += ["", why(scene, texts)]
        return Reply("\n".join(lines), rows=resting(scene, texts), private=False)
    label = (
        texts.say("Count it again (host)") if posed.is_void else texts.say("Do not count (host)")
    )
    rows = (
        (
            button(scene, texts.say("Go on (host)"), "lv.go", stage_of(stands)),
            button(scene, texts.say("Pause (host)"), "lv.pause"),
            button(scene, label, "lv.void", stands.position),
        ),
    )
    return Reply("\n".join(lines), rows=rows, private=False)


def _key(posed: Posed, texts: Texts) -> Iterator[str]:
    right = marking.right_answer(posed.question, posed.view)
    if len(right) == 1:
        yield texts.say("The answer: {answer}", answer=right[0])
        return
    yield texts.say("The answer:")
    yield from (f"- {line}" for line in right)


def _distribution(scene: Scene, posed: Posed, texts: Texts) -> Iterator[str]:
    given = [one for one in scene.given if one.position == posed.position]
    picks = scene.picks.get(posed.position)
    if picks and posed.question.kind in PRESSED:
        yield " · ".join(
            f"{ascii_uppercase[place]} {picks[stored]}" for place, stored in enumerate(posed.order)
        )
    right = [escape(scene.names[one.player]) for one in given if one.is_right]
    if right and len(right) <= SHOWN_NAMES:
        yield texts.say("Right: {names}", names=", ".join(right))
    else:
        yield texts.say("Right: {right} of {given}", right=len(right), given=len(given))
