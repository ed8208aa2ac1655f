"""A model's words as they may be shown: no links, no mentions, no sources that were not given."""

import re
from collections.abc import Collection

_CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s>)\]]+>?", re.IGNORECASE)
_CITED = re.compile(r"\s?\[(L\d+\.\d+)\]")
_HEADING = re.compile(r"(?m)^#{1,6}[ \t]+(.+?)[ \t]*#*$")
_DANGEROUS = re.compile(r"([<@])")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def presentable(text: str, sources: Collection[str] = ()) -> str:
    """Markdown that a door may draw; code stays as it is.

    Args:
        text: a model's, cut between paragraphs.
        sources: keys of the passages that were given, such as "L3.2"; other citations go.
    """
    pieces = _CODE.split(text)
    return "".join(
        piece if number % 2 else _prose(piece, sources) for number, piece in enumerate(pieces)
    )


def cited(text: str, sources: Collection[str]) -> list[str]:
    """The keys of given passages that a text cites, in the order of their first mention."""
    return list(dict.fromkeys(key for key in _CITED.findall(text) if key in sources))


def closed(text: str) -> str:
    """The same text, with the end of a code block that a cut left open."""
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if found is not None and not fence:
            fence = found[1]
        elif found is not None and found[1].startswith(fence):
            fence = ""
    return f"{text.rstrip()}\n{fence}" if fence else text


def _prose(text: str, sources: Collection[str]) -> str:
    text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub("", text)
    text = _CITED.sub(lambda found: _kept(found, sources), text)
    text = _HEADING.sub(r"**\1**", text)
    return _DANGEROUS.sub(r"\\\1", text)


def _kept(found: re.Match[str], sources: Collection[str]) -> str:
    return found[0] if found[1] in sources else ""
