"""A Reply's Markdown as plain text: what a pipe, a file or a screen reader gets. Pure."""

import re

_FENCE = re.compile(r"^( *)(`{3,})[^`\n]*\n(.*?)^ *\2`*[ \t]*$", re.MULTILINE | re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_STRONG = re.compile(r"(?<![\\*\w])(\*{1,3})(?=\S)(.+?)(?<=[^\s\\])\1(?![*\w])")
_EMPHASIS = re.compile(r"(?<![\\\w])_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_SPOILER = re.compile(r"(?<!\\)\|\|(.+?)(?<!\\)\|\|", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_~|\[\]()<>#+\-!>@])")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_HELD = "\x00{}\x00"


def to_plain(markdown: str, *, compact: bool = False) -> str:
    """The text with its marks taken away; code keeps every character.

    Fenced code is indented by four spaces, links show their address, pictures their text
    alternative.

    Args:
        markdown: a Reply's text, without control characters.
        compact: leave out blank lines, except those inside code.
    """
    held: list[str] = []

    def hold(text: str) -> str:
        held.append(text)
        return _HELD.format(len(held) - 1)

    def fence(match: re.Match[str]) -> str:
        lines = match[3].removesuffix("\n").split("\n")
        return hold("\n".join(f"    {line.removeprefix(match[1])}".rstrip() for line in lines))

    text = _FENCE.sub(fence, markdown)
    text = _CODE.sub(lambda match: hold(match[2].strip()), text)
    text = _IMAGE.sub(r"Picture: \1", text)
    text = _LINK.sub(r"\1 (\2)", text)
    text = _SPOILER.sub(r"(hidden: \1)", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _HEADING.sub("", text)
    text = _ESCAPED.sub(r"\1", text)
    if compact:
        text = _BLANK_LINES.sub("\n", text)
    for number, original in enumerate(held):
        text = text.replace(_HELD.format(number), original)
    return text
