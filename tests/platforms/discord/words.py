"""A message's text as Discord's client shows it, without its marks."""

import re
from datetime import UTC, datetime

# Read from the left: what begins first counts, so that an escaped tick opens nothing.
_LITERAL = re.compile(
    r"\\(?P<sign>[^A-Za-z0-9\s])"
    r"|```(?:[\w+-]*\n)?(?P<block>.*?)\n?```"
    r"|(?P<ticks>`{1,2})(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)
_LINK = re.compile(r"\[([^\]]+)\]\(<?([^)>\s]+)>?\)")
_TIME = re.compile(r"<t:(-?\d+)(?::\w)?>")
_BARE_LINK = re.compile(r"<(https?://[^>\s]+)>")
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_PAIRS = tuple(
    re.compile(mark, re.DOTALL)
    for mark in (
        r"\*\*\*(.+?)\*\*\*",
        r"\*\*(.+?)\*\*",
        r"__(.+?)__",
        r"~~(.+?)~~",
        r"\*(?=\S)([^*\n]+?)(?<=\S)\*",
        r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)",
    )
)
_INVISIBLE = "\N{ZERO WIDTH SPACE}"
_HEADING = re.compile(r"^(?:#{1,3}|-#) ", re.MULTILINE)
_QUOTE = re.compile(r"^>(?:>>)? ", re.MULTILINE)


def shown(text: str) -> str:
    """The words a reader sees: code as it is, marks taken away, times written out in UTC."""
    text = text.replace(_INVISIBLE, "")
    held: list[str] = []

    def hold(words: str) -> str:
        held.append(words)
        return f"\ue000{len(held) - 1}\ue001"

    text = _LITERAL.sub(
        lambda found: hold(found["sign"] or found["block"] or (found["code"] or "").strip()), text
    )
    text = _LINK.sub(lambda found: f"{found[1]} ({hold(found[2])})", text)
    text = _BARE_LINK.sub(lambda found: hold(found[1]), text)
    text = _TIME.sub(lambda found: hold(_time(int(found[1]))), text)
    text = _SPOILER.sub(r"(hidden: \1)", text)
    for pair in _PAIRS:
        text = pair.sub(r"\1", text)
    text = _QUOTE.sub("", _HEADING.sub("", text))
    while found := re.search("\ue000(\\d+)\ue001", text):
        text = text[: found.start()] + held[int(found[1])] + text[found.end() :]
    return text


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
