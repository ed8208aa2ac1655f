"""A Reply's Markdown as plain text: what a pipe, a file or a screen reader gets."""

import re

_FENCE = re.compile(r"^(`{3,})([\w+-]*)\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(?<!\\)(`+)(.+?)\1", re.DOTALL)
_STRONG = re.compile(r"(?<![\\*\w])(\*{1,3})(?=\S)(.+?)(?<=[^\s\\])\1(?![*\w])")
_EMPHASIS = re.compile(r"(?<![\\\w])_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_SPOILER = re.compile(r"(?<!\\)\|\|(.+?)(?<!\\)\|\|", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_~|\[\]()<>#+\-!>@])")
_HELD = "\x00{}\x00"


def to_plain(markdown: str) -> str:
    """The text with its marks taken away; code keeps every character.

    Fenced code is indented by four spaces, links show their address, pictures their text
    alternative.
    """
    held: list[str] = []

    def hold(text: str) -> str:
        held.append(text)
        return _HELD.format(len(held) - 1)

    def fence(match: re.Match[str]) -> str:
        return hold("\n".join(f"    {line}".rstrip() for line in match[3].splitlines()))

    text = _FENCE.sub(fence, markdown)
    text = _CODE.sub(lambda match: hold(match[2].strip()), text)
    text = _IMAGE.sub(r"Picture: \1", text)
    text = _LINK.sub(r"\1 (\2)", text)
    text = _SPOILER.sub(r"(hidden: \1)", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _HEADING.sub("", text)
    text = _ESCAPED.sub(r"\1", text)
    for number, original in enumerate(held):
        text = text.replace(_HELD.format(number), original)
    return text
