"""A stock python-telegram-bot bot that echoes: the floor that ours is measured against.

    python -m tests.platforms.telegram.echo_bot URL TOKEN

Text comes back with a button; a press is acknowledged and the message redrawn. Nothing is set but
the server's address: transport, parsing and queue are the library's own.
"""

import argparse

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

Context = ContextTypes.DEFAULT_TYPE


def keyboard(number: int) -> InlineKeyboardMarkup:
    """A row of two buttons, as a lesson page has."""
    return InlineKeyboardMarkup([
        [
            InlineKeyboardButton("Back", callback_data=f"back {number}"),
            InlineKeyboardButton("Next", callback_data=f"next {number}"),
        ]
    ])  # fmt: skip


async def echo(update: Update, _: Context) -> None:
    """Answer text with the same text."""
    assert update.message is not None
    await update.message.reply_text(update.message.text or "", reply_markup=keyboard(0))


async def pressed(update: Update, _: Context) -> None:
    """Acknowledge a press and redraw the message."""
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    await query.answer()
    number = int(query.data.split()[1]) + 1
    await query.edit_message_text(f"{query.data}: page {number}", reply_markup=keyboard(number))


def build(url: str, token: str, *, at_once: int = 0) -> "Application":  # type: ignore[type-arg]
    """The bot; `at_once`: updates worked at the same time, 0 for the library's default."""
    builder = Application.builder().token(token)
    builder = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    if at_once:
        builder = builder.concurrent_updates(at_once)
    bot = builder.build()
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    bot.add_handler(CallbackQueryHandler(pressed))
    return bot


def main() -> None:
    """Run from the command line until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--at-once", type=int, default=0)
    chosen = parser.parse_args()
    build(chosen.url, chosen.token, at_once=chosen.at_once).run_polling(timeout=10)


if __name__ == "__main__":
    main()
