"""What can be drawn: each view holds the words it shows, already in the reader's language."""

from dataclasses import dataclass
from datetime import date, timedelta

from bots.pictures.canvas import (
    DEEP,
    GREY,
    ICE,
    INK,
    LIGHT,
    LINE,
    MIDDLE,
    PAPER,
    STRONG,
    Canvas,
    width_of,
)

_CELL, _GAP, _EDGE = 24, 4, 24
_LEVELS = (PAPER, LIGHT, MIDDLE, STRONG, DEEP)
_NAMES = (120, 420)  # least and most room for names, in pixels
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heatmap:
    """How much was done on each day: weeks side by side, Monday on top.

    Args:
        title: above it.
        first: the Monday it begins with.
        levels: for each day from `first` on, 0 (nothing) to 4 (most); as many dots are drawn.
        weekdays: seven short names.
        months: for each week, the name of the month that begins in it, or "".
        legend: what no dot and four dots mean.
    """

    title: str
    first: date
    levels: tuple[int, ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    legend: tuple[str, str]

    def draw(self) -> Canvas:
        """The picture."""
        step, left, top = _CELL + _GAP, 80, 78
        weeks = -(-len(self.levels) // 7)
        paper = Canvas(left + weeks * step + _EDGE, top + 7 * step + 56)
        paper.text(_EDGE, 16, self.title, 20, room=paper.width - 2 * _EDGE)
        for week, month in enumerate(self.months):
            paper.text(left + week * step, 54, month, 14, GREY)
        for row, name in enumerate(self.weekdays):
            paper.text(_EDGE, top + row * step + 4, name, 14, GREY, left - _EDGE - 4)
        for number, level in enumerate(self.levels):
            _cell(paper, left + number // 7 * step, top + number % 7 * step, level)
        self._explain(paper, left, top + 7 * step + 14)
        return paper

    def _explain(self, paper: Canvas, x: int, y: int) -> None:
        x += paper.text(x, y + 4, self.legend[0], 14, GREY) + 10
        for level in range(5):
            _cell(paper, x, y, level)
            x += _CELL + _GAP
        paper.text(x + 6, y + 4, self.legend[1], 14, GREY)


def _cell(paper: Canvas, x: int, y: int, level: int) -> None:
    paper.box(x, y, _CELL, _CELL, _LEVELS[level])
    ink = PAPER if level > 2 else INK
    places = ((6, 6), (17, 17), (17, 6), (6, 17))
    for across, down in places[:level]:
        paper.dot(x + across, y + down, 2, ink)


@dataclass(frozen=True, slots=True)
class Month:
    """Days in rows of weeks, each with its number and a sign for what became of it.

    Args:
        title: above it.
        first: the Monday it begins with.
        words: for each day "active", "kept", "off", "down", "flown", "open", "missed" or "" (not
            shown).
        weekdays: seven short names.
        legend: (word, what it means) for the signs that occur.
    """

    title: str
    first: date
    words: tuple[str, ...]
    weekdays: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]

    def draw(self) -> Canvas:
        """The picture."""
        width, height = 76, 54
        rows = -(-len(self.words) // 7)
        paper = Canvas(2 * _EDGE + 7 * width, 92 + rows * height + 26 * len(self.legend) + _EDGE)
        paper.text(_EDGE, 16, self.title, 20, room=paper.width - 2 * _EDGE)
        for column, name in enumerate(self.weekdays):
            paper.text(_EDGE + column * width + 8, 60, name, 14, GREY, width - 10)
        for number, word in enumerate(self.words):
            if word:
                x, y = _EDGE + number % 7 * width, 84 + number // 7 * height
                paper.box(x, y, width - 4, height - 4, LIGHT if word == "active" else PAPER)
                paper.text(x + 8, y + 6, str((self.first + number * _ONE_DAY).day), 16)
                sign(paper, x + width - 26, y + height - 28, word)
        for number, (word, meaning) in enumerate(self.legend):
            y = 98 + rows * height + number * 26
            sign(paper, _EDGE + 12, y + 8, word)
            paper.text(_EDGE + 34, y, meaning, 16, room=paper.width - 2 * _EDGE - 34)
        return paper


def sign(paper: Canvas, x: int, y: int, word: str) -> None:
    """The sign for what became of a day, around a point; each has a shape of its own."""
    match word:
        case "active":
            paper.line([(x - 8, y), (x - 3, y + 6), (x + 8, y - 7)], DEEP, 3)
        case "kept":
            paper.line([(x - 8, y), (x + 8, y)], STRONG, 2)
            paper.line([(x - 4, y - 7), (x + 4, y + 7)], STRONG, 2)
            paper.line([(x + 4, y - 7), (x - 4, y + 7)], STRONG, 2)
        case "off":
            paper.line([(x - 7, y), (x + 7, y)], GREY, 3)
        case "down":
            paper.line([(x, y - 8), (x, y + 2)], INK, 3)
            paper.dot(x, y + 7, 1, INK)
        case "flown":
            paper.line([(x - 7, y + 6), (x + 7, y - 6)], INK, 2)
            paper.line([(x, y - 6), (x + 7, y - 6), (x + 7, y + 1)], INK, 2)
        case "open":
            paper.box(x - 7, y - 7, 14, 14, ICE, INK)
        case _:
            paper.dot(x, y, 2, GREY)


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: its name, how long it is (0 to 1), and the number in words."""

    name: str
    share: float
    number: str
    is_me: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Lines with a bar each: a board, or how far courses are.

    Args:
        title: above it.
        bars: at most 20.
        me: the word beside the reader's own line.
    """

    title: str
    bars: tuple[Bar, ...]
    me: str = ""

    def draw(self) -> Canvas:
        """The picture."""
        step, room = 40, 300
        bars = self.bars[:20]
        words = [(bar.name, f" ({self.me})" if bar.is_me and self.me else "") for bar in bars]
        widest = max((width_of(name) + width_of(mark) for name, mark in words), default=0)
        names = _EDGE + 12 + max(_NAMES[0], min(_NAMES[1], widest))
        paper = Canvas(names + room + 190, 72 + step * len(bars) + 12)
        paper.text(_EDGE, 16, self.title, 20, room=paper.width - 2 * _EDGE)
        for number, (bar, (name, mark)) in enumerate(zip(bars, words, strict=True)):
            y = 64 + number * step
            left = names - _EDGE - 12 - width_of(mark)
            x = _EDGE + paper.text(_EDGE, y + 4, name, 16, room=left)
            paper.text(x, y + 4, mark, 16)
            paper.box(names, y, room, 28, PAPER, LINE)
            long = round(max(0.0, min(1.0, bar.share)) * room)
            if long:
                paper.box(names, y, max(2, long), 28, STRONG if bar.is_me else MIDDLE, INK)
            paper.text(names + room + 12, y + 4, bar.number, 16, room=170)
        return paper


View = Heatmap | Month | Bars
