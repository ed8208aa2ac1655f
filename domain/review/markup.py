"""Card sides between Anki's HTML and plain text. Pure.

What comes in is only ever text: tags are taken off, scripts and styles with what they hold.
"""

import html
import re
from functools import partial
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template", "svg", "math", "object"})
_BREAKS = frozenset({"br", "div", "p", "li", "tr", "hr", "ul", "ol", "table", "h1", "h2", "h3"})
_SOUND = re.compile(r"\[(?:sound|anki):[^\]]*\]")
_CLOZE = re.compile(r"\{\{c(\d{1,3})::(.*?)(?:::(.*?))?\}\}", re.DOTALL)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag == "img":
            words = dict(attrs).get("alt")
            self.parts.append(f"[{words}]" if words else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def to_text(side: str) -> str:
    """A side of HTML as plain text: one line for each block, no tags, no control characters."""
    reader = _Text()
    reader.feed(_SOUND.sub("", side))
    reader.close()
    text = "".join(reader.parts).replace("\N{NO-BREAK SPACE}", " ")
    text = "".join(one for one in text if one == "\n" or one.isprintable())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def to_html(side: str) -> str:
    """Plain text as HTML that shows the same."""
    return html.escape(side).replace("\n", "<br>")


def clozes(text: str) -> list[tuple[int, str, str]]:
    """Each gap of a cloze text: its number, the text with that gap open, and what fills it."""
    numbers = sorted({int(match[1]) for match in _CLOZE.finditer(text)})

    def shown(number: int, match: re.Match[str]) -> str:
        if int(match[1]) != number:
            return match[2]
        return f"[{match[3] or '...'}]"

    return [
        (
            number,
            _CLOZE.sub(partial(shown, number), text),
            ", ".join(m[2] for m in _CLOZE.finditer(text) if int(m[1]) == number),
        )
        for number in numbers
    ]
