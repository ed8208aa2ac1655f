"""What a chat shows of a round: lobby, question, answer, end. Pure: a scene in, a reply out.

Before a question is closed nothing here looks at its key: a question is drawn from its public view.
Names are of people who joined a quiz that everybody in the chat can see; who answered what is not
told, and who was right only after the question is closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from string import ascii_uppercase

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.texts import Texts
from domain.errors import N_
from domain.live import rules
from domain.live.playing import Posed
from domain.live.rules import Mode, Standing
from domain.live.scene import Scene
from domain.quizzes import marking
from domain.quizzes.questions import GAP
from domain.quizzes.rules import rounded

LOBBY = -1
SHOWN_NAMES = 12
SHOWN_PLACES = 10
MODES: dict[Mode, str] = {
    "accuracy": N_("every right answer counts"),
    "timed": N_("half of the points for being right, half for being quick"),
    "first": N_("only the first right answer counts"),
    "survival": N_("three mistakes and you are out"),
}
TEAMS = (N_("Team red"), N_("Team blue"), N_("Team green"), N_("Team gold"))
PRESSED = frozenset({"single", "true_false", "multi"})


@dataclass(frozen=True, slots=True)
class View:
    """What one message should say.

    Args:
        position: what it is about; another position needs another message.
        reply: the message.
        urgent: a change that people wait for, not only another count.
        is_end: nothing more will come.
    """

    position: int
    reply: Reply
    urgent: bool
    is_end: bool = False


def view(scene: Scene, texts: Texts) -> View:
    """What a chat shows now."""
    stands = scene.live.at
    if stands.is_over:
        return View(stands.count, _end(scene, texts), urgent=True, is_end=True)
    if stands.phase == "lobby" or scene.current is None:
        return View(LOBBY, _lobby(scene, texts), urgent=False)
    if stands.phase == "question":
        return View(stands.position, _question(scene, scene.current, texts), urgent=False)
    if stands.phase == "paused" and stands.paused_in == "question":
        return View(stands.position, _rest(scene, texts), urgent=True)
    return View(stands.position, _answer(scene, scene.current, texts), urgent=True)


def _button(scene: Scene, label: str, action: str, argument: object = "") -> Button:
    return Button(label, control(action, scene.live.id, str(argument)))


def rules_text(scene: Scene, texts: Texts) -> str:
    """How points are given and how time runs, in a few sentences."""
    live = scene.live
    lines = [texts.say(MODES[live.mode]).capitalize() + "."]
    if live.limit is None:
        lines.append(texts.say("There is no timer: a question closes when all have answered."))
    else:
        seconds = int(live.limit.total_seconds())
        lines.append(texts.say("You have {seconds} seconds for each question.", seconds=seconds))
    lines.append(texts.say("You may change your answer until the question closes."))
    if live.teams:
        lines.append(texts.say("A team's points are the mean of its members'."))
    return " ".join(lines)


def _lobby(scene: Scene, texts: Texts) -> Reply:
    live = scene.live
    count = texts.count("{n} question", "{n} questions", live.at.count)
    lines = [f"**{escape(live.title)}** · {count}", rules_text(scene, texts), ""]
    lines.append(_joined(scene, texts))
    if live.teams:
        lines += ["", *_rosters(scene, texts)]
    rows = (
        (
            _button(scene, texts.say("Join"), "lv.join"),
            _button(scene, texts.say("Leave"), "lv.leave"),
            _button(scene, texts.say("More time"), "lv.time"),
        ),
        (
            _button(scene, texts.say("Start (host)"), "lv.go", LOBBY),
            _button(scene, texts.say("Cancel (host)"), "lv.stop"),
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


def _heading(scene: Scene, texts: Texts) -> str:
    stands = scene.live.at
    return texts.say(
        "**Question {number} of {count}**", number=stands.position + 1, count=stands.count
    )


def _body(posed: Posed) -> list[str]:
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


def _question(scene: Scene, posed: Posed, texts: Texts) -> Reply:
    live, stands = scene.live, scene.live.at
    lines = [_heading(scene, texts)]
    if live.moved and live.moved > timedelta(0):
        seconds = round(live.moved.total_seconds())
        lines.append(texts.say("Paused {seconds} s by a restart; time added.", seconds=seconds))
    lines += ["", *_body(posed), ""]
    if posed.question.kind == "multi":
        lines.append(texts.say("More than one may be right. Press each; press again to undo."))
    lines.append(_answered(scene, texts))
    rows = (
        _options(scene, posed, texts),
        (
            _button(scene, texts.say("Go on (host)"), "lv.go", stands.position),
            _button(scene, texts.say("Pause (host)"), "lv.pause"),
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
        yield _button(scene, texts.say("+30 s (host)"), "lv.extend")


def _answered(scene: Scene, texts: Texts) -> str:
    answered = scene.answered(scene.live.at.position)
    return texts.say("Answered: {answered} of {here}", answered=len(answered), here=len(scene.here))


def _options(scene: Scene, posed: Posed, texts: Texts) -> tuple[Button, ...]:
    position = posed.position
    if posed.question.kind not in PRESSED or scene.live.typed:
        payload = control("lv.type", scene.live.id, position)
        return (Button(texts.say("Answer"), payload, asks=True),)
    return tuple(
        _button(scene, ascii_uppercase[place], "lv.a", f"{position}.{place}")
        for place in range(len(posed.order))
    )


def _rest(scene: Scene, texts: Texts) -> Reply:
    lines = [_heading(scene, texts), "", *_body(scene.current), ""] if scene.current else []
    lines.append(_why(scene, texts))
    return Reply("\n".join(lines), rows=_resting(scene, texts), private=False)


def _why(scene: Scene, texts: Texts) -> str:
    match scene.live.at.why:
        case "silence":
            return texts.say("Paused: nobody answered the last three questions.")
        case "outage":
            return texts.say("Paused: I was away for over ten minutes. Nothing is lost.")
    return texts.say("Paused. What is open keeps its time.")


def _resting(scene: Scene, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            _button(scene, texts.say("Resume (host)"), "lv.resume"),
            _button(scene, texts.say("End and keep scores (host)"), "lv.stop"),
        ),
    )


def _answer(scene: Scene, posed: Posed, texts: Texts) -> Reply:
    """The open question once it is closed."""
    stands = scene.live.at
    lines = [_heading(scene, texts), "", *_body(posed), ""]
    if posed.is_void:
        lines.append(texts.say("This question does not count: the host took it out."))
    lines += _key(posed, texts)
    if posed.question.explanation:
        lines.append(posed.question.explanation)
    lines += ["", *_distribution(scene, posed, texts), "", *board_lines(scene, texts)]
    if stands.phase == "paused":
        lines += ["", _why(scene, texts)]
        return Reply("\n".join(lines), rows=_resting(scene, texts), private=False)
    label = (
        texts.say("Count it again (host)") if posed.is_void else texts.say("Do not count (host)")
    )
    rows = (
        (
            _button(scene, texts.say("Go on (host)"), "lv.go", stands.position),
            _button(scene, texts.say("Pause (host)"), "lv.pause"),
            _button(scene, label, "lv.void", stands.position),
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


def hardest(scene: Scene) -> tuple[int, int, int] | None:
    """The question fewest got right: its position, how many did, of how many. None: none asked."""
    rows = []
    for asked in scene.closed:
        given = [one for one in scene.given if one.position == asked.position]
        if given and not asked.is_void:
            right = sum(one.is_right for one in given)
            rows.append((Fraction(right, len(given)), asked.position, right, len(given)))
    if not rows:
        return None
    _, position, right, count = min(rows)
    return position, right, count


def _end(scene: Scene, texts: Texts) -> Reply:
    heading = texts.say("**{title}: final board**", title=escape(scene.live.title))
    lines = [heading, "", *board_lines(scene, texts)]
    if not scene.players:
        lines = [texts.say("**{title}** has ended.", title=escape(scene.live.title))]
    if (found := hardest(scene)) is not None:
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
            _button(scene, texts.say("Review mine"), "lv.mine"),
            _button(scene, texts.say("Again"), "lv.again"),
            _button(scene, texts.say("Only what we missed"), "lv.missed"),
        ),
        (
            _button(scene, texts.say("My misses as cards"), "lv.cards"),
            _button(scene, texts.say("Report"), "lv.report"),
        ),
    )
    return Reply("\n".join(lines), rows=rows if scene.closed else (), private=False)
