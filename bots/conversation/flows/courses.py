"""/courses: the catalogue, a course's card, its contents, joining and leaving it."""

from itertools import groupby

from bots.conversation import registry
from bots.conversation.controls import Control, control, whole_number
from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.learn import LONGEST_LABEL, OPENERS, join_and_continue
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain.activity import service as activity
from domain.catalog import queries as catalog
from domain.catalog.rules import CourseCard, Item, parse_search
from domain.errors import N_

LONGEST_REPEAT = 40  # characters of a search that still fit in the button for its next page
UNIT_BUTTONS = 8

LEVEL_WORDS = {
    1: N_("level 1 of 5, beginner"),
    2: N_("level 2 of 5, beginner"),
    3: N_("level 3 of 5, intermediate"),
    4: N_("level 4 of 5, advanced"),
    5: N_("level 5 of 5, advanced"),
}


@command("courses")
async def courses(turn: Turn, arguments: str) -> Reply:
    """Show the catalogue, or what a search finds."""
    return await _page(turn, arguments, 0)


@registry.control("courses")
async def courses_page(turn: Turn, pressed: Control) -> Reply:
    """Turn a page of the catalogue."""
    page, _, words = pressed.argument.partition(" ")
    return await _page(turn, words, whole_number(page))


async def _page(turn: Turn, words: str, page: int) -> Reply:
    wish = parse_search(words)
    found, total = await catalog.search(turn.conn, turn.user_id, wish.at(page * catalog.PAGE))
    if not found:
        return await _nothing_found(turn, words, wish.language)
    lines = [turn.count("{n} course.", "{n} courses.", total)]
    lines += [
        f"{number}. **{card.title}**: {card.summary} ({_facts(turn, card)})"
        for number, card in enumerate(found, start=page * catalog.PAGE + 1)
    ]
    rows = [tuple(Button(card.title[:LONGEST_LABEL], control("course", card.id)) for card in found)]
    turning = []
    if page:
        turning.append(_turn_button(turn.say("Previous page"), page - 1, words))
    if (page + 1) * catalog.PAGE < total:
        turning.append(_turn_button(turn.say("Next page"), page + 1, words))
    if turning:
        rows.append(tuple(turning))
    return Reply("\n".join([lines[0], "", *lines[1:]]), rows=tuple(rows))


def _turn_button(label: str, page: int, words: str) -> Button:
    return Button(label, control("courses", None, f"{page} {words[:LONGEST_REPEAT]}".strip()))


async def _nothing_found(turn: Turn, words: str, language: str) -> Reply:
    """Offer what is near; where the language may be the reason, those that there are."""
    text = turn.say("I found no course for “{words}”.", words=escape(words[:60]))
    if language:
        codes = await catalog.languages(turn.conn)
        text += " " + turn.say("There are courses in: {languages}.", languages=", ".join(codes))
        buttons = [line_button(f"lang:{code}", f"/courses lang:{code}") for code in codes[:5]]
    else:
        near = await catalog.close_slugs(turn.conn, words)
        if near:
            text += " " + turn.say("Did you mean one of these?")
        buttons = [line_button(slug, f"/learn {slug}") for slug in near]
    return Reply(text, rows=((*buttons, line_button(turn.say("All courses"), "/courses")),))


def _facts(turn: Turn, card: CourseCard) -> str:
    facts = [turn.count("{n} lesson", "{n} lessons", card.lessons)]
    if card.quizzes:
        facts.append(turn.count("{n} quiz", "{n} quizzes", card.quizzes))
    if card.challenges:
        facts.append(turn.count("{n} challenge", "{n} challenges", card.challenges))
    if card.minutes:
        facts.append(_length(turn, card.minutes))
    if card.difficulty:
        facts.append(turn.say(LEVEL_WORDS[card.difficulty]))
    if card.progress is not None and card.enrollment in {"active", "completed"}:
        facts.append(turn.say("you have done {part}", part=turn.texts.percent(card.progress)))
    return ", ".join(facts)


def _length(turn: Turn, minutes: int) -> str:
    if minutes < 90:
        return turn.count("about {n} minute", "about {n} minutes", minutes)
    return turn.count("about {n} hour", "about {n} hours", round(minutes / 60))


@registry.control("course")
async def course_card(turn: Turn, pressed: Control) -> Reply:
    """Show one course with what can be done with it."""
    card = await catalog.card(turn.conn, turn.user_id, pressed.target)
    joined = card.enrollment in {"active", "completed"}
    first = turn.say("Continue") if joined else turn.say("Join and start")
    buttons = [Button(first, control("join", card.id), primary=True)]
    if not joined:
        items = await catalog.outline(turn.conn, turn.user_id, card.id)
        preview = next((item for item in items if item.is_preview), None)
        if preview:
            buttons.append(Button(turn.say("Preview"), control("lesson", preview.id)))
    buttons.append(Button(turn.say("Contents"), control("outline", card.id)))
    if card.enrollment == "active":
        buttons.append(Button(turn.say("Leave course"), control("leave", card.id)))
    text = f"**{card.title}**\n\n{card.summary}\n\n{_facts(turn, card)}."
    return Reply(text, rows=(tuple(buttons),))


@registry.control("join")
async def join(turn: Turn, pressed: Control) -> Answer:
    """Enrol and open the next thing."""
    card = await catalog.card(turn.conn, turn.user_id, pressed.target)
    return await join_and_continue(turn, card)


@registry.control("leave")
async def leave(turn: Turn, pressed: Control) -> Answer:
    """Ask first, then leave; progress is kept either way. What is finished stays."""
    card = await catalog.card(turn.conn, turn.user_id, pressed.target)
    if card.enrollment not in {"active", "dropped"}:
        return await course_card(turn, pressed)
    if pressed.argument != "yes":
        yes = Button(turn.say("Leave it"), control("leave", card.id, "yes"))
        no = Button(turn.say("Stay"), control("course", card.id), primary=True)
        return Reply(
            turn.say(
                "Leave **{course}**? What you have done is kept, and you can come back.",
                course=card.title,
            ),
            rows=((yes, no),),
        )
    await activity.leave(turn.conn, turn.user_id, card.id, turn.now)
    back = Button(turn.say("Join again"), control("join", card.id))
    return Reply(
        turn.say("You left **{course}**. Nothing you learned is gone.", course=card.title),
        rows=((back, line_button(turn.say("Other courses"), "/courses")),),
    )


@registry.control("outline")
async def outline(turn: Turn, pressed: Control) -> Reply:
    """Show the units of a course with how far each is, or the items of one unit."""
    card = await catalog.card(turn.conn, turn.user_id, pressed.target)
    items = await catalog.outline(turn.conn, turn.user_id, card.id)
    units = [list(group) for _, group in groupby(items, key=lambda item: item.unit_id)]
    if pressed.argument and pressed.number < len(units):
        return _unit(turn, card, units[pressed.number])
    lines = [f"**{card.title}**", ""]
    for number, unit in enumerate(units, start=1):
        done = sum(item.is_done for item in unit)
        lines.append(
            turn.say(
                "{number}. {unit}: {done} of {total} done",
                number=number,
                unit=unit[0].unit,
                done=done,
                total=len(unit),
            )
        )
    buttons = [
        Button(turn.say("Unit {number}", number=number + 1), control("outline", card.id, number))
        for number in range(min(len(units), UNIT_BUTTONS))
    ]
    rows = [tuple(buttons[start : start + 4]) for start in range(0, len(buttons), 4)]
    return Reply("\n".join(lines), rows=(*rows, (_continue(turn, card),)))


def _unit(turn: Turn, card: CourseCard, items: list[Item]) -> Reply:
    lines = [f"**{card.title}** · {items[0].unit}", ""]
    buttons = []
    for place, item in enumerate(items, start=1):
        lines.append(f"{place}. {item.title} ({_kind(turn, item)}, {_status(turn, item)})")
        opener = control(OPENERS[item.kind], item.id)
        buttons.append(Button(turn.say("Open {place}", place=place), opener))
    rows = [tuple(buttons[start : start + 5]) for start in range(0, len(buttons), 5)]
    up = Button(turn.say("All units"), control("outline", card.id))
    return Reply("\n".join(lines), rows=(*rows, (up, _continue(turn, card))))


def _continue(turn: Turn, card: CourseCard) -> Button:
    joined = card.enrollment in {"active", "completed"}
    label = turn.say("Continue") if joined else turn.say("Join and start")
    return Button(label, control("join", card.id), primary=True)


def _kind(turn: Turn, item: Item) -> str:
    return {
        "lesson": turn.say("lesson"),
        "quiz": turn.say("quiz"),
        "challenge": turn.say("challenge"),
    }.get(item.kind, item.kind)


def _status(turn: Turn, item: Item) -> str:
    if item.is_done:
        return turn.say("done")
    if item.missing:
        return turn.say("locked")
    if item.status == "in_progress":
        return turn.say("started")
    return turn.say("preview") if item.is_preview else turn.say("new")
