"""The shapes of what is sent to Discord, as far as this door uses them."""

from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from bots.conversation.dialogue import File

EPHEMERAL = 1 << 6
SUPPRESS_EMBEDS = 1 << 2  # links get no preview

# Types of components.
ACTION_ROW, BUTTON, SELECT_MENU, TEXT_INPUT = 1, 2, 3, 4
LABELLED, FILE_UPLOAD = 18, 19


class SelectOption(TypedDict):
    """One line of a select menu."""

    label: str
    value: str


class Component(TypedDict):
    """A row, a button, a menu, a field, or the label around a field."""

    type: int
    components: NotRequired[list["Component"]]
    component: NotRequired["Component"]
    style: NotRequired[int]
    label: NotRequired[str]
    description: NotRequired[str]
    custom_id: NotRequired[str]
    url: NotRequired[str]
    placeholder: NotRequired[str]
    options: NotRequired[list[SelectOption]]
    required: NotRequired[bool]
    max_length: NotRequired[int]
    min_values: NotRequired[int]
    max_values: NotRequired[int]


class Attachment(TypedDict):
    """A file of a message: its place among the files sent with it."""

    id: int
    filename: str
    description: NotRequired[str]


class AllowedMentions(TypedDict):
    """Who may be notified."""

    parse: list[str]


class Body(TypedDict):
    """A message."""

    content: str
    components: list[Component]
    attachments: list[Attachment]
    allowed_mentions: AllowedMentions
    flags: NotRequired[int]
    nonce: NotRequired[str]
    enforce_nonce: NotRequired[bool]


class Modal(TypedDict):
    """A dialog with fields."""

    custom_id: str
    title: str
    components: list[Component]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One message as Discord takes it, and the files that go with it."""

    content: str
    components: list[Component] = field(default_factory=list)
    files: tuple[File, ...] = ()

    def body(self, *, flags: int = SUPPRESS_EMBEDS) -> Body:
        """The JSON of the message. Nobody is ever notified by it."""
        return {
            "content": self.content,
            "components": self.components,
            "attachments": [_attachment(n, file) for n, file in enumerate(self.files)],
            "allowed_mentions": {"parse": []},
            "flags": flags,
        }


def _attachment(number: int, file: File) -> Attachment:
    if file.alt:
        return {"id": number, "filename": file.name, "description": file.alt}
    return {"id": number, "filename": file.name}
