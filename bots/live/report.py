"""What a host keeps of a round: a table with a line for each player and a column a question."""

import csv
import io

from bots.conversation.dialogue import File
from bots.conversation.texts import Texts
from bots.live.boards import TEAMS
from bots.pictures.drawing import picture
from bots.pictures.views import Bar, Bars
from domain.live.scene import Scene
from domain.quizzes.rules import rounded

DRAWN = 20  # places in the picture
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(scene: Scene) -> bytes:
    """The board as CSV in UTF-8 with a mark, which spreadsheets need to read names rightly.

    One line for each player: place, name, team, points, right answers, and for each question
    1 (right), a share such as 0.5, 0 (wrong), or nothing (not answered).
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    asked = sorted(scene.closed, key=lambda one: one.position)
    teams = {player.id: player.team for player in scene.players}
    shares = {(one.player, one.position): one.share for one in scene.given}
    questions = [f"question {one.position + 1}" for one in asked]
    writer.writerow(["place", "name", "team", "points", "right", *questions])
    for standing in scene.board():
        team = teams[standing.player]
        row = [shares.get((standing.player, one.position)) for one in asked]
        writer.writerow(
            [
                standing.place,
                _harmless(scene.names[standing.player]),
                "" if team is None else TEAMS[team],
                rounded(standing.points),
                standing.right,
                *("" if share is None else f"{float(share):g}" for share in row),
            ]
        )
    return file.getvalue().encode("utf-8-sig")


async def as_picture(scene: Scene, texts: Texts) -> File:
    """The first places as bars with their numbers; the words beside it say the same."""
    standings = scene.board()[:DRAWN]
    most = max((one.points for one in standings), default=0) or 1
    bars = tuple(
        Bar(
            f"{one.place}. {scene.names[one.player]}",
            float(one.points / most),
            texts.points(rounded(one.points)),
        )
        for one in standings
    )
    facts = "; ".join(f"{bar.name}: {bar.number}" for bar in bars)
    return await picture(Bars(scene.live.title, bars), "quiz-board", facts)


def _harmless(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name
