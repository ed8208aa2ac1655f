"""Methods that tell the bot something: itself, chats, files, its commands."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from tests.platforms.telegram import limits
from tests.platforms.telegram.wire import Object, bad, forbidden
from tests.platforms.telegram.world import Chat, World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_EVERYTHING = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
    "gifts_from_channels",
)  # fmt: skip


class Reading:
    """Questions of the bot."""

    def __init__(self, world: World) -> None:
        self._world = world

    def me(self) -> Object:
        """getMe."""
        return self._world.bot.seen() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,  # privacy mode is on
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def chat(self, values: Object) -> Object:
        """getChat."""
        chat = self._known(values)
        return chat.seen() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(_GIFTS, True),
        }

    def member(self, values: Object) -> Object:
        """getChatMember."""
        chat, number = self._known(values), values["user_id"]
        known = {**self._world.users, self._world.bot.id: self._world.bot}
        if number not in known:
            raise bad("PARTICIPANT_ID_INVALID")
        user = known[number].seen()
        match chat.members.get(number):
            case "creator":
                return {"status": "creator", "user": user, "is_anonymous": False}
            case "administrator":
                rights = dict.fromkeys(_EVERYTHING, True)
                return {"status": "administrator", "user": user, **rights}
            case "member":
                return {"status": "member", "user": user}
        return {"status": "left", "user": user}

    def administrators(self, values: Object) -> list[Object]:
        """getChatAdministrators."""
        chat = self._known(values)
        if chat.type == "private":
            raise bad("there are no administrators in the private chat")
        return [
            self.member({"chat_id": chat.id, "user_id": number})
            for number, status in chat.members.items()
            if status in {"administrator", "creator"}
        ]

    def file(self, values: Object) -> Object:
        """getFile."""
        key = values["file_id"]
        if key not in self._world.files:
            raise bad("invalid file_id")
        name, content = self._world.files[key]
        if len(content) > limits.DOWNLOAD:
            raise bad("file is too big")
        return {
            "file_id": key,
            "file_unique_id": key[-16:],
            "file_size": len(content),
            "file_path": f"documents/{key}/{quote(name)}",
        }

    def set_commands(self, values: Object) -> bool:
        """setMyCommands."""
        commands = values["commands"]
        if len(commands) > limits.COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        names = [one["command"].removeprefix("/") for one in commands]
        if not all(map(_COMMAND.fullmatch, names)) or len(set(names)) < len(names):
            raise bad("BOT_COMMAND_INVALID")
        if not all(1 <= len(one["description"]) <= 256 for one in commands):
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._world.commands[list_of(values)] = commands
        return True

    def commands(self, values: Object) -> list[Object]:
        """getMyCommands."""
        return self._world.commands.get(list_of(values), [])

    def delete_commands(self, values: Object) -> bool:
        """deleteMyCommands."""
        self._world.commands.pop(list_of(values), None)
        return True

    def _known(self, values: Object) -> Chat:
        chat = self._world.chat(values["chat_id"])
        if not chat.present:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        return chat


def list_of(values: Mapping[str, object]) -> str:
    """The name of a list of commands: its scope and language."""
    scope = values.get("scope") or {"type": "default"}
    assert isinstance(scope, dict)
    place = ".".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
    language = str(values.get("language_code", ""))
    return f"{place}:{language}" if language else place
