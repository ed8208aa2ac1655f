"""A question of a live round while it is open, or rests: nothing here looks at its key.

A question is drawn from its public view. Who answered is a number; what they answered is not told.
"""

from collections.abc import Iterator
from datetime import timedelta
from string import ascii_uppercase

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.texts import Texts
from bots.live.buttons import button, stage_of
from domain.live import rules
from domain.live.playing import Posed
from domain.live.scene import Scene
from domain.quizzes.forms import GAP

PRESSED = frozenset({"single", "true_false", "multi"})


def heading(scene: Scene, texts: Texts) -> str:
    """Which question it is, of how many."""
    stands = scene.live.at
    return texts.say(
        "**Question {number} of {count}**", number=stands.position + 1, count=stands.count
    )


def body(posed: Posed) -> list[str]:
    """The question and its options, line by line."""
    shown = posed.view
    lines = [GAP.sub(r"\\_\\_\\_", shown.prompt), ""]
    if shown.kind == "matching":
        lines += [f"{number}. {left}" for number, left in enumerate(shown.left, start=1)] + [""]
    if shown.kind == "ordering":
        lines += [f"{number}. {item}" for number, item in enumerate(shown.options, start=1)]
    else:
        lines += [
            f"- {letter}. {option}"
            for letter, option in zip(ascii_uppercase, shown.options, strict=False)
        ]
    return lines


def question(scene: Scene, posed: Posed, texts: Texts) -> Reply:
    """The open question."""
    live, stands = scene.live, scene.live.at
    lines = [heading(scene, texts)]
    if live.moved and live.moved > timedelta(0):
        seconds = round(live.moved.total_seconds())
        lines.append(texts.say("Paused {seconds} s by a restart; time added.", seconds=seconds))
    lines += ["", *body(posed), ""]
    if posed.question.kind == "multi":
        lines.append(texts.say("More than one may be right. Press each; press again to undo."))
    lines.append(_answered(scene, texts))
    rows = (
        _options(scene, posed, texts),
        (
            button(scene, texts.say("Go on (host)"), "lv.go", stage_of(stands)),
            button(scene, texts.say("Pause (host)"), "lv.pause"),
            *_more_time(scene, texts),
        ),
    )
    return Reply(
        "\n".join(lines),
        rows=rows,
        private=False,
        ends_at=None if stands.closes_at is None else stands.closes_at - rules.GRACE,
    )


def _more_time(scene: Scene, texts: Texts) -> Iterator[Button]:
    if scene.live.limit is not None:
        yield button(scene, texts.say("+30 s (host)"), "lv.extend")


def _answered(scene: Scene, texts: Texts) -> str:
    answered = scene.answered(scene.live.at.position)
    return texts.say("Answered: {answered} of {here}", answered=len(answered), here=len(scene.here))


def _options(scene: Scene, posed: Posed, texts: Texts) -> tuple[Button, ...]:
    position = posed.position
    if posed.question.kind not in PRESSED or scene.live.typed:
        payload = control("lv.type", scene.live.id, position)
        return (Button(texts.say("Answer"), payload, asks=True),)
    return tuple(
        button(scene, ascii_uppercase[place], "lv.a", f"{position}.{place}")
        for place in range(len(posed.order))
    )


def rest(scene: Scene, texts: Texts) -> Reply:
    """The open question while the round rests."""
    lines = [heading(scene, texts), "", *body(scene.current), ""] if scene.current else []
    lines.append(why(scene, texts))
    return Reply("\n".join(lines), rows=resting(scene, texts), private=False)


def why(scene: Scene, texts: Texts) -> str:
    """Why the round rests."""
    match scene.live.at.why:
        case "silence":
            return texts.say("Paused: nobody answered the last three questions.")
        case "outage":
            return texts.say("Paused: I was away for over ten minutes. Nothing is lost.")
    return texts.say("Paused. What is open keeps its time.")


def resting(scene: Scene, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """The buttons of a round that rests."""
    return (
        (
            button(scene, texts.say("Resume (host)"), "lv.resume"),
            button(scene, texts.say("End and keep scores (host)"), "lv.stop"),
        ),
    )
