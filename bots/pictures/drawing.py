"""Draws views beside the event loop, and keeps what was drawn by its content."""

import asyncio
import hashlib
from collections import OrderedDict

from bots.conversation.dialogue import File
from bots.pictures.views import View

VERSION = "3"  # changes when the same view is drawn differently
KEPT = 200  # pictures of a few KB each
LONGEST_ALT = 1_024

_drawn: OrderedDict[str, bytes] = OrderedDict()


def key_of(view: View) -> str:
    """Names a picture by its content: the same view has the same key in every process."""
    return hashlib.sha256(f"{VERSION}{view!r}".encode()).hexdigest()[:12]


async def picture(view: View, name: str, alt: str) -> File:
    """A view as a PNG file.

    Args:
        view: what to draw.
        name: the beginning of the file's name; the rest tells the content.
        alt: the same facts in words; cut at 1,024 characters.
    """
    key = key_of(view)
    content = _drawn.get(key)
    if content is None:
        content = await asyncio.to_thread(lambda: view.draw().png())
        _drawn[key] = content
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    else:
        _drawn.move_to_end(key)
    return File(f"{name}-{key}.png", content, alt[:LONGEST_ALT])
