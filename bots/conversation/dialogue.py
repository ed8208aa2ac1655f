"""What comes in and what goes out, in words no platform owns.

A door turns an event into an `Incoming` and draws a `Reply`. Text in a `Reply` is a small
Markdown: paragraphs, lists, **bold**, *italic*, `code`, fenced code blocks, links and
||spoilers||. Whatever a learner typed must pass through `escape` before it is put in.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Platform = Literal["discord", "telegram", "terminal"]

_MARKUP = re.compile(r"([\\`*_~|\[\]()<>#+\-!>@])")


def escape(text: str) -> str:
    """Learner text made safe to stand inside a Reply's Markdown."""
    return _MARKUP.sub(r"\\\1", text)


def code_block(text: str, language: str = "") -> str:
    """A fenced block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as the platform knows them. `subject` is the platform's own stable id."""

    platform: Platform
    subject: str
    name: str
    locale: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened; `id` is the platform's id of the chat or thread.

    Args:
        kind: who reads along.
        id: of the chat, unique on the platform.
        group: the platform's id of the server or group around it; "" in private.
        title: how that group is called now.
        manages: the actor manages it: they may lead what others began.
        lacking: what the bot may not do there, in the platform's words; None: nobody asked.
        overhears: the bot gets every message of the group, not only what is meant for it.
    """

    kind: Literal["private", "group", "thread"]
    id: str
    group: str = ""
    title: str = ""
    manages: bool = False
    lacking: tuple[str, ...] | None = None
    overhears: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file in or out. Pictures carry `alt`: the same facts in words (at most 1,024)."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """`/verb arguments`; `verb` without the slash, `arguments` as typed."""

    verb: str
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A button press: the payload of `controls`."""

    payload: str


@dataclass(frozen=True, slots=True)
class Text:
    """Something typed that is not a command; `about` is that of the prompt it was typed for."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """Files sent, with the words beside them; `about` is that of the prompt they were sent for."""

    files: tuple[File, ...]
    text: str = ""
    about: str = ""


Action = Command | Press | Text | Upload


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event. `at` is the platform's own time of it, `event_id` unique per platform."""

    event_id: str
    at: datetime
    actor: Actor
    place: Place
    action: Action


@dataclass(frozen=True, slots=True)
class Button:
    """One button: a unique word or two (at most 64 characters) and what it does.

    `payload` is a control (at most 64 bytes), or `url` an https address. `primary` marks the one
    most people want next. `asks` says that pressing it leads to a reply with a prompt or a form: a
    door with dialogs opens it as one at once.
    """

    label: str
    payload: str = ""
    url: str = ""
    primary: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """The next text from this person answers this: what the field is called, and an example.

    A door whose field is apart from the message (a dialog) must let an old field answer its own
    question and no other. It presses `payload` first, a control that asks for this again; where
    there is none it hands `about` in with the text, which the router writes here and checks.
    `files` says that files answer it as well, or, without `multiline`, nothing but files.
    """

    label: str
    placeholder: str = ""
    multiline: bool = False
    payload: str = ""
    about: str = ""
    files: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: typed text, or one of `choices` (what is read, what is handed in).

    `before` is put before what was typed or chosen.
    """

    label: str
    placeholder: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Several short answers at once, for a door that has forms; the others ignore it.

    What is handed in is the text somebody could have typed: the fields' values with `between`
    between them.

    Args:
        label: of the button that opens it.
        payload: the control that shows this reply again.
        fields: 1 to 5.
        between: what joins the values.
    """

    label: str
    payload: str
    fields: tuple[Field, ...]
    between: str = " "


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown. `rows` of buttons; `edits` redraws the message the press came from.

    `private` replies are for the actor only; `protect` asks that the message not be forwarded.
    `notice` is one short line (at most 200) that may be shown apart from the message.
    `compact` asks for no blank lines: the learner chose short messages. `topic` names a longer
    piece of work that may have a thread of its own, where the platform has private threads.
    `quiet` is a passing remark: shown beside the chat (a toast), never as a message in a group.
    `secret` replies hold what must not be stored; when asked again they are made anew.
    A `draft` is a part of an answer that is still being made: what follows takes its place.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    prompt: Prompt | None = None
    private: bool = True
    edits: bool = False
    protect: bool = False
    notice: str = ""
    compact: bool = False
    secret: bool = False
    ends_at: datetime | None = None
    more: tuple["Reply", ...] = field(default=())
    form: Form | None = None
    topic: str = ""
    quiet: bool = False
    key: str = ""
    language: str = ""
    draft: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, row by row."""
        return tuple(button for row in self.rows for button in row)
