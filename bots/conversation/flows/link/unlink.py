"""/unlink: accounts that were joined are parted, after it was said what that does."""

from bots.conversation import registry
from bots.conversation.controls import Control
from bots.conversation.dialogue import Reply
from bots.conversation.flows.link import screens
from bots.conversation.flows.link.commands import IN_PRIVATE, derive_again, link_of, tell_other
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.database import Database
from domain.errors import N_, Refusal
from domain.identity import linking
from domain.identity.linking import Link


@command("unlink")
async def unlink(turn: Turn, arguments: str) -> Reply:  # noqa: ARG001 - the handlers' signature
    """Say what parting the accounts does, and offer it."""
    if turn.incoming.place.kind != "private":
        raise Refusal(IN_PRIVATE)
    joined = [one for one in await linking.links(turn.conn) if one.status == "joined"]
    if not joined:
        raise Refusal(
            N_("This account is joined with no other. /link joins it with another one."),
            choices=("/link", "/start"),
        )
    if len(joined) > 1:
        return screens.choose_parting(turn, joined)
    return await _ask_to_part(turn, joined[0])


@registry.control("unlink.ask")
async def ask_to_part(turn: Turn, pressed: Control) -> Reply:
    """Say what parting one of several accounts does."""
    return await _ask_to_part(turn, await link_of(turn, pressed.target))


@registry.control("unlink.yes")
async def part(turn: Turn, pressed: Control) -> Reply:
    """Part two accounts, and tell the other one."""
    if turn.incoming.place.kind != "private":
        raise Refusal(IN_PRIVATE)
    known = await link_of(turn, pressed.target)
    stays = turn.user_id
    parted = await linking.part(turn.conn, known.id, turn.now)
    if parted is None:
        raise Refusal(N_("These accounts are parted already."), choices=("/start",))
    for learner in (parted, stays):
        await Database.become(turn.conn, learner)
        await derive_again(turn, learner)
    await Database.become(turn.conn, stays)
    await tell_other(turn, known, "parted", screens.PARTED, ("/progress",))
    await Database.become(turn.conn, await linking.owner_of(turn.conn, turn.identity_id))
    return screens.parted(turn, known)


async def _ask_to_part(turn: Turn, found: Link) -> Reply:
    if found.status != "joined":
        raise Refusal(N_("These accounts are parted already."), choices=("/start",))
    key, here = f"part-asked:{turn.now:%Y-%m-%d}", turn.incoming.actor.platform
    await tell_other(turn, found, key, screens.PART_ASKED, (), here)
    return screens.before_parting(turn, found)
