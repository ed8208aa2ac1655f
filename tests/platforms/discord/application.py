"""REST: the bot itself, and its commands."""

from tests.platforms.discord import commands, shapes
from tests.platforms.discord.api import Answer, Api, Call
from tests.platforms.discord.gateway import Gateway
from tests.platforms.discord.world import World


class Application:
    """Handlers of what is not about a place."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def register(self, api: Api) -> None:
        """Add the routes."""
        api.route("GET", "/gateway/bot", self.gateway_bot)
        api.route("GET", "/users/@me", self.me)
        api.route("GET", "/oauth2/applications/@me", self.application)
        api.route("GET", "/applications/{application}/commands", self.commands)
        api.route("PUT", "/applications/{application}/commands", self.put_commands)

    async def gateway_bot(self, call: Call) -> Answer:
        """Where the gateway is."""
        gateway = self.gateway
        limit = {"total": 1000, "remaining": 1000 - gateway.identified, "reset_after": 86_400_000}
        limit["max_concurrency"] = gateway.max_concurrency
        shards = gateway.shards
        return 200, {"url": gateway.url, "shards": shards, "session_start_limit": limit}

    async def me(self, call: Call) -> Answer:
        """The bot's own account."""
        return 200, shapes.myself(self.world.bot)

    async def application(self, call: Call) -> Answer:
        """The bot's application."""
        return 200, shapes.application(self.world)

    async def commands(self, call: Call) -> Answer:
        """The commands as they are registered."""
        return 200, self.world.commands

    async def put_commands(self, call: Call) -> Answer:
        """Replace all commands."""
        commands.check_all(call.tree)
        known = {(one["type"], one["name"]): one for one in self.world.commands}
        self.world.commands = []
        for given in call.tree:
            kind = given.get("type", commands.CHAT_INPUT)
            before = known.get((kind, given["name"]))
            new = str(self.world.new_id())
            self.world.commands.append(
                {
                    "default_member_permissions": None,
                    "description": "",
                    "options": [],
                    **{
                        name: _told(name, value)
                        for name, value in given.items()
                        if value is not None
                    },
                    "id": before["id"] if before else new,
                    "application_id": call.parts["application"],
                    "version": new,
                    "type": kind,
                }
            )
        self.world.command_writes += 1
        return 200, self.world.commands


def _told(name: str, value: object) -> object:
    """A value as Discord tells it: permissions are given as a number and told as text."""
    return str(value) if name == "default_member_permissions" else value
