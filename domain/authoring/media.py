"""Files of media/: checked by their first bytes, described by the words of their links."""

import base64
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from domain.authoring.documents import Context
from domain.authoring.markdown import resolve
from domain.authoring.models import Media
from domain.authoring.sources import MAX_MEDIA, Tree

_TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ".ogg": ("audio/ogg", (b"OggS",)),
    ".pdf": ("application/pdf", (b"%PDF-",)),
}
_USE = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]+)[^)]*\)")


def read_media(tree: Tree, context: Context) -> tuple[Media, ...]:
    """The files of media/ that lessons, quizzes and cards show."""
    words = dict(_uses(context))
    media: list[Media] = []
    for path in sorted(path for path in context.files if path.startswith("media/")):
        spot = context.spot(path)
        content = tree[path]
        kind, starts = _TYPES.get(PurePosixPath(path).suffix.lower(), ("", ()))
        if not kind:
            spot.error(f"this kind of file cannot be sent: use {', '.join(_TYPES)}")
        elif not content.startswith(starts):
            spot.error(f"the content is not {kind}: save it again, or correct its ending")
        if len(content) > MAX_MEDIA:
            spot.error(f"a file has at most {MAX_MEDIA >> 20} MiB: make it smaller")
        if path not in words:
            spot.error("no text shows this file: link it as ![what it shows](...), or remove it")
        encoded = base64.b64encode(content).decode()
        media.append(
            Media(path=path, content_type=kind, alt=words.get(path, "")[:2000], content=encoded)
        )
    return tuple(media)


def _uses(context: Context) -> Iterator[tuple[str, str]]:
    """Which files of media/ are linked, and with which words; the first use counts."""
    for source in sorted(context.texts, reverse=True):
        for words, target in reversed(_USE.findall(context.texts[source])):
            path = resolve(source, target)
            if path.startswith("media/") and words.strip():
                yield path, words.strip()
