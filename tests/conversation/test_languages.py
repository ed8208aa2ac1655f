"""Somebody who chose no language is spoken to in the platform's, also later and unasked."""

from dataclasses import replace

import pytest

from bots.conversation.dialogue import Text
from bots.conversation.router import Router
from bots.conversation.vocabulary import BY_NAME, VERBS, label_of
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.outbox import post
from domain.notifications.rules import Message
from domain.sql import sql
from tests.support.account import Account

_WHO = sql("""
    SELECT i.user_id, p.locale FROM identities i JOIN user_profiles p USING (user_id)
    WHERE i.subject = :subject
""")
SORRY = "Nothing was joined, and the code works no longer."


async def who(database: Database, account: Account):
    async with database.worker_unit_of_work() as conn:
        return (await conn.execute(_WHO, {"subject": account.actor.subject})).one()


async def is_told(database: Database, account: Account, key: str) -> str:
    """What a message that nobody asked for says."""
    user = (await who(database, account)).user_id
    now = account.clock.now()
    async with database.unit_of_work(user) as conn:
        assert await post(conn, Message(key, "news", SORRY, {}, now, user))
    return (await account.is_told(database))[-1]


@pytest.fixture
def polish(router: Router, clock: ManualClock) -> Account:
    return Account(router, clock, "telegram", "ola", "pl-PL")


async def test_the_platforms_language_is_not_a_choice(database: Database, polish: Account):
    first = await polish.says("/help")
    assert (await who(database, polish)).locale is None
    in_polish = await is_told(database, polish, "one")
    assert in_polish != SORRY
    polish.actor = replace(polish.actor, locale="en")
    assert await polish.says("/help") != first
    assert await is_told(database, polish, "two") == SORRY
    await polish.says("/settings language pl")
    assert await polish.says("/help") == first
    assert await is_told(database, polish, "three") == in_polish


async def test_next_steps_are_words_on_a_platform_and_lines_in_a_terminal(
    router: Router, clock: ManualClock
):
    ola = Account(router, clock, "discord", "labels")
    await ola.does(Text("?"))
    assert ola.labels == ["Continue learning", "Menu", "Help"]
    await ola.says("/settings time Warsav")
    assert "Settings: time Europe/Warsaw" in ola.labels
    typist = Account(router, clock, "terminal", "typist")
    await typist.does(Text("?"))
    assert typist.labels == ["/learn", "/start", "/help"]


def test_every_command_has_words_of_its_own_for_a_button():
    labels = [verb.label for verb in VERBS]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert label_of("/learn python") == (BY_NAME["learn"].label, "python")
    assert label_of("/link yes 7KQ4")[1] == ""
    assert label_of("/nonsense x") == ("/nonsense x", "")
