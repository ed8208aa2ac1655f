"""How an answer of the tutor looks: its text, who wrote it, what comes next, and its rating."""

from uuid import UUID

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.turn import Turn
from domain.errors import N_
from domain.tutoring.log import Logged
from domain.tutoring.rungs import HIGHEST, SOLVED, Rung
from tutor.offline import PROVIDER

RATINGS = (N_("1 bad"), N_("2 weak"), N_("3 fair"), N_("4 good"), N_("5 great"))
WAITING = {
    "explanation": N_("I run your program again and look for the cause. One moment…"),
    "hint_request": N_("I look at your program. One moment…"),
    "question": N_("I think about your question. One moment…"),
    "code_review": N_("I read your program. One moment…"),
}
OFFLINE = N_("Offline tutor.")
WHY = {
    "unavailable": N_("Offline tutor, because no model answered."),
    "late": N_("Offline tutor, because the model took too long."),
    "cut off": N_("Offline tutor, because the model's answer broke off."),
    "gave away": N_("Offline tutor, because the model's answer said too much."),
    "unchecked": N_("Offline tutor, because I could not check the model's answer."),
}
UNREADABLE = N_("This was stored with another key, so I cannot read it. Please ask again.")
SOURCES = 2  # lessons that an answer cites, offered by button


def waiting(turn: Turn, kind: str, key: UUID) -> Reply:
    """What stands there until the first words are known; the button helps after a crash."""
    show = Button(turn.say("Show the answer"), control("ask.show", key))
    return Reply(turn.say(WAITING[kind]), rows=((show,),), draft=True)


def finished(turn: Turn, row: Logged, rung: Rung | None, hearts: str = "") -> Reply:
    """A whole answer, as it is logged.

    Args:
        turn: whose language.
        row: of the log.
        rung: when more help opens; None: long ago, so it is not said.
        hearts: a sentence about how many answers of a model are left.
    """
    answer = row.response if row.is_readable else turn.say(UNREADABLE)
    lines = [answer, f"*{_below(turn, row, rung, hearts)}*"]
    return Reply("\n\n".join(lines), rows=_rows(turn, row))


def _below(turn: Turn, row: Logged, rung: Rung | None, hearts: str) -> str:
    """Who wrote it, how far up the ladder it is, and when there is more."""
    if row.provider == PROVIDER:
        reason = str(row.context.get("reason", "")).split(":")[0]
        parts = [turn.say(WHY.get(reason, OFFLINE))]
    else:
        service = escape(str(row.context.get("service") or row.provider))
        parts = [turn.say("Written by {service}, and checked.", service=service)]
    if row.level < SOLVED and row.attempt is not None:
        parts.append(turn.say("Help {level} of {most}.", level=row.level, most=HIGHEST))
        if rung is not None and rung.more_in is not None:
            parts.append(
                turn.count(
                    "More opens after another try, or in {n} minute.",
                    "More opens after another try, or in {n} minutes.",
                    rung.minutes,
                )
            )
    if hearts:
        parts.append(hearts)
    return " ".join(parts)


def _rating(turn: Turn, key: UUID) -> tuple[Button, ...]:
    return tuple(
        Button(turn.say(words), control("ask.rate", key, number))
        for number, words in enumerate(RATINGS, start=1)
    )


def rating(turn: Turn, key: UUID) -> Reply:
    """The five words for an answer, where they did not stand below it."""
    return Reply(turn.say("How good was this answer?"), rows=(_rating(turn, key),))


def _rows(turn: Turn, row: Logged) -> tuple[tuple[Button, ...], ...]:
    ask = Button(turn.say("Ask more"), control("ask.open", row.component), asks=True)
    onward = [ask]
    onward += [
        Button(turn.say("Open {key}", key=key), control("lesson", UUID(lesson), page))
        for key, lesson, page in row.context.get("sources", [])[:SOURCES]
    ]
    if row.attempt is not None and row.component is not None and row.level < SOLVED:
        onward.append(Button(turn.say("Try again"), control("code.open", row.component)))
    if turn.learner.display == "compact":  # at most five buttons
        rate = Button(turn.say("Rate this answer"), control("ask.rating", row.id))
        return ((*onward, rate),)
    return (tuple(onward), _rating(turn, row.id))


def asked_for(turn: Turn, title: str, component: UUID | None) -> Reply:
    """Ask what the question is."""
    if title:
        text = turn.say("What do you want to know about “{title}”?", title=escape(title))
    else:
        text = turn.say("What do you want to know?")
    return Reply(
        text,
        prompt=Prompt(
            turn.say("Your question"),
            turn.say("Why does my loop stop too early?"),
            multiline=True,
            payload=control("ask.open", component),
        ),
    )


def rated(turn: Turn, quality: int) -> Reply:
    """Thanks, as a passing remark: the answer stays where it is."""
    words = turn.say(RATINGS[quality - 1])
    text = turn.say("Thank you. You rated this answer: {words}.", words=words)
    return Reply(text, quiet=True, notice=text)
