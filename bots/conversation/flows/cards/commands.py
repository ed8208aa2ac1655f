"""/cards: what is for today, and looking at one card after another."""

from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control, whole_number
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.cards import files, own, screens
from bots.conversation.flows.cards.screens import Sitting
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from domain import ids
from domain.activity import service as activity
from domain.errors import N_, Refusal
from domain.review import decks, service, sitting
from domain.review.scheduling import RATINGS

FEW = 5
MOST_SETS = 10
WORDS = ("again", "hard", "good", "easy")


@command("cards")
async def cards(turn: Turn, arguments: str) -> Reply:
    """Show what is for today, begin a set, or write, read and export cards."""
    word, _, rest = arguments.partition(" ")
    match word.lower():
        case "":
            return await _overview(turn)
        case "add":
            return await own.add(turn, rest.strip())
        case "import":
            return files.ask(turn)
        case "export":
            return await files.export(turn, rest.strip())
        case _:
            deck = await decks.find_deck(turn.conn, turn.user_id, arguments, turn.now)
            return await go_on(turn, Sitting(deck.id))


async def _overview(turn: Turn) -> Reply:
    at = screens.when(turn)
    table = await sitting.table_of(turn.conn, turn.user_id, at)
    mine = [one for one in await decks.decks_of(turn.conn, turn.user_id, turn.now) if one.cards]
    if not mine:
        raise Refusal(
            N_("You have no cards yet. Join a course that has some, or write: /cards add 2+2 | 4"),
            choices=("/courses",),
        )
    lines = [screens.today_line(turn, table)]
    lines += [
        f"- {screens.set_name(one)}: "
        + turn.count("{n} card", "{n} cards", one.cards)
        + (", " + turn.say("{n} due", n=one.due) if one.due else "")
        for one in mine[:MOST_SETS]
    ]
    text = lines[0] + "\n\n" + "\n".join(lines[1:])
    if facts := await screens.facts(turn, at):
        text += "\n\n" + facts
    begin = (
        (
            Button(turn.say("Begin"), control("card.begin"), primary=True),
            Button(turn.say("Only {n}", n=FEW), control("card.begin", None, FEW)),
        )
        if table.left
        else ()
    )
    others = (
        line_button(turn.say("Write a card"), "/cards add"),
        line_button(turn.say("Import"), "/cards import"),
        line_button(turn.say("Export"), "/cards export"),
    )
    return Reply(text, rows=(begin, others) if begin else (others,))


@registry.control("card.begin")
async def begin(turn: Turn, pressed: Control) -> Reply:
    """Begin with the cards of today, all or a few."""
    limit = pressed.number if pressed.argument else None
    return await go_on(turn, Sitting(pressed.id, limit))


async def go_on(turn: Turn, now: Sitting, before: str = "", last: UUID | None = None) -> Reply:
    """Show the next card of a sitting, or how it went.

    Args:
        turn: the open turn.
        now: the set and how many cards are still to come.
        before: what to say first.
        last: the card that was just looked at.
    """
    at = screens.when(turn)
    table = await sitting.table_of(turn.conn, turn.user_id, at, now.deck)
    if now.deck is None:
        await sitting.spread_backlog(turn.conn, turn.user_id, at, table)
    table = now.within(table)
    card = await sitting.next_card(turn.conn, turn.user_id, at, table, now.deck, last)
    device = turn.incoming.actor.platform
    if card is None:
        await activity.touch(turn.conn, turn.user_id, None, device, turn.now)
        turn.expect_nothing()
        return await screens.done(turn, at, table, before)
    face = await decks.card_of(turn.conn, turn.user_id, card)
    await activity.touch(
        turn.conn, turn.user_id, None if face.is_own else face.set_id, device, turn.now
    )
    memory, seen, _ = await service.memory_of(turn.conn, turn.user_id, card)
    is_repeat = memory.last_review is not None and memory.last_review >= at.begins
    return screens.front(turn, face, now, table, seen, before, is_repeat=is_repeat)


@registry.control("card")
async def shown_again(turn: Turn, pressed: Control) -> Reply:
    """Go on with the sitting that a button belongs to."""
    _, now = Sitting.read(pressed.argument)
    return await go_on(turn, now)


@registry.control("card.b")
async def back(turn: Turn, pressed: Control) -> Reply:
    """Show the other side."""
    seen, now = Sitting.read(pressed.argument)
    return await _back(turn, pressed.target, seen, now)


async def _back(turn: Turn, card: UUID, seen: int, now: Sitting) -> Reply:
    face = await decks.card_of(turn.conn, turn.user_id, card)
    memory, known, _ = await service.memory_of(turn.conn, turn.user_id, card)
    if known != seen:  # looked at meanwhile, from another chat
        return await go_on(turn, now)
    return screens.back(turn, face, now, memory, seen)


@registry.control("rate")
async def rated(turn: Turn, pressed: Control) -> Reply:
    """Rate the card and show the next one."""
    rating, _, rest = pressed.argument.partition(".")
    seen, now = Sitting.read(rest)
    return await _rate(turn, pressed.target, whole_number(rating), seen, now)


async def _rate(turn: Turn, card: UUID, rating: int, seen: int, now: Sitting) -> Reply:
    if rating not in RATINGS:
        raise StaleControl
    at = screens.when(turn)
    incoming = turn.incoming
    key = ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id, "card")
    memory, _, _ = await service.memory_of(turn.conn, turn.user_id, card)
    one = service.Look(key, card, rating, seen, screens.time_at(turn, card))
    looked = await service.look(turn.conn, turn.user_id, turn.identity_id, one, at)
    if looked.counted and (memory.last_review is None or memory.last_review < at.begins):
        now = now.one_less()
    before = screens.reward(turn, looked)
    if looked.is_stubborn:
        return screens.stubborn(turn, card, now, before)
    return await go_on(turn, now, before, card)


@typed(screens.TYPED)
async def typed_card(turn: Turn, text: str) -> Reply:
    """Any word shows the other side; there, 1 to 4 or the words on the buttons rate it."""
    card, seen, now = screens.expected(turn)
    if not screens.shows_back(turn):
        return await _back(turn, card, seen, now)
    word = text.strip().lower()
    words = [screens.rating_word(turn, rating).lower() for rating in RATINGS]
    for known in (("1", "2", "3", "4"), WORDS, words):
        if word in known:
            return await _rate(turn, card, known.index(word) + 1, seen, now)
    raise Refusal(N_("Type 1 (again), 2 (hard), 3 (good) or 4 (easy), or press a button."))
