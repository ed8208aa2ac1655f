"""How a course's tutor looks to people who teach it."""

from collections.abc import Sequence
from uuid import UUID

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.tutor.leave import BUDGET, NO_CONSENT, NO_MODEL
from bots.conversation.flows.tutor.words import WHY
from bots.conversation.turn import Turn
from domain import ids
from domain.errors import N_
from domain.tutoring.guidance import STYLES, Guidance
from domain.tutoring.instructors import MOST_HINT, Place, Taught, Totals
from domain.tutoring.instructors_log import Entry, Only
from domain.tutoring.rungs import HIGHEST

SHOWN = 600  # characters of a question
KINDS = {
    "question": N_("question"),
    "hint_request": N_("hint"),
    "explanation": N_("explanation"),
    "code_review": N_("review of code"),
}
LISTS: dict[Only, str] = {
    "queue": N_("To look at"),
    "all": N_("All answers"),
    "low": N_("Rated 1 or 2"),
    "blocked": N_("Said too much"),
    "unsure": N_("Not sure"),
    "model": N_("By a model"),
    "offline": N_("Offline tutor"),
}
STYLE_WORDS = {
    "questions": N_("asks more than it tells"),
    "balanced": N_("explains a little, then asks"),
    "direct": N_("explains directly"),
}
FALLBACKS = {
    **WHY,
    NO_CONSENT: N_("No model was asked: the learner has not agreed to it."),
    BUDGET: N_("No model was asked: the share for that time was used up."),
    "interrupted": N_("It was interrupted."),
}
LEVELS = (
    N_("0: only what happened"),
    N_("1: a question"),
    N_("2: the place"),
    N_("3: the kind of change"),
    N_("4: an example elsewhere"),
)


def overview(turn: Turn, course: Taught, sums: Totals, waiting: int, wanted: Guidance) -> Reply:
    """A course's tutor in numbers, and how it helps."""
    lines = [turn.say("**The tutor of {course}**, the last 30 days", course=escape(course.title))]
    if sums.answers:
        lines.append(
            turn.say(
                "Answers: {answers}. Learners: {learners}. By a model: {models}. Tokens: {tokens}.",
                answers=sums.answers,
                learners=sums.learners,
                models=sums.by_model,
                tokens=sums.tokens,
            )
        )
        if sums.rated:
            lines.append(
                turn.say(
                    "Rated: {rated}, on average {mean} of 5. Rated 1 or 2: {low}.",
                    rated=sums.rated,
                    mean=sums.mean_quality,
                    low=sums.low,
                )
            )
        lines.append(turn.say("Stopped because they said too much: {n}.", n=sums.blocked))
    else:
        lines.append(turn.say("Nobody has asked the tutor anything yet."))
    lines += _wanted(turn, wanted)
    queue = turn.say("To look at") if waiting else turn.say("Nothing to look at")
    rows = (
        (
            Button(queue, control("tt.list", course.id, "queue"), primary=bool(waiting)),
            Button(turn.say("All answers"), control("tt.list", course.id, "all")),
        ),
        _guiding(turn, course.id),
        (Button(turn.say("How hard tasks are"), control("teach.stats", course.id)),),
    )
    return Reply("\n\n".join(lines), rows)


def _wanted(turn: Turn, wanted: Guidance) -> list[str]:
    lines = [
        turn.say(
            "Help goes up to {level} of {most}. The tutor {style}.",
            level=wanted.support_level,
            most=HIGHEST,
            style=turn.say(STYLE_WORDS[wanted.style]),
        )
    ]
    if wanted.notes:
        lines.append(turn.say("Notes for the tutor: {notes}", notes=escape(wanted.notes)))
    return lines


def _guiding(turn: Turn, place: UUID) -> tuple[Button, ...]:
    return (
        Button(turn.say("How far"), control("tt.level", place)),
        Button(turn.say("Style"), control("tt.style", place)),
        Button(turn.say("Notes"), control("tt.notes", place), asks=True),
    )


def page(
    turn: Turn, course: UUID, only: Only, entries: Sequence[Entry], *, has_more: bool
) -> Reply:
    """One page of the log."""
    lines = [f"**{turn.say(LISTS[only])}**"]
    if not entries:
        lines.append(turn.say("There is nothing here."))
    lines += [f"{number}. {_line(turn, one)}" for number, one in enumerate(entries, start=1)]
    open_ = tuple(
        Button(
            turn.say("Open {number}", number=number),
            control("tt.one", course, ids.to_base62(one.id)),
        )
        for number, one in enumerate(entries, start=1)
    )
    onward = []
    if has_more:
        after = f"{only}-{ids.to_base62(entries[-1].id)}"
        onward.append(Button(turn.say("Older"), control("tt.list", course, after)))
    onward.append(Button(turn.say("Back"), control("tt.open", course)))
    others = tuple(
        Button(turn.say(words), control("tt.list", course, name))
        for name, words in LISTS.items()
        if name != only
    )
    return Reply("\n".join(lines), rows=(open_, tuple(onward), others[:3], others[3:]))


def _line(turn: Turn, one: Entry) -> str:
    parts = [
        turn.texts.day(one.asked_at, turn.learner.timezone),
        turn.say("learner {name}", name=one.learner),
        escape(one.item) if one.item else turn.say("the course"),
        *_facts(turn, one),
    ]
    return " · ".join(parts)


def _facts(turn: Turn, one: Entry) -> list[str]:
    facts = [turn.say(KINDS[one.kind])]
    if one.level is not None:
        facts.append(turn.say("help {level}", level=one.level))
    facts.append(escape(one.provider or "-"))
    if one.tokens:
        facts.append(turn.say("tokens: {n}", n=one.tokens))
    if one.quality is not None:
        facts.append(turn.say("rated {n}", n=one.quality))
    if one.blocked:
        facts.append(turn.say("said too much at first"))
    if one.confidence in {"lines", "test", "none"}:
        facts.append(turn.say("not sure"))
    if one.is_pinned:
        facts.append(turn.say("is a hint"))
    return facts


def answer(turn: Turn, course: UUID, one: Entry) -> Reply:
    """One question with its answer, and what can be made of it."""
    asked = one.asked.strip() or turn.say("(by button, without words)")
    shown = asked if len(asked) <= SHOWN else asked[:SHOWN] + "…"
    lines = [_line(turn, one)]
    if one.is_readable:
        lines += [
            turn.say("**Asked:** {text}", text=escape(shown)),
            turn.say("**Answered:**"),
            one.answered or turn.say("Nothing: it failed."),
        ]
    else:
        lines.append(turn.say("This was stored with another key, so it cannot be read here."))
    if one.fallback:
        lines += _fallback(turn, one.fallback)
    key = ids.to_base62(one.id)
    buttons = []
    if one.outcome is None:
        seen = control("tt.seen", course, key)
        buttons.append(Button(turn.say("Fine, next"), seen, primary=True))
    if one.is_pinned:
        buttons.append(Button(turn.say("Take the hint back"), control("tt.unpin", course, key)))
    elif one.item_kind == "challenge" and one.answered:
        buttons.append(Button(turn.say("Keep as a hint"), control("tt.pin", course, key)))
    if one.component is not None:
        buttons.append(Button(turn.say("This item"), control("tt.item", one.component)))
    return Reply("\n\n".join(lines), rows=(tuple(buttons), *back(turn, course)))


def _fallback(turn: Turn, reason: str) -> list[str]:
    """Why no model wrote an answer, where one could have; a fault in the service's own words."""
    word, _, detail = reason.partition(": ")
    if word == NO_MODEL:
        return []
    if word not in FALLBACKS:
        return [turn.say("Why no model: {reason}", reason=escape(reason))]
    words = turn.say(FALLBACKS[word])
    return [f"{words} {escape(detail)}" if word in WHY and detail else words]


def pin(turn: Turn, course: UUID, one: Entry) -> Reply:
    """What would become a hint."""
    key = ids.to_base62(one.id)
    lines = [
        turn.say("Every learner of {item} can then read this as the last hint.",
                 item=escape(one.item or "")),
        turn.say("See that it holds nothing about one learner, and no solution."),
        one.answered,
    ]  # fmt: skip
    keep = [Button(turn.say("Change the words"), control("tt.edit", course, key), asks=True)]
    if len(one.answered) <= MOST_HINT:
        keep.append(Button(turn.say("Keep as it is"), control("tt.pinned", course, key)))
    return Reply("\n\n".join(lines), rows=(tuple(keep), *back(turn, course)))


def kept(turn: Turn, course: UUID, one: Entry) -> Reply:
    """An answer became a hint."""
    undo = Button(
        turn.say("Take the hint back"), control("tt.unpin", course, ids.to_base62(one.id))
    )
    return Reply(
        turn.say("That is the last hint of {item} now.", item=escape(one.item or "")),
        rows=((undo,), *back(turn, course)),
    )


def levels(turn: Turn, place: Place) -> Reply:
    """Ask how far help may go."""
    buttons = tuple(
        Button(turn.say(words), control("tt.level", place.id, number))
        for number, words in enumerate(LEVELS)
    )
    return Reply(
        turn.say("How far may help with {title} go?", title=escape(place.title)),
        rows=(buttons, *_back_to(turn, place)),
    )


def styles(turn: Turn, place: Place) -> Reply:
    """Ask how answers are written."""
    buttons = tuple(
        Button(turn.say(STYLE_WORDS[name]), control("tt.style", place.id, name)) for name in STYLES
    )
    return Reply(
        turn.say("How shall the tutor of {title} write?", title=escape(place.title)),
        rows=(buttons, *_back_to(turn, place)),
    )


def notes(turn: Turn, place: Place, now: str, payload: str) -> Reply:
    """Ask for notes."""
    lines = [
        turn.say("What shall the tutor keep in mind for {title}?", title=escape(place.title)),
        turn.say("It goes into every question to a model. A single dash takes it away."),
    ]
    if now:
        lines.append(turn.say("Now: {notes}", notes=escape(now)))
    return Reply(
        "\n\n".join(lines),
        rows=_back_to(turn, place),
        prompt=Prompt(turn.say("Notes"), multiline=True, payload=payload),
    )


def item(turn: Turn, place: Place, wanted: Guidance) -> Reply:
    """How the tutor helps with one item."""
    lines = [
        turn.say("**The tutor in {title}**", title=escape(place.title)),
        *_wanted(turn, wanted),
    ]
    return Reply("\n\n".join(lines), rows=(_guiding(turn, place.id), *back(turn, place.course)))


def back(turn: Turn, course: UUID) -> tuple[tuple[Button, ...], ...]:
    """The way back to the course's overview."""
    return ((Button(turn.say("Back"), control("tt.open", course)),),)


def _back_to(turn: Turn, place: Place) -> tuple[tuple[Button, ...], ...]:
    if place.component is None:
        return back(turn, place.course)
    return ((Button(turn.say("Back"), control("tt.item", place.component)),),)
