"""What Telegram says about the bot itself: added to a group, blocked, moved to another id."""

import logging

from telegram.error import BadRequest, Forbidden

from bots.conversation.dialogue import Button, Reply
from bots.conversation.texts import choose, texts_for
from bots.telegram import calls
from bots.telegram.calls import Target
from bots.telegram.client import StoaBot
from bots.telegram.drawing import draw
from bots.telegram.hearing import Me, Membership, Moved
from bots.telegram.outlets import Outlets
from domain.clock import Clock
from domain.database import Database
from domain.errors import N_
from domain.notifications import claims, outbox
from domain.sql import sql

log = logging.getLogger(__name__)

BLOCKED = "the chat was closed to the bot"
HELLO = N_(
    "Hello. I am Stoa, a study hall. Learning happens in our private chat, and nobody here sees it."
)
START = N_("Start learning")

_MOVE_COMMUNITY = sql("""
    UPDATE communities SET place_id = :new WHERE platform = 'telegram' AND place_id = :old
        AND NOT EXISTS (
            SELECT FROM communities c WHERE c.platform = 'telegram' AND c.place_id = :new)
""")
_MOVE_CHANNEL = sql("""
    UPDATE delivery_channels SET address = :new WHERE platform = 'telegram' AND address = :old
        AND NOT EXISTS (
            SELECT FROM delivery_channels c WHERE c.platform = 'telegram' AND c.address = :new)
""")
_MOVE_WAITING = sql("""
    UPDATE outbox SET address = :new
    WHERE platform = 'telegram' AND address = :old AND state = 'pending'
""")
_MOVE_PLACES = sql("""
    UPDATE conversations SET place_id = :new WHERE place_id = :old
        AND identity_id IN (SELECT id FROM identities WHERE provider = 'telegram')
        AND NOT EXISTS (
            SELECT FROM conversations c
            WHERE c.identity_id = conversations.identity_id AND c.place_id = :new)
""")


# Its message stays behind in the old chat; the round is shown anew in the new one.
_MOVE_ROUND = sql("""
    UPDATE live_chats
    SET address = :new || substr(address, length(:old) + 1), message_id = NULL, shown = NULL
    WHERE platform = 'telegram' AND ended_at IS NULL
        AND (address = :old OR starts_with(address, :old || ':'))
""")
_MOVES = (_MOVE_COMMUNITY, _MOVE_CHANNEL, _MOVE_WAITING, _MOVE_PLACES, _MOVE_ROUND)


class Groups:
    """Keeps what is stored about chats true.

    Args:
        database: written to as the worker.
        clock: says when a chat was closed.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def moved(self, move: Moved) -> None:
        """A group became a supergroup and has another id: what was stored about it moves along."""
        values = {"old": str(move.old), "new": str(move.new)}
        async with self.database.worker_unit_of_work() as conn:
            for statement in _MOVES:
                await conn.execute(statement, values)

    async def changed(self, change: Membership, outlets: Outlets, bot: StoaBot, me: Me) -> None:
        """The bot was blocked, unblocked, added or removed."""
        address = str(change.scene.chat)
        async with self.database.worker_unit_of_work() as conn:
            if change.is_in:
                await outbox.reopen(conn, "telegram", address)
            else:
                await claims.close(conn, "telegram", address, BLOCKED, self.clock.now())
        if change.scene.is_group and change.is_in and not change.was_in:
            await self._greet(change, outlets, bot, me)

    async def _greet(self, change: Membership, outlets: Outlets, bot: StoaBot, me: Me) -> None:
        texts = texts_for(choose(change.scene.locale))
        button = Button(texts.say(START), url=f"https://t.me/{me.username}?start=group")
        reply = Reply(texts.say(HELLO), rows=((button,),), private=False)
        chat = change.scene.chat
        (part,) = draw(reply, texts, group=True)

        async def work() -> None:
            await outlets.insist(chat, lambda: calls.send(bot, Target(chat), part))

        try:
            await outlets.put(chat, work)
        except (Forbidden, BadRequest) as error:
            log.info("a group takes no message from the bot: %s", error.message)
