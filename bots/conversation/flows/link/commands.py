"""/link: one learner on several platforms, agreed to on both sides."""

import logging
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control
from bots.conversation.dialogue import Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.link import screens
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from bots.observability.request import note
from domain import ids
from domain.activity import service as activity
from domain.adaptivity.rebuild import rebuild_model
from domain.database import Database
from domain.errors import N_, Refusal
from domain.identity import codes, linking, presence
from domain.identity.linking import Link
from domain.motivation.rebuild import rebuild_learner
from domain.quizzes import grading
from domain.quizzes.sheet import load_sheet
from domain.settings import ConfigurationError, encryption_secret

log = logging.getLogger(__name__)

IN_PRIVATE = N_("Accounts are linked in private only. Write to me alone, and type /link there.")
NOTHING_OPEN = N_("Nobody asks to join this account now. Ask for a code with /link.")


@command("link")
async def link(turn: Turn, arguments: str) -> Reply:
    """Give a code, take a code, or answer the other account: `yes ID`, `no ID`."""
    word, _, rest = arguments.partition(" ")
    if turn.incoming.place.kind != "private":
        return await _in_public(turn, arguments)
    if word in {"yes", "no"} and rest:
        return await _answered(turn, _id_of(rest), agreed=word == "yes")
    if arguments:
        return await entered(turn, codes.read_code(arguments) or arguments[:100])
    live = await linking.live_link(turn.conn, turn.now)
    if live is not None and live.status != "open":
        return _standing(turn, live)
    turn.expect("link.code")  # or this is the second account, and its code comes next
    bot = await presence.bot_name(turn.conn, "telegram")
    offer = await linking.offer(turn.conn, turn.identity_id, _secret(turn), turn.now)
    return screens.offered(turn, offer, bot)


async def entered(turn: Turn, words: str) -> Reply:
    """A code was typed, or a token came with a link."""
    outcome, found = await linking.claim(
        turn.conn, turn.identity_id, words, _secret(turn), turn.now
    )
    if outcome != "claimed" or found is None:
        note("refused")
        if outcome == "unknown":
            turn.expect("link.code")
        return screens.declined(turn, outcome)
    turn.expect_nothing()
    return _standing(turn, await link_of(turn, found))


@typed("link.code")
async def code_typed(turn: Turn, text: str) -> Reply:
    """Take the code that was asked for."""
    if turn.incoming.place.kind != "private":
        return await _in_public(turn, text)
    code = codes.read_code(text)
    if code is None:
        raise Refusal(
            N_("That is no code; a code looks like 7KQ4-X2M9. /stop leaves this."),
            choices=("/stop", "/help"),
        )
    return await entered(turn, code)


async def entered_by_link(turn: Turn, token: str) -> Reply:
    """A link with a token was followed."""
    if turn.incoming.place.kind != "private":
        return await _in_public(turn, token)
    return await entered(turn, token)


async def waiting(turn: Turn) -> Reply | None:
    """What the menu shows instead while the first account is asked to agree."""
    live = await linking.live_link(turn.conn, turn.now)
    if live is None or not live.is_first or live.status != "confirmed":
        return None
    return screens.who_joins(turn, live)


@registry.control("link.yes")
async def yes(turn: Turn, pressed: Control) -> Reply:
    """One side agrees."""
    return await _answered(turn, pressed.target, agreed=True)


@registry.control("link.no")
async def no(turn: Turn, pressed: Control) -> Reply:
    """One side declines."""
    return await _answered(turn, pressed.target, agreed=False)


async def _in_public(turn: Turn, arguments: str) -> Reply:
    """Nothing is linked where others read; a code that they have seen works no longer."""
    words = codes.read_code(arguments) or arguments[:100]
    if not words or not await linking.burn(turn.conn, words, _secret(turn), turn.now):
        raise Refusal(IN_PRIVATE)
    note("refused")
    text = turn.say(
        "Others can read here, so that code works no longer. Ask for a new one in private: /link"
    )
    return Reply(text, notice=text)


async def _answered(turn: Turn, known: UUID, *, agreed: bool) -> Reply:
    if turn.incoming.place.kind != "private":
        raise Refusal(IN_PRIVATE)
    found = await link_of(turn, known)
    if not agreed:
        return await _decline(turn, found)
    if found.status == "joined":
        return screens.joined(turn, found)
    if found.expires_at <= turn.now:
        raise Refusal(N_("This took too long. Begin again with /link."), choices=("/link",))
    if not found.is_first:
        return await _agree_as_joining(turn, found)
    if found.status != "confirmed":
        raise Refusal(N_("The other account has not agreed yet."), choices=("/link",))
    return await _join(turn, found)


async def _agree_as_joining(turn: Turn, found: Link) -> Reply:
    if found.status == "claimed" and not await linking.confirm(turn.conn, found.id, turn.now):
        raise Refusal(NOTHING_OPEN, choices=("/link",))
    key = ids.to_base62(found.id)
    await linking.tell(
        turn.conn,
        found.id,
        first=True,
        key="asked",
        text=screens.ASKED,
        values={
            "name": found.joining_name or "",
            "platform": screens.place(found.joining_platform),
        },
        choices=(f"/link yes {key}", f"/link no {key}"),
        now=turn.now,
    )
    return screens.waits_for_first(turn, found)


async def _join(turn: Turn, found: Link) -> Reply:
    """Hand in what is open twice, join, derive again, tell: all in this transaction."""
    stays = turn.user_id
    for learner, attempt in await linking.doubly_open(turn.conn, found.id):
        await Database.become(turn.conn, learner)
        sheet = await load_sheet(turn.conn, learner, attempt)
        await grading.grade(turn.conn, sheet, turn.now)
        await Database.become(turn.conn, stays)
    gone = await linking.join(turn.conn, found.id, turn.now)
    if gone is None:
        raise Refusal(
            N_("These accounts cannot be joined any more. Begin again with /link."),
            choices=("/link",),
        )
    await derive_again(turn, stays)
    await tell_other(turn, found, "joined", screens.JOINED, ("/progress", "/unlink"))
    return screens.joined(turn, found)


async def _decline(turn: Turn, found: Link) -> Reply:
    turn.expect_nothing()
    if not await linking.cancel(turn.conn, found.id):
        raise Refusal(
            N_("That is over already. /link begins anew, /unlink parts joined accounts."),
            choices=("/link", "/start"),
        )
    if found.joining_identity is not None:
        await tell_other(turn, found, "declined", screens.NOT_JOINED, ("/start",))
    return Reply(
        turn.say("Nothing was joined, and the code works no longer."),
        rows=((line_button(turn.say("Menu"), "/start"),),),
    )


def _standing(turn: Turn, live: Link) -> Reply:
    """Where a link that waits for an answer stands, for either side."""
    if live.is_first and live.status == "confirmed":
        return screens.who_joins(turn, live)
    if live.is_first:
        return Reply(
            turn.say(
                "**{name}** on {platform} has your code. Agree there first.",
                name=escape(live.joining_name or ""),
                platform=screens.place(live.joining_platform),
            ),
            rows=(screens.cancel_row(turn, live),),
        )
    if live.status == "claimed":
        return screens.who_asks(turn, live)
    return screens.waits_for_first(turn, live)


async def link_of(turn: Turn, known: UUID) -> Link:
    """The link of that id, if the present learner takes part in it.

    Raises:
        Refusal: they do not, or it is over.
    """
    for one in await linking.links(turn.conn):
        if one.id == known:
            return one
    raise Refusal(NOTHING_OPEN, choices=("/link", "/start"))


async def tell_other(
    turn: Turn, found: Link, key: str, text: str, choices: tuple[str, ...], platform: str = ""
) -> None:
    """Tell each account of a link that is not the one that writes now.

    Args:
        turn: of the one that writes.
        found: the link.
        key: names the news.
        text: a sentence with `{platform}`: the other account's, as seen by whoever is told.
        choices: next steps.
        platform: instead of that one.
    """
    sides = (
        (True, found.first_identity, found.joining_platform),
        (False, found.joining_identity, found.first_platform),
    )
    for first, account, other in sides:
        if account == turn.identity_id:
            continue
        await linking.tell(
            turn.conn,
            found.id,
            first=first,
            key=f"{key}:{'first' if first else 'joining'}",
            text=text,
            values={"platform": screens.place(platform or other)},
            choices=choices,
            now=turn.now,
            lifetime=None,
        )


async def derive_again(turn: Turn, learner: UUID) -> None:
    """Bring up to date what follows from rows that came or went."""
    await activity.recount_all(turn.conn, learner, turn.now)
    await rebuild_learner(turn.conn, learner, turn.now)
    await rebuild_model(turn.conn, learner, joined=True)


def _id_of(text: str) -> UUID:
    try:
        return ids.from_base62(text.strip())
    except ValueError:
        raise Refusal(NOTHING_OPEN, choices=("/link",)) from None


def _secret(turn: Turn) -> bytes:
    try:
        return encryption_secret(turn.services.settings)
    except ConfigurationError as error:
        log.error("accounts cannot be linked: %s", error)
        raise Refusal(
            N_("Accounts cannot be linked here yet. Tell the people who run this Stoa.")
        ) from error
