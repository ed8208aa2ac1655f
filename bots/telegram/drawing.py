"""Reply -> the messages Telegram is sent, within every limit. Pure.

Keyboards and marks are made as the JSON they become: the library's classes for them take longer
than everything else that a press costs.

Files come first, so that the buttons stand below everything. A picture carries its text
alternative as the caption: Telegram has no other place for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from telegramify_markdown import MessageEntity as Mark

from bots.conversation.dialogue import Button, File, Prompt, Reply
from bots.conversation.texts import Texts
from bots.telegram.words import Edit, Words, characters, edited, pages, plain, words
from domain.errors import N_

CAPTION = 1024  # UTF-16 units
PLACEHOLDER = 64
NOTICE = 200
PER_ROW = 8
MOST_BUTTONS = 100
ROW_WIDTH = 42  # letters that fit side by side on a phone; longer labels would be cut off
LONGEST_CODE = 3000  # UTF-16 units of one block; longer code is sent as a file
LARGEST_PICTURE = 10 * 1024 * 1024
IN_FILE = N_("The code is in the file {name}.")

_PICTURE = re.compile(r"\.(png|jpe?g|webp)$", re.IGNORECASE)
_SUFFIXES = {"python": ".py", "py": ".py", "javascript": ".js", "js": ".js", "html": ".html",
             "css": ".css", "json": ".json", "bash": ".sh", "sql": ".sql"}  # fmt: skip

Markup = dict[str, object]


@dataclass(frozen=True, slots=True)
class Message:
    """One text message.

    Args:
        words: at most 4,096 units and 100 marks.
        keyboard: buttons below it.
        prompt: the person's client opens an answer to this message.
        protect: it cannot be forwarded or copied.
    """

    words: Words
    keyboard: Markup | None = None
    prompt: Markup | None = None
    protect: bool = False

    @property
    def entities(self) -> list[dict[str, str | int]]:
        """The marks as Telegram takes them: JSON of MessageEntity."""
        return [_entity(mark) for mark in self.words.marks]


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file with its caption."""

    file: File
    caption: str = ""
    is_picture: bool = False
    protect: bool = False


Part = Message | Attachment


def draw(reply: Reply, texts: Texts, *, group: bool = False) -> list[Part]:
    """What a Reply looks like: files, then text, then what follows it.

    Args:
        reply: as a flow made it.
        texts: the language of the few words this adds.
        group: it is shown in a group, where typed text arrives only as an answer to a message.
    """
    shown, files = _code_as_files(words(reply.text, compact=reply.compact), texts)
    parts: list[Part] = [attachment(one, protect=reply.protect) for one in (*reply.files, *files)]
    *first, last = pages(shown)
    parts += [Message(page, protect=reply.protect) for page in first]
    keyboard = keyboard_of(reply.rows)
    prompt = force(reply.prompt, group) if reply.prompt else None
    if keyboard is None:
        parts.append(Message(last, prompt=prompt, protect=reply.protect))
    else:
        parts.append(Message(last, keyboard, protect=reply.protect))
        if group and reply.prompt and prompt:  # a message has buttons or opens an answer, not both
            asked = Words(plain(reply.prompt.label, CAPTION) or "…")
            parts.append(Message(asked, prompt=prompt, protect=reply.protect))
    for one in reply.more:
        parts += draw(one, texts, group=group)
    return parts


def keyboard_of(rows: Sequence[Sequence[Button]]) -> Markup | None:
    """Buttons as JSON of InlineKeyboardMarkup; None when there are none."""
    drawn: list[list[dict[str, str]]] = []
    left = MOST_BUTTONS
    for row in rows:
        for part in _narrow([one for one in row if one.payload or one.url]):
            drawn.append([_button(one) for one in part[:left]])
            left -= len(drawn[-1])
            if not left:
                return {"inline_keyboard": drawn}
    return {"inline_keyboard": drawn} if drawn else None


def force(prompt: Prompt, group: bool) -> Markup:
    """Opens an answer in the client of the person who is asked: JSON of ForceReply."""
    hint = plain(prompt.placeholder or prompt.label, PLACEHOLDER)
    placeholder = {"input_field_placeholder": hint} if hint else {}
    return {"force_reply": True, "selective": group, **placeholder}


def attachment(file: File, *, protect: bool = False) -> Attachment:
    """A file with its text alternative as the caption."""
    is_picture = bool(_PICTURE.search(file.name)) and len(file.content) <= LARGEST_PICTURE
    return Attachment(file, plain(file.alt, CAPTION) if file.alt else "", is_picture, protect)


def notice_of(reply: Reply) -> str:
    """The notice as a toast shows it: without marks, at most 200 characters."""
    return plain(reply.notice, NOTICE) if reply.notice else ""


def is_only_a_notice(reply: Reply) -> bool:
    """Whether the notice says all there is, so that no message is needed."""
    return bool(
        reply.notice
        and not (reply.buttons or reply.files or reply.prompt or reply.more or reply.ends_at)
        and plain(reply.text, NOTICE) == plain(reply.notice, NOTICE)
    )


def _narrow(row: list[Button]) -> Iterator[list[Button]]:
    """The row, or its parts where labels would be cut off."""
    while row:
        size = min(len(row), PER_ROW)
        while size > 1 and size * max(len(one.label) + 2 for one in row[:size]) > ROW_WIDTH:
            size -= 1
        yield row[:size]
        row = row[size:]


def _button(button: Button) -> dict[str, str]:
    label = button.label.strip() or "…"
    if button.url:
        return {"text": label, "url": button.url}
    style = {"style": "primary"} if button.primary else {}
    return {"text": label, "callback_data": button.payload, **style}


def _code_as_files(shown: Words, texts: Texts) -> tuple[Words, list[File]]:
    """Long code and logs are read better as files; the text names them instead."""
    long = [mark for mark in shown.marks if mark.type == "pre" and mark.length > LONGEST_CODE]
    if not long:
        return shown, []
    edits, files = [], []
    for number, mark in enumerate(long, start=1):
        start, end = characters(shown, mark)
        name = f"code-{number}{_SUFFIXES.get((mark.language or '').lower(), '.txt')}"
        files.append(File(name, shown.text[start:end].encode()))
        edits.append(Edit(start, end, words(texts.say(IN_FILE, name=name)).text))
    kept = tuple(mark for mark in shown.marks if mark not in long)
    return edited(replace(shown, marks=kept), edits), files


def _entity(mark: Mark) -> dict[str, str | int]:
    entity: dict[str, str | int] = {
        "type": mark.type,
        "offset": mark.offset,
        "length": mark.length,
    }
    if mark.type == "text_link" and mark.url:
        entity["url"] = mark.url
    if mark.type == "pre" and mark.language:
        entity["language"] = mark.language
    return entity
