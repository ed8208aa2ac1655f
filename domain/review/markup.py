"""Card sides between Anki's HTML and plain text. Pure.

What comes in is only ever text: tags are taken off, scripts and styles with what they hold. The
indentation of code is kept: HTML writes it in <pre> or with spaces that do not break.

Python's own HTML parser takes minutes for a hundred kilobytes of "<a ", so tags are found here, in
one pass over whatever a file holds.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_RAW = frozenset({"script", "style", "title", "textarea", "noscript", "iframe"})
_SILENT = frozenset({"head", "template", "svg", "math", "object"})
_BLOCKS = frozenset({"div", "p", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "pre"})
_BREAKS = _BLOCKS | {"br", "hr"}
_CELLS = frozenset({"td", "th"})
_SOUND = re.compile(r"\[(?:sound|anki):[^\]\n]{0,300}\]")
_MEDIA = re.compile(r"<(?:img|audio|video)\b|\[(?:sound|anki):", re.IGNORECASE)
_NAME = re.compile(r"/?([a-z][a-z0-9]{0,20})", re.IGNORECASE)
_STOP = re.compile(r"[\"'>]")
_ALT = re.compile(r"\balt\s{0,9}=\s{0,9}(?:\"([^\"]*)|'([^']*)|([^\s\"'>]+))", re.IGNORECASE)
_LONGEST_TAG = 5_000  # characters in which a picture's words are looked for
_SPACES = re.compile(r"[ \t\r\n\f]+")
_KEPT = "\N{NO-BREAK SPACE}"
_TAB = 4  # spaces
_TO_KEEP = re.compile(r"(?m)^ +| {2,}")


class _Piece(NamedTuple):
    """Text, or a tag: its name, whether it closes, and all that stands in it."""

    text: str
    tag: str = ""
    closes: bool = False


def to_text(side: str) -> str:
    """A side of HTML as plain text: one line for each block, no tags, no control characters."""
    text = "".join(_written(_SOUND.sub("", side)))
    text = "".join(one for one in text if one in {"\n", _KEPT} or one.isprintable())
    lines = [" ".join(part for part in line.split(" ") if part) for line in text.split("\n")]
    lines = [line.replace(_KEPT, " ").rstrip() for line in lines]
    lines = [line for line in lines if line]
    # One space before a line comes from an editor; more are the indentation of code.
    return "\n".join(line if line.startswith("  ") else line.lstrip() for line in lines).strip()


def to_html(side: str) -> str:
    """Plain text as HTML that shows the same, with its indentation."""
    kept = _TO_KEEP.sub(lambda found: _KEPT * len(found[0]), side.expandtabs(_TAB))
    return html.escape(kept).replace(_KEPT, "&nbsp;").replace("\n", "<br>")


def has_media(side: str) -> bool:
    """Whether a side of HTML holds a picture or a sound, which text cannot."""
    return bool(_MEDIA.search(side))


def _written(side: str) -> Iterator[str]:
    """The words of a side, with line breaks where its blocks begin and end."""
    silent = as_is = 0
    for piece in _pieces(side):
        tag = piece.tag
        if tag in _SILENT:
            silent = max(0, silent + (-1 if piece.closes else 1))
        elif silent:
            continue
        elif not tag:
            words = html.unescape(piece.text)
            kept = words.expandtabs(_TAB).replace(" ", _KEPT) if as_is else _SPACES.sub(" ", words)
            yield kept
        elif tag in _BREAKS:
            as_is = max(0, as_is + (tag == "pre") * (-1 if piece.closes else 1))
            yield "\n"
        elif tag in _CELLS:
            yield " "
        elif tag == "img" and (alt := _ALT.search(piece.text[:_LONGEST_TAG])):
            words = html.unescape(alt[1] or alt[2] or alt[3] or "")
            yield f"[{words}]" if words.strip() else ""


def _pieces(side: str) -> Iterator[_Piece]:
    """Text and tags in order; of what is never closed nothing is a tag."""
    place = 0
    endless: set[str] = set()  # quotes that do not come any more
    while (begins := side.find("<", place)) >= 0:
        name = _NAME.match(side, begins + 1)
        if side.startswith("<!--", begins):
            yield _Piece(side[place:begins])
            place = side.find("-->", begins + 4) + 3
            if place < 3:
                return
            continue
        is_aside = side[begins + 1 : begins + 2] in {"!", "?"}
        if name is None and not is_aside:
            yield _Piece(side[place : begins + 1])
            place = begins + 1
            continue
        ends = _end_of_tag(side, begins, endless)
        if ends < 0:
            break
        yield _Piece(side[place:begins])
        place = ends + 1
        if name is None:
            continue
        tag, closes = name[1].lower(), side[begins + 1] == "/"
        if tag in _RAW and not closes:
            closing = re.compile(rf"</{tag}", re.IGNORECASE).search(side, place)
            if closing is None:
                return
            place = closing.start()
        elif side[ends - 1] != "/" or tag not in _SILENT | {"pre"}:
            yield _Piece(side[begins : ends + 1], tag, closes)
    yield _Piece(side[place:])


def _end_of_tag(side: str, begins: int, endless: set[str]) -> int:
    """Where the > of a tag stands that is in no quotes; -1 when there is none."""
    place = begins + 1
    while stop := _STOP.search(side, place):
        if stop[0] == ">":
            return stop.start()
        place = stop.end()
        if stop[0] not in endless:
            closing = side.find(stop[0], place)
            if closing < 0:
                endless.add(stop[0])
            else:
                place = closing + 1
    return -1
