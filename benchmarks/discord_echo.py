"""A stock discord.py bot that echoes: the floor that the Discord door is measured against.

    python -m benchmarks.discord_echo URL TOKEN

`/echo` answers with two buttons, and a press redraws the message. The library does the rest with
its own loop, transport and registry of buttons; nothing is set but the server's address.
"""

import argparse

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Press = discord.Interaction[discord.Client]


class Page(discord.ui.View):
    """Two buttons, as a lesson page has. They work after a restart."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.turned = 0

    @discord.ui.button(label="Back", custom_id="back")
    async def back(self, press: Press, _: "discord.ui.Button[Page]") -> None:
        """Redraw the message."""
        await self._turn(press, "back")

    @discord.ui.button(label="Next", custom_id="next")
    async def next(self, press: Press, _: "discord.ui.Button[Page]") -> None:
        """Redraw the message."""
        await self._turn(press, "next")

    async def _turn(self, press: Press, word: str) -> None:
        self.turned += 1
        await press.response.edit_message(content=f"{word}: page {self.turned}", view=self)


class EchoBot(discord.Client):
    """The bot."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Say which commands and buttons there are."""
        page = Page()
        self.add_view(page)

        @self.tree.command(description="Echo")
        async def echo(press: discord.Interaction[EchoBot], words: str = "") -> None:
            await press.response.send_message(words, view=page)

        await self.tree.sync()


def main() -> None:
    """Run from the command line until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("token")
    chosen = parser.parse_args()
    Route.BASE = f"{chosen.url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(chosen.url.replace("http", "ws", 1) + "/gateway/")
    EchoBot().run(chosen.token, log_handler=None)


if __name__ == "__main__":
    main()
