"""The lobby of a live round: what will be played, by which rules, and who is in."""

from collections.abc import Iterator

from bots.conversation.dialogue import Reply, escape
from bots.conversation.texts import Texts
from bots.live.boards import SHOWN_NAMES, TEAMS
from bots.live.buttons import button, stage_of
from domain.errors import N_
from domain.live.rounds import Live
from domain.live.rules import Mode
from domain.live.scene import Scene

MODES: dict[Mode, str] = {
    "accuracy": N_("every right answer counts"),
    "timed": N_("half of the points for being right, half for being quick"),
    "first": N_("only the first right answer counts"),
    "survival": N_("three mistakes and you are out"),
}


def rules_text(live: Live, texts: Texts) -> str:
    """How points are given and how time runs, in a few sentences."""
    lines = [texts.say(MODES[live.mode]).capitalize() + "."]
    if live.limit is None:
        lines.append(texts.say("There is no timer: a question closes when all have answered."))
    else:
        seconds = int(live.limit.total_seconds())
        lines.append(texts.say("You have {seconds} seconds for each question.", seconds=seconds))
    lines.append(texts.say("You may change your answer until the question closes."))
    if live.typed:
        lines.append(texts.say("Answers are typed, not pressed."))
    if live.teams:
        lines.append(texts.say("A team's points are the mean of its members'."))
    return " ".join(lines)


def lobby(scene: Scene, texts: Texts) -> Reply:
    """The lobby, with all who have joined."""
    live = scene.live
    count = texts.count("{n} question", "{n} questions", live.at.count)
    lines = [f"**{escape(live.title)}** · {count}", rules_text(live, texts), ""]
    lines.append(_joined(scene, texts))
    if live.teams:
        lines += ["", *_rosters(scene, texts)]
    rows = (
        (
            button(scene, texts.say("Join"), "lv.join"),
            button(scene, texts.say("Leave"), "lv.leave"),
            button(scene, texts.say("More time"), "lv.time"),
        ),
        (
            button(scene, texts.say("Start (host)"), "lv.go", stage_of(live.at)),
            button(scene, texts.say("Options (host)"), "lv.opt"),
            button(scene, texts.say("Cancel (host)"), "lv.stop"),
        ),
    )
    return Reply("\n".join(lines), rows=rows, private=False)


def _joined(scene: Scene, texts: Texts) -> str:
    here = [escape(scene.names[player.id]) for player in scene.here]
    if not here:
        return texts.say("Nobody has joined yet.")
    names = ", ".join(here[:SHOWN_NAMES]) + (" …" if len(here) > SHOWN_NAMES else "")
    return texts.say("Joined ({number}): {names}", number=len(here), names=names)


def _rosters(scene: Scene, texts: Texts) -> Iterator[str]:
    for team in range(scene.live.teams):
        names = [escape(scene.names[one.id]) for one in scene.here if one.team == team]
        yield f"- {texts.say(TEAMS[team])}: {', '.join(names[:SHOWN_NAMES]) or '-'}"
