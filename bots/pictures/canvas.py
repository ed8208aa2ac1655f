"""A small paper with few colours, and words that always fit.

Pictures have a palette: that draws ten times faster than full colour and makes small files. What
a colour says is always said by a shape or a word, too.
"""

import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bots.pictures.bidi import visual

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
WIDEST = 1_600  # pixels
_NOT_THERE = "\U0010ffff"
_UNKNOWN = "\N{MIDDLE DOT}"
_MORE = "\N{HORIZONTAL ELLIPSIS}"
_NO_LETTERS = frozenset({"So", "Sk", "Mn", "Me"})  # emoji, their skins and what joins them

PAPER, INK, GREY, LINE, LIGHT, MIDDLE, STRONG, DEEP, ICE = range(9)
# Dark enough on white for weak eyes where words stand, told apart also without colour.
_PALETTE = (
    (255, 255, 255),
    (28, 33, 40),
    (95, 103, 112),
    (208, 213, 219),
    (205, 226, 243),
    (137, 186, 225),
    (58, 124, 184),
    (20, 72, 122),
    (232, 226, 205),
)


class Canvas:
    """A paper of a size in pixels; coordinates are from its top left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = min(width, WIDEST), height
        self._image = Image.new("P", (self.width, height), PAPER)
        self._image.putpalette([part for colour in _PALETTE for part in colour])
        self._draw = ImageDraw.Draw(self._image)
        self._draw.fontmode = "1"  # no shades between the colours of the palette

    def box(self, x: int, y: int, width: int, height: int, fill: int, edge: int = LINE) -> None:
        """A filled rectangle with an edge."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), fill, edge)

    def dot(self, x: int, y: int, radius: int, fill: int) -> None:
        """A filled circle around a point."""
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)

    def line(self, points: list[tuple[int, int]], fill: int, width: int = 2) -> None:
        """A line through points."""
        self._draw.line(points, fill, width)

    def text(
        self, x: int, y: int, words: str, size: int = 16, fill: int = INK, room: int = 10_000
    ) -> int:
        """Words with their top left corner at a point, cut with … to `room`; their width."""
        font = _font(size)
        shown = fitting(words, size, room)
        self._draw.text((x, y), visual(shown), fill, font)
        return int(font.getlength(visual(shown)))

    def png(self) -> bytes:
        """The picture as a PNG file; the same drawing gives the same bytes."""
        out = BytesIO()
        self._image.save(out, "PNG", optimize=True)
        return out.getvalue()


def width_of(words: str, size: int = 16) -> int:
    """How wide words are, in pixels."""
    return int(_font(size).getlength(visual(drawable(words))))


def fitting(words: str, size: int, room: int) -> str:
    """Words in one line that are at most `room` pixels wide."""
    shown = drawable(words)
    if width_of(shown, size) <= room:
        return shown
    while shown and width_of(shown + _MORE, size) > room:
        shown = shown[:-1]
    return shown.rstrip() + _MORE


def drawable(words: str) -> str:
    """Words with a dot for each letter that the font does not have; never an empty box.

    Emoji are left out: the words beside the picture have them.
    """
    line = " ".join(words.split())[:200]
    shown = "".join(one if one.isascii() and one.isprintable() else _known(one) for one in line)
    return " ".join(shown.split())


@lru_cache(maxsize=4096)
def _known(letter: str) -> str:
    if not letter.isprintable():
        return ""
    font = _font(16)
    mask, missing = font.getmask(letter), font.getmask(_NOT_THERE)
    if mask.size != missing.size or bytes(mask) != bytes(missing):
        return letter
    return "" if unicodedata.category(letter) in _NO_LETTERS else _UNKNOWN


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)
