"""Texts of other programs as Markdown: plain text made literal, HTML reduced to what is kept."""

import re
from html.parser import HTMLParser

_SIGNS = re.compile(r"([\\`*_\[\]<>~|])")
_START = re.compile(r"^(\s*)([#+=-]|\d+[.)])(?=\s|$)", re.MULTILINE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_BREAKS = re.compile(r"\n{3,}")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(("p", "div", "br", "tr", "ul", "ol", "table", "blockquote", "hr", *_HEADINGS))
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`"}


def literal(text: str) -> str:
    """Plain text that Markdown shows as it is."""
    return _START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text))


def has_markup(text: str) -> bool:
    """Whether a text holds tags or entities of HTML."""
    return bool(_MARKUP.search(text))


def tidy(text: str) -> str:
    """Runs of blanks made one, lines trimmed, no more than one empty line together."""
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _BREAKS.sub("\n\n", "\n".join(lines)).strip()


class _Reducer(HTMLParser):
    """Collects Markdown from HTML: emphasis, code, lists and line breaks stay."""

    def __init__(self, *, markdown: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.pictures: list[str] = []
        self._markdown = markdown
        self._open: list[tuple[str, int]] = []
        self._hidden = 0

    @property
    def _verbatim(self) -> bool:
        return any(tag in {"pre", "code", "tt"} for tag, _ in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._hidden += 1
        elif tag == "pre" or tag in _MARKS:
            self._open.append((tag, len(self.parts)))
        elif tag == "li":
            self.parts.append("\n- " if self._markdown else "\n")
        elif tag == "img":
            named = dict(attrs)
            self.pictures.append(named.get("alt") or (named.get("src") or "").rsplit("/")[-1][:80])
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "pre" or tag in _MARKS:
            self._close(tag)
        elif tag in _BLOCKS and tag not in {"br", "hr"}:
            self.parts.append("\n\n")

    def _close(self, tag: str) -> None:
        """Put the marks around what stood between the tags; they must touch its words."""
        if not self._open or self._open[-1][0] != tag:
            return
        _, begin = self._open.pop()
        inside = "".join(self.parts[begin:])
        del self.parts[begin:]
        if not inside.strip() or not self._markdown:
            self.parts.append(inside)
        elif tag == "pre":
            self.parts.append(f"\n\n```\n{inside.strip(chr(10))}\n```\n\n")
        elif any(outer == "pre" for outer, _ in self._open):
            self.parts.append(inside)
        else:
            mark = _MARKS[tag] * (2 if tag in {"code", "tt"} and "`" in inside else 1)
            blank = len(inside) - len(inside.lstrip())
            trail = len(inside.rstrip())
            self.parts += [inside[:blank], mark, inside.strip(), mark, inside[trail:]]

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if any(tag == "pre" for tag, _ in self._open):
            self.parts.append(data)
            return
        text = _BLANKS.sub(" ", data.replace("\n", " "))
        self.parts.append(literal(text) if self._markdown and not self._verbatim else text)


def reduced(source: str, *, markdown: bool = True) -> tuple[str, list[str]]:
    """HTML as Markdown, or as plain text, and the names of the pictures it showed."""
    reducer = _Reducer(markdown=markdown)
    reducer.feed(source)
    reducer.close()
    text = "".join(reducer.parts)
    return (text.strip() if "```" in text else tidy(text)), reducer.pictures
