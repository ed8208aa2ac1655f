"""Replies as Discord would judge them, by its own description and the rules it only writes down."""

from collections.abc import Iterator

from bots.conversation.dialogue import Reply
from bots.conversation.texts import Texts
from bots.discord.controls import Pressed, dialog, form_dialog, understand
from bots.discord.drawing import draw
from bots.discord.payloads import ACTION_ROW, Component, Drawn, Modal
from tests.platforms.discord.components import check_modal
from tests.platforms.discord.errors import ApiError, Json
from tests.platforms.discord.messages import check, mentions_everyone
from tests.platforms.discord.spec import judge_request

CHANNEL = "/channels/200000000000000001/messages"
CALLBACK = "/interactions/200000000000000001/aTokenOfAnInteraction/callback"


def as_json(value: object) -> Json:
    """What goes over the wire."""
    assert isinstance(value, dict)
    return value


def refused(reply: Reply, texts: Texts) -> list[str]:
    """What Discord would refuse in a reply, in the messages and in the dialogs they open."""
    found = []
    for drawn in draw(reply, texts):
        found += _refused_message(drawn)
        for custom_id, label in openers(drawn.components):
            found += refused_dialog(dialog(understand(custom_id), label, texts.say("Or files")))
    if reply.form is not None:
        found += refused_dialog(form_dialog(reply.form))
    return found


def openers(rows: list[Component]) -> Iterator[tuple[str, str]]:
    """The ids and labels of the buttons that open a dialog with one field."""
    for row in rows:
        assert row["type"] == ACTION_ROW
        for one in row["components"]:
            pressed: Pressed = understand(one.get("custom_id", ""))
            if pressed.what == "ask":
                yield one["custom_id"], one["label"]


def _refused_message(drawn: Drawn) -> list[str]:
    body = as_json(drawn.body())
    files = {number: (file.name, file.content) for number, file in enumerate(drawn.files)}
    found = []
    try:
        check(body, files)
    except ApiError as error:
        found.append(str(error))
    if mentions_everyone(body) or "@everyone" in drawn.content or "@here" in drawn.content:
        found.append(f"a mention in {drawn.content!r}")
    if body["allowed_mentions"] != {"parse": []}:
        found.append("mentions are allowed")
    judged = judge_request("POST", CHANNEL, body, multipart=bool(files))
    return [*found, judged] if judged else found


def refused_dialog(modal: Modal) -> list[str]:
    """What Discord would refuse in a dialog."""
    body = as_json(modal)
    found = []
    try:
        check_modal(body)
    except ApiError as error:
        found.append(str(error))
    judged = judge_request("POST", CALLBACK, {"type": 9, "data": body}, multipart=False)
    return [*found, judged] if judged else found
