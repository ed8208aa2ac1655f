"""A stock bot on the real library: it echoes commands, buttons and dialogs, and knows nothing."""

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_at(url: str) -> None:
    """Let the library talk to a loopback server."""
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1) + "/gateway/")


class EchoView(discord.ui.View):
    """One button that says how often it was pressed."""

    def __init__(self, count: int = 0) -> None:
        super().__init__(timeout=None)
        self.add_item(EchoButton(count))
        self.add_item(Ask())


class EchoButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"echo:(\d+)"
):
    """A button that survives a restart."""

    def __init__(self, count: int) -> None:
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label="Press", custom_id=f"echo:{count}"
        )
        super().__init__(button)
        self.count = count

    @classmethod
    async def from_custom_id(cls, interaction, item, match, /):
        return cls(int(match[1]))

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        view = EchoView(self.count + 1)
        view.stop()
        await interaction.response.edit_message(content=f"Pressed {self.count + 1}.", view=view)


class Ask(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template="ask"):
    """A button that opens a dialog."""

    def __init__(self) -> None:
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label="Ask…", custom_id="ask"
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(cls, interaction, item, match, /):
        return cls()

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.send_modal(Dialog())


class Dialog(discord.ui.Modal, title="Say something"):
    """A dialog with one field."""

    words: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(label="Words")

    async def on_submit(self, interaction: discord.Interaction[discord.Client], /) -> None:
        await interaction.response.send_message(f"You said {self.words.value}.", ephemeral=True)


class EchoBot(discord.Client):
    """The bot."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.dm_messages = True
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=None)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(EchoButton, Ask)

        @self.tree.command(description="Echo")
        async def echo(interaction: discord.Interaction[EchoBot], words: str = "nothing") -> None:
            view = EchoView()
            view.stop()
            await interaction.response.send_message(f"You said {words}.", view=view)

        @self.tree.command(description="Think first")
        async def think(interaction: discord.Interaction[EchoBot]) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.edit_original_response(content="Thought.")
            await interaction.followup.send("And more.", ephemeral=True)

        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot and message.guild is None:
            files = [await one.read() for one in message.attachments]
            await message.channel.send(f"Read {message.content} and {b''.join(files)!r}")
