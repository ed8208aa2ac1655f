"""Replies as Telegram would judge them, by its specification and the rules it only writes down."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from telegram.request import RequestData

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.telegram import calls
from bots.telegram.calls import Target
from bots.telegram.client import StoaBot
from bots.telegram.drawing import Message, draw, notice_of
from bots.telegram.transport import AiohttpRequest
from tests.platforms.telegram import limits, spec
from tests.platforms.telegram.text import check_markup, checked, faults_of_entities, units
from tests.platforms.telegram.wire import ApiError, Upload

TOKEN = "7000000001:AAloopback-loopback-loopback-loopba"
CHAT, GROUP = 600_000_001, -1_002_000_000_001
SENT = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": CHAT, "type": "private"}}
# What Telegram's clients make a link or a mention of by themselves, wherever it stands in a text.
_WAKES = re.compile(r"(?<!\w)@\w{3,}|\w://\w|\w\.(?:com|org|net|py|io)\b")
_QUIET = frozenset({"code", "pre", "text_link"})


class Recorder(AiohttpRequest):
    """A transport that keeps requests, and answers each as Telegram answers a message."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[tuple[str, dict[str, Any]]] = []

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        values: dict[str, Any] = dict(request_data.parameters) if request_data else {}
        if request_data is not None and request_data.contains_files:
            files: dict[str, Any] = dict(request_data.multipart_data)
            for name, (filename, content, mime) in files.items():
                whole = content if isinstance(content, bytes) else content.read()
                values[name] = Upload(filename, whole, mime)
        self.requests.append((url.rpartition("/")[2], values))
        return 200, json.dumps({"ok": True, "result": SENT}).encode()

    async def call(self, url: str, values: Mapping[str, object]) -> object:
        given = {name: value for name, value in values.items() if value is not None}
        self.requests.append((url.rpartition("/")[2], given))
        return SENT


def bot_with(transport: AiohttpRequest) -> StoaBot:
    """A bot over a transport, not asked who it is."""
    return StoaBot(TOKEN, calls=transport)


async def requests_of(reply: Reply, texts: Texts, *, group: bool) -> list[tuple[str, Any]]:
    """What is sent for a reply, by the real library; then the same messages as edits."""
    transport = Recorder()
    bot = bot_with(transport)
    chat = GROUP if group else CHAT
    for part in draw(reply, texts, group=group):
        await calls.send(bot, Target(chat, 7 if group else None, 5 if group else None), part)
        if isinstance(part, Message):
            await calls.edit(bot, chat, 1, part)
    if reply.notice:
        await calls.answer_press(bot, "1", notice_of(reply), alert=True)
    return transport.requests


async def refused(reply: Reply, texts: Texts) -> list[str]:
    """What Telegram would refuse in a reply, or do with it that nobody asked for."""
    found = []
    for group in (False, True):
        for method, values in await requests_of(reply, texts, group=group):
            found += [f"{method}: {fault}" for fault in faults_of(method, values)]
    return found


def faults_of(method: str, values: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one request."""
    known = spec.load()
    if known is not None:
        yield from known.faults_of_request(method, values)
    if "parse_mode" in values:
        yield "a parse mode"
    name = "text" if "text" in values else "caption"
    words, entities = str(values.get(name, "")), values.get("entities", [])
    if method == "answerCallbackQuery":
        if units(words) > limits.NOTICE:
            yield f"{units(words)} units of a notice"
        return
    most = limits.TEXT if name == "text" else limits.CAPTION
    try:
        checked(words, entities, most, "message")
        if "reply_markup" in values:
            check_markup(values["reply_markup"], edit=method == "editMessageText")
    except ApiError as error:
        yield error.description
    if name == "text" and not words.strip():
        yield "message text is empty"
    yield from faults_of_entities(entities)
    if words:
        yield from (f"wakes: {found!r}" for found in awake(words, entities))
    placeholder = values.get("reply_markup", {}).get("input_field_placeholder", "")
    if units(placeholder) > limits.PLACEHOLDER:
        yield f"placeholder of {units(placeholder)} units"


def awake(words: str, entities: list[dict[str, Any]]) -> list[str]:
    """Mentions and links that Telegram would make of plain text."""
    raw = words.encode("utf-16-le")
    for entity in entities:
        if entity["type"] in _QUIET:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            raw = raw[:start] + "\ue000".encode("utf-16-le") * ((end - start) // 2) + raw[end:]
    return _WAKES.findall(raw.decode("utf-16-le", "replace"))
