"""The board of a live round, and its end. Pure: a scene in, lines out."""

from collections.abc import Iterator

from bots.conversation.dialogue import Reply, escape
from bots.conversation.texts import Texts
from bots.live.buttons import button
from domain.errors import N_
from domain.live import rules
from domain.live.rules import Standing
from domain.live.scene import Scene
from domain.quizzes.rules import rounded

SHOWN_NAMES = 12
SHOWN_PLACES = 10
TEAMS = (N_("Team red"), N_("Team blue"), N_("Team green"), N_("Team gold"))


def board_lines(scene: Scene, texts: Texts, most: int = SHOWN_PLACES) -> Iterator[str]:
    """The board, one line for each of the first places, and how many follow."""
    standings = scene.board()
    if scene.live.teams:
        for team in rules.teams(standings, scene.players):
            name, points = texts.say(TEAMS[team.team]), texts.points(rounded(team.points))
            yield f"- {team.place}. **{name}** {points} ({team.members})"
    for standing in standings[:most]:
        yield f"- {_line(scene, standing, texts)}"
    if len(standings) > most:
        more = len(standings) - most
        yield texts.count("{n} more player", "{n} more players", more)


def _line(scene: Scene, standing: Standing, texts: Texts) -> str:
    name = escape(scene.names[standing.player])
    line = f"{standing.place}. {name} {texts.points(rounded(standing.points))}"
    if standing.lives is None:
        return line
    if not standing.lives:
        return f"{line} ({texts.say('out')})"
    return f"{line} ({texts.count('{n} life', '{n} lives', standing.lives)})"


def end(scene: Scene, texts: Texts) -> Reply:
    """The final board, and what can be done next."""
    heading = texts.say("**{title}: final board**", title=escape(scene.live.title))
    lines = [heading, "", *board_lines(scene, texts)]
    if not scene.players:
        lines = [texts.say("**{title}** has ended.", title=escape(scene.live.title))]
    if (found := scene.hardest()) is not None:
        position, right, count = found
        lines += [
            "",
            texts.say(
                "Hardest: question {number} ({right} of {count} right).",
                number=position + 1,
                right=right,
                count=count,
            ),
        ]
    rows = (
        (
            button(scene, texts.say("Review mine"), "lv.mine"),
            button(scene, texts.say("Again"), "lv.again"),
            button(scene, texts.say("Only what we missed"), "lv.missed"),
        ),
        (
            button(scene, texts.say("My misses as cards"), "lv.cards"),
            button(scene, texts.say("Report"), "lv.report"),
        ),
    )
    return Reply("\n".join(lines), rows=rows if scene.closed else (), private=False)
