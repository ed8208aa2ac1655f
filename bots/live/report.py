"""What a host keeps of a round: a table with a line for each player and a column a question."""

import csv
import io

from bots.live.view import TEAMS
from domain.live.scene import Scene
from domain.quizzes.rules import rounded

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


def _harmless(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name
