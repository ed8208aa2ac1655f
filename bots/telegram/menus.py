"""The menu of commands, by place and language, made from the vocabulary.

Telegram is asked what it has, and told only what is different, so a restart changes nothing and a
menu that somebody edited with @BotFather is put right.
"""

import logging
from collections.abc import Iterator

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bots.conversation.texts import FALLBACK, available, texts_for
from bots.conversation.vocabulary import VERBS
from bots.telegram.hearing import GROUP_VERBS

log = logging.getLogger(__name__)

MOST = 100  # commands in one list
LONGEST = 256  # characters of a description
IN_GROUPS = GROUP_VERBS | {"start", "learn", "courses", "quiz", "code", "progress", "help"}


def commands(language: str, *, groups: bool) -> list[BotCommand]:
    """The menu of private chats or of groups in a language; in groups the short one."""
    texts = texts_for(language)
    return [
        BotCommand(verb.name, texts.say(verb.summary)[:LONGEST])
        for verb in VERBS
        if not groups or verb.name in IN_GROUPS
    ][:MOST]


def wanted() -> Iterator[tuple[BotCommandScope, str | None, list[BotCommand]]]:
    """Each list: its scope, its language (None: everybody else), its commands."""
    for scope, groups in (
        (BotCommandScopeAllPrivateChats(), False),
        (BotCommandScopeAllGroupChats(), True),
    ):
        for language in available():
            if language == FALLBACK:
                yield scope, None, commands(language, groups=groups)
            elif len(language) == 2:  # Telegram knows ISO 639-1 only
                yield scope, language, commands(language, groups=groups)


async def set_menus(bot: Bot) -> int:
    """Bring Telegram's lists up to date; how many were changed.

    Raises:
        TelegramError: Telegram could not be reached.
    """
    changed = 0
    for scope, language, menu in wanted():
        there = await bot.get_my_commands(scope, language)
        if list(there) != menu:
            await bot.set_my_commands(menu, scope, language)
            changed += 1
    if changed:
        log.info("%s menus of commands changed", changed)
    return changed
