"""`Reply` -> messages as Discord takes them. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from bots.conversation.dialogue import File, Reply, escape
from bots.conversation.texts import Texts, choose, texts_for
from bots.discord import controls, limits
from bots.discord.limits import cut
from bots.discord.marked import Paragraph, Run, blocks
from bots.discord.payloads import Drawn
from bots.discord.splitting import messages
from bots.terminal.plain import to_plain

MOST_MESSAGES = 4  # of one reply; a longer text comes as a file (a user install may send 5)
WRITTEN = 512  # texts kept as they were written; a page has about 2 KB
LONGEST_NAME = 100  # characters of a file's name
TEXT_FILE = "text.txt"
_NOTHING = "\N{MIDDLE DOT}"  # Discord takes no empty message
_UNSAFE = re.compile(r"[^\w .()+-]+")


def draw(reply: Reply, texts: Texts) -> list[Drawn]:
    """The messages of a reply and of those that follow it; buttons stand below the last.

    Args:
        reply: what is shown.
        texts: the words this door adds, for a reader who has chosen no language.
    """
    if reply.language:
        texts = texts_for(choose(reply.language))
    drawn = _one(reply, texts)
    for following in reply.more:
        drawn += _one(following, texts)
    return drawn


def _one(reply: Reply, texts: Texts) -> list[Drawn]:
    text = reply.text or escape(reply.notice)
    contents = list(_written(text, _countdown(reply, texts), reply.compact)) or [_NOTHING]
    files = list(reply.files)
    if len(contents) > MOST_MESSAGES:
        files.insert(0, File(TEXT_FILE, to_plain(text).encode("utf-8", "replace")))
        rest = texts.say("The whole text is in the file {name}.", name=TEXT_FILE)
        room = limits.CONTENT - limits.size(rest) - 2
        contents = [f"{messages(blocks(text), compact=reply.compact, most=room)[0]}\n\n{rest}"]
    kept, left_out = _files(files)
    if left_out:
        contents += messages(blocks(_left_out(left_out, texts)))
    drawn = [Drawn(content) for content in contents]
    drawn[-1] = Drawn(drawn[-1].content, controls.rows(reply), tuple(kept[: limits.UPLOADS]))
    for start in range(limits.UPLOADS, len(kept), limits.UPLOADS):
        names = ", ".join(file.name for file in kept[start : start + limits.UPLOADS])
        following = Drawn(names[: limits.CONTENT], [], tuple(kept[start : start + limits.UPLOADS]))
        drawn.insert(-1, following)
    return drawn


@lru_cache(maxsize=WRITTEN)
def _written(text: str, below: str, compact: bool) -> tuple[str, ...]:
    """The contents of a text's messages; pages that many read are written once."""
    found = blocks(text)
    if below:
        found.append(Paragraph((Run(below),)))
    return tuple(messages(found, compact=compact))


def _countdown(reply: Reply, texts: Texts) -> str:
    """Each reader's own clock counts down: Discord writes the time in their words."""
    if reply.ends_at is None:
        return ""
    unix = int(reply.ends_at.timestamp())
    return texts.say("Ends at {time}, {relative}.", time=f"<t:{unix}:t>", relative=f"<t:{unix}:R>")


def _files(files: Sequence[File]) -> tuple[list[File], list[File]]:
    """Files as they can be sent, and those that are too large."""
    kept, left_out, names = [], [], set()
    for file in files:
        if len(file.content) > limits.FILE_BYTES:
            left_out.append(file)
            continue
        name = _name(file.name)
        number = 2
        while name in names:
            path = PurePosixPath(_name(file.name))
            name = f"{path.stem}-{number}{path.suffix}"
            number += 1
        names.add(name)
        kept.append(File(name, file.content, cut(file.alt, limits.ALT)))
    return kept, left_out


def _name(name: str) -> str:
    path = PurePosixPath(_UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" ."))
    suffix = path.suffix[:20]
    return (path.stem[: LONGEST_NAME - len(suffix)] or "file") + suffix


def _left_out(files: Sequence[File], texts: Texts) -> str:
    names = ", ".join(f"`{_name(file.name)}`" for file in files)
    most = limits.FILE_BYTES // 1024 // 1024
    return texts.say("Too large to send here (over {most} MiB): {names}.", most=most, names=names)
