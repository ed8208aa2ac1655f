"""Buttons, menus and dialogs, and what their ids mean when they come back. Pure.

An id says all that is needed to answer, so that what was drawn before a restart works after it:

- a control's payload, as it is (`v1:…`): it is pressed;
- `d<kind>|<payload>|<example>`: a button that opens a dialog with one field, at once, because
  Discord takes a dialog as the first answer only. The dialog's own id begins with `t` instead,
  and its payload is pressed before the text is handed in. Where a prompt has no payload, `#` and
  what the prompt is about stand in its place, and go with the text;
- `f|<payload>`: a button whose payload is pressed to get a reply with a form or a prompt, which
  is opened. The form's id is `g<between>|<payload>`, the ids of its fields `<number>|<before>`;
- `s<number>`: a menu; the chosen value is a payload.

Ids of one message must differ: `<number>~` before an id makes it so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bots.conversation.dialogue import Button, Form, Prompt, Reply
from bots.discord import limits
from bots.discord.limits import cut
from bots.discord.payloads import (
    ACTION_ROW,
    BUTTON,
    FILE_UPLOAD,
    LABELLED,
    SELECT_MENU,
    TEXT_INPUT,
    Component,
    Modal,
    SelectOption,
)

PRIMARY, SECONDARY, LINK = 1, 2, 5  # styles of buttons
SHORT, LONG = 1, 2  # styles of text fields
ANSWER, LONGER, CODE, FILES = "a", "l", "c", "u"  # a line, a text, code or files, only files
TEXT_FIELD, FILE_FIELD = "text", "files"
_COUNTED = re.compile(r"^\d+~")
_NO_WORDS = "…"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the id of a button or a dialog means.

    Args:
        what: "press" the payload; open a dialog ("ask"); press and open the reply's "form";
            take a dialog's "text"; take a form's fields ("filled").
        payload: the control, if any.
        kind: of the dialog with one field.
        extra: the example in a field, or what stands between a form's values.
        about: what a text without a payload answers.
    """

    what: Literal["press", "ask", "form", "text", "filled"]
    payload: str = ""
    kind: str = ANSWER
    extra: str = ""
    about: str = ""


def understand(custom_id: str) -> Pressed:
    """The meaning of an id; one that is not ours is a payload, which the router refuses kindly."""
    plain = _COUNTED.sub("", custom_id)
    head, bar, rest = plain.partition("|")
    payload, _, extra = rest.partition("|")
    match head[:1]:
        case "d" | "t" if bar:
            what: Literal["ask", "text"] = "ask" if head[0] == "d" else "text"
            if payload.startswith("#"):
                return Pressed(what, "", head[1:], extra, payload[1:])
            return Pressed(what, payload, head[1:], extra)
        case "f" if bar:
            return Pressed("form", rest)
        case "g" if bar:
            return Pressed("filled", rest, extra=head[1:])
    return Pressed("press", plain)


def rows(reply: Reply) -> list[Component]:
    """The rows of a reply: what opens its dialog first, then its buttons."""
    opener = _openers(reply)
    drawn = [[_button(one) for one in row] for row in reply.rows]
    lines = [line for row in (opener, *drawn) for line in _chunks(row, limits.ROW)]
    if len(lines) > limits.ROWS:
        lines = _packed(opener, reply.buttons)
    return _distinct({"type": ACTION_ROW, "components": line} for line in lines)


def _openers(reply: Reply) -> list[Component]:
    found: list[Component] = []
    if (prompt := reply.prompt) is not None:
        head = f"d{kind_of(prompt)}|{_answered(prompt.payload, prompt.about)}|"
        label = _opening(prompt.label)
        opens = cut(head + prompt.placeholder, limits.CUSTOM_ID)
        found.append({"type": BUTTON, "style": PRIMARY, "label": label, "custom_id": opens})
    if (form := reply.form) is not None:
        label = _opening(form.label)
        opens = f"f|{form.payload}"
        found.append({"type": BUTTON, "style": PRIMARY, "label": label, "custom_id": opens})
    return found


def _answered(payload: str, about: str) -> str:
    return payload or (f"#{about}" if about else "")


def kind_of(prompt: Prompt) -> str:
    """Which dialog a prompt gets: for a line, a text, or code."""
    if prompt.files:
        return CODE if prompt.multiline else FILES
    return LONGER if prompt.multiline else ANSWER


def _button(button: Button) -> Component:
    label = cut(button.label.strip(), limits.LABEL) or _NO_WORDS
    if button.url:
        return {"type": BUTTON, "style": LINK, "label": label, "url": button.url}
    style = PRIMARY if button.primary else SECONDARY
    custom_id = button.payload
    if button.asks:
        label, custom_id = _opening(button.label), f"f|{button.payload}"
    return {"type": BUTTON, "style": style, "label": label, "custom_id": custom_id}


def _opening(label: str) -> str:
    """A label that says, by Discord's own custom, that a dialog opens."""
    return cut(label.strip(), limits.LABEL - 1).rstrip("…:") + "…"


def _packed(opener: list[Component], buttons: Sequence[Button]) -> list[list[Component]]:
    """As few rows as possible; what still finds no room goes into menus."""
    room = limits.ROWS * limits.ROW - len(opener)
    menus: list[list[Component]] = []
    links = [one for one in buttons if one.url]
    rest = [one for one in buttons if not one.url]
    while rest and len(rest) + len(links) > room:
        menus.append([_menu(len(menus), rest[: limits.SELECT])])
        rest = rest[limits.SELECT :]
        room -= limits.ROW
    line = [*opener, *(_button(one) for one in (*rest, *links))]
    return [*menus, *_chunks(line, limits.ROW)][: limits.ROWS]


def _menu(number: int, buttons: Sequence[Button]) -> Component:
    options: list[SelectOption] = []
    for one in buttons:
        value = one.payload
        if not any(option["value"] == value for option in options):
            options.append({"label": cut(one.label, limits.OPTION) or _NO_WORDS, "value": value})
    return {"type": SELECT_MENU, "custom_id": f"s{number}", "options": options}


def _chunks(line: Sequence[Component], most: int) -> Iterator[list[Component]]:
    for start in range(0, len(line), most):
        yield list(line[start : start + most])


def _distinct(drawn: Iterator[Component]) -> list[Component]:
    """Rows in which no id stands twice."""
    seen: set[str] = set()
    found = list(drawn)
    for row in found:
        for one in row["components"]:
            if custom_id := one.get("custom_id"):
                number = 2
                while custom_id in seen:
                    custom_id = f"{number}~{one['custom_id']}"
                    number += 1
                seen.add(custom_id)
                one["custom_id"] = custom_id
    return found


def dialog(pressed: Pressed, label: str, files: str) -> Modal:
    """The dialog of a button that was pressed.

    Args:
        pressed: with "ask".
        label: of the button, also the dialog's title and its field's name.
        files: what the field for files is called, where there is one.
    """
    named = label.strip().rstrip("…") or _NO_WORDS
    fields = []
    if pressed.kind != FILES:
        fields.append(_labelled(named, _text_field(pressed)))
    if pressed.kind in {CODE, FILES}:
        needed = int(pressed.kind == FILES)
        upload: Component = {
            "type": FILE_UPLOAD,
            "custom_id": FILE_FIELD,
            "required": bool(needed),
            "min_values": needed,
            "max_values": limits.UPLOADS,
        }
        fields.append(_labelled(named if needed else files, upload))
    return {
        "custom_id": f"t{pressed.kind}|{_answered(pressed.payload, pressed.about)}",
        "title": cut(named, limits.MODAL_TITLE),
        "components": fields,
    }


def _text_field(pressed: Pressed) -> Component:
    field: Component = {
        "type": TEXT_INPUT,
        "custom_id": TEXT_FIELD,
        "style": SHORT if pressed.kind == ANSWER else LONG,
        "required": pressed.kind != CODE,
        "max_length": limits.MODAL_TEXT,
    }
    if pressed.extra:
        field["placeholder"] = cut(pressed.extra, limits.PLACEHOLDER)
    return field


def dialog_of(reply: Reply, files: str) -> Modal | None:
    """The dialog for what a reply asks for, if it asks."""
    if reply.form is not None:
        return form_dialog(reply.form)
    if (prompt := reply.prompt) is not None:
        kind, example = kind_of(prompt), prompt.placeholder
        about = "" if prompt.payload else prompt.about
        asked = Pressed("ask", prompt.payload, kind, example, about)
        return dialog(asked, prompt.label, files)
    return None


def form_dialog(form: Form) -> Modal:
    """A form's dialog."""
    fields = []
    for number, one in enumerate(form.fields[: limits.MODAL_FIELDS]):
        custom_id = f"{number}|{one.before}"
        component: Component
        if one.choices:
            component = {
                "type": SELECT_MENU,
                "custom_id": custom_id,
                "options": [
                    {"label": cut(name, limits.OPTION) or _NO_WORDS, "value": value}
                    for name, value in one.choices[: limits.SELECT]
                ],
            }
        else:
            component = {
                "type": TEXT_INPUT,
                "custom_id": custom_id,
                "style": SHORT,
                "max_length": limits.MODAL_TEXT,
            }
        if one.placeholder:
            component["placeholder"] = cut(one.placeholder, limits.PLACEHOLDER)
        fields.append(_labelled(one.label, component))
    return {
        "custom_id": f"g{form.between}|{form.payload}",
        "title": cut(form.label.strip().rstrip("…") or _NO_WORDS, limits.MODAL_TITLE),
        "components": fields,
    }


def _labelled(label: str, component: Component) -> Component:
    short = cut(label.strip(), limits.MODAL_LABEL) or _NO_WORDS
    return {"type": LABELLED, "label": short, "component": component}
