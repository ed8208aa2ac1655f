"""REST: answers to interactions, and follow-ups with their tokens."""

from tests.platforms.discord import components, errors, limits, messages, shapes
from tests.platforms.discord.api import Answer, Api, Call
from tests.platforms.discord.channels import Channels
from tests.platforms.discord.errors import ApiError, Form, Json
from tests.platforms.discord.world import (
    AUTOCOMPLETE,
    COMPONENT,
    MODAL,
    SLASH,
    Interaction,
    Message,
    World,
)

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
_SETTABLE = limits.EPHEMERAL


class Interactions:
    """Handlers of `/interactions` and `/webhooks`."""

    def __init__(self, world: World, channels: Channels) -> None:
        self.world, self.channels = world, channels

    def register(self, api: Api) -> None:
        """Add the routes."""
        hook = "/webhooks/{application}/{token}"
        api.route("POST", "/interactions/{interaction}/{token}/callback", self.callback)
        api.route("POST", hook, self.follow_up)
        for word, one in (("GET", self.get), ("PATCH", self.edit), ("DELETE", self.delete)):
            api.route(word, hook + "/messages/{message}", one)

    # --- the first answer

    async def callback(self, call: Call) -> Answer:
        """The first answer: once, and in time."""
        one = self.world.interactions.get(call.parts["token"])
        if one is None or one.id != call.number("interaction"):
            raise errors.unknown_interaction()
        if one.answer is not None:
            raise errors.already_acknowledged()
        if self.world.now() - one.created > limits.FIRST_ANSWER_S:
            raise errors.unknown_interaction()
        kind, data = call.body.get("type"), call.body.get("data") or {}
        self._fits(one, kind)
        if kind == CHOICES:
            one.choices = _checked_choices(data)
        elif kind == FORM:
            components.check_modal(data)
            one.modal = data
        elif kind in (MESSAGE, UPDATE):
            self._check(one, kind, data, call)
        one.answer = int(str(kind))
        self.world.on_answer(one)
        if kind in (MESSAGE, DEFERRED):
            one.original = self._new_message(one, call, data, loading=kind == DEFERRED)
            await self.channels.announce("MESSAGE_CREATE", one.original)
        elif kind in (UPDATE, DEFERRED_UPDATE):
            one.original = one.message
            if kind == UPDATE and one.message is not None:
                one.message.edited = self.world.time()
                self.channels.write(one.message, call, data)
                await self.channels.announce("MESSAGE_UPDATE", one.message)
        if call.query.get("with_response") in ("1", "true"):
            return 200, self._told(one)
        return 204, None

    def _fits(self, one: Interaction, kind: object) -> None:
        from_message = one.kind == COMPONENT or (one.kind == MODAL and one.message is not None)
        allowed = {
            SLASH: {MESSAGE, DEFERRED, FORM},
            COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, FORM},
            AUTOCOMPLETE: {CHOICES},
            MODAL: {MESSAGE, DEFERRED} | ({DEFERRED_UPDATE, UPDATE} if from_message else set()),
        }
        if kind not in allowed[one.kind]:
            form = Form()
            form.wrong(("type",), "BASE_TYPE_CHOICES", f"Not an answer to type {one.kind}: {kind}.")
            form.refuse_if_wrong()

    def _check(self, one: Interaction, kind: int, data: Json, call: Call) -> None:
        if kind == UPDATE:
            if one.message is None or one.message.id not in one.message.channel.messages:
                raise errors.unknown_message()
            before = shapes.message(one.message)
            messages.check(data, call.files, flags=one.message.flags, before=before)
        else:
            messages.check(data, call.files, most_flags=_SETTABLE)

    def _new_message(
        self, one: Interaction, call: Call, data: Json, *, loading: bool = False
    ) -> Message:
        message = self.world.add_message(one.channel, self.world.bot)
        message.interaction = one
        flags = data.get("flags") or 0
        if flags & limits.EPHEMERAL or self._is_forced(one):
            message.only = one.user
        if loading:
            message.flags = limits.LOADING | (flags & limits.EPHEMERAL)
        else:
            self.channels.write(message, call, data)
        if message.only is not None:
            message.flags |= limits.EPHEMERAL
        return message

    @staticmethod
    def _is_forced(one: Interaction) -> bool:
        guild = one.channel.guild
        return guild is not None and not guild.installed and not one.channel.allowed

    def _told(self, one: Interaction) -> Json:
        told: Json = {"id": str(one.id), "type": one.kind, "channel_id": str(one.channel.id)}
        answer: Json = {"interaction": told}
        if one.original is not None:
            told["response_message_id"] = str(one.original.id)
            told["response_message_loading"] = one.original.is_loading
            told["response_message_ephemeral"] = one.original.only is not None
        if one.original is not None and one.answer in (MESSAGE, DEFERRED, UPDATE):
            answer["resource"] = {"type": one.answer, "message": shapes.message(one.original)}
            if one.answer == DEFERRED:
                answer["resource"]["type"] = MESSAGE
        return answer

    # --- afterwards

    def _answered(self, call: Call) -> Interaction:
        one = self.world.interactions.get(call.parts["token"])
        if one is None or call.parts["application"] != str(self.world.bot.id):
            raise errors.unknown_webhook()
        if self.world.now() - one.created > limits.TOKEN_S:
            raise errors.token_expired()
        if one.answer is None:
            raise errors.unknown_webhook()
        return one

    def _message(self, one: Interaction, call: Call) -> Message:
        if call.parts["message"] == "@original":
            found = one.original
        else:
            found = one.channel.messages.get(call.number("message"))
        if found is None or found.id not in found.channel.messages:
            raise errors.unknown_message()
        if found.interaction is not one and found is not one.original:
            raise errors.unknown_message()
        return found

    async def follow_up(self, call: Call) -> Answer:
        """One more message; after a deferred answer the first one takes its place."""
        one = self._answered(call)
        if one.original is not None and one.original.is_loading and one.answer == DEFERRED:
            return await self._edit(one.original, call)
        guild = one.channel.guild
        one.followups += 1
        if guild and not guild.installed and one.followups > limits.FOLLOWUPS_OUTSIDE:
            raise ApiError(400, 40094, "This interaction reached its number of follow-ups")
        messages.check(call.body, call.files, most_flags=_SETTABLE)
        message = self._new_message(one, call, call.body)
        await self.channels.announce("MESSAGE_CREATE", message)
        return 200, shapes.message(message)

    async def get(self, call: Call) -> Answer:
        """A message made with this token."""
        return 200, shapes.message(self._message(self._answered(call), call))

    async def edit(self, call: Call) -> Answer:
        """Change a message made with this token."""
        return await self._edit(self._message(self._answered(call), call), call)

    async def _edit(self, message: Message, call: Call) -> Answer:
        flags = message.flags & ~limits.LOADING
        before = None if message.is_loading else shapes.message(message)
        wished = {
            name: one for name, one in call.body.items() if name != "flags" or one is not None
        }
        messages.check(wished, call.files, flags=flags | _SETTABLE, before=before)
        was_loading = message.is_loading
        if "flags" in wished:
            wished["flags"] &= ~limits.EPHEMERAL  # as the answer was, so it stays
        if not was_loading:
            message.edited = self.world.time()
        self.channels.write(message, call, wished)
        await self.channels.announce("MESSAGE_UPDATE", message)
        return 200, shapes.message(message)

    async def delete(self, call: Call) -> Answer:
        """Take a message made with this token away."""
        await self.channels.remove(self._message(self._answered(call), call))
        return 204, None


def _checked_choices(data: Json) -> list[Json]:
    choices: list[Json] = data.get("choices") or []
    form = Form()
    form.count(("choices",), choices, 0, limits.MOST_CHOICES)
    for number, choice in enumerate(choices):
        form.length(("choices", number, "name"), choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            form.length(("choices", number, "value"), choice["value"], 0, 100)
    form.refuse_if_wrong()
    return choices
