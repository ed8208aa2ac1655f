"""Cards out of text files with columns, in the dialects that people have. Pure.

A spreadsheet writes commas, semicolons or tabs, by its language; Excel's "Unicode text" is UTF-16,
and begins some files with "sep=;". Anki's own text export tells about itself in lines that begin
with "#" (https://docs.ankiweb.net/importing/text-files.html#file-headers).
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from domain.errors import N_, Refusal
from domain.review.decks import Sides
from domain.review.exchange import HEADER, ReadCards, clean_key, clean_tags
from domain.review.markup import has_media, to_text

LONGEST_TITLE = 80
_SEPARATORS = "\t;,|"  # of those that fit equally well the first
_NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_SAMPLE = 50  # rows that are looked at
_TOLD = re.compile(r"#([a-z ]{1,20}):(.*)", re.IGNORECASE)
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_COLUMNS = {"guid column": "id", "tags column": "tags", "deck column": "deck"}
_NOT_FIELDS = (*_COLUMNS, "notetype column")


@dataclass(slots=True)
class _Form:
    """What a file says about itself before its rows.

    Attributes:
        separator: between cells; None when it is not said.
        is_html: cells are HTML.
        columns: cells by what they are, from 0.
        apart: cells that are no sides of the card.
    """

    separator: str | None = None
    is_html: bool = False
    columns: dict[str, int] = field(default_factory=dict)
    apart: set[int] = field(default_factory=set)


def read_csv(data: bytes, title: str) -> ReadCards:
    """Cards of a CSV or TSV file: id,front,back,tags with a header, or front,back without.

    Args:
        data: the file, UTF-8 or UTF-16.
        title: of the set they belong to, unless a column names one.

    Raises:
        Refusal: it is no such file.
    """
    form, text = _told(_decoded(data))
    found = ReadCards()
    try:
        rows = _rows(text, form.separator or _separator(text))
        for number, cells in enumerate(rows):
            if number == 0 and (columns := _header(cells)):
                form.columns |= columns
            elif any(cells):
                _take(found, cells, form, title)
    except csv.Error as error:
        raise Refusal(
            N_("The file is not valid CSV: {reason}."), {"reason": str(error)[:100]}
        ) from error
    found.unique()
    return found


def _decoded(data: bytes) -> str:
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            N_("The file is not UTF-8 text. Save it as “CSV UTF-8” and send it again.")
        ) from error
    if "\0" in text:
        raise Refusal(N_("This is not a text file. Send a .csv file with the columns front,back."))
    return text


def _told(text: str) -> tuple[_Form, str]:
    """What the first lines say about the file, and the rest."""
    form = _Form()
    while told := (_TOLD.match(text) or _SEP.match(text)):
        line, _, text = text.partition("\n")
        if told.re is _SEP:
            form.separator = told[1]
            continue
        name, value = told[1].lower(), line.partition(":")[2].strip()
        if name == "separator":
            form.separator = _NAMED.get(value.lower(), value[:1] or None)
        elif name == "html":
            form.is_html = value.lower() == "true"
        elif name in _NOT_FIELDS and value.isdecimal():
            form.apart.add(int(value) - 1)
            if name in _COLUMNS:
                form.columns[_COLUMNS[name]] = int(value) - 1
        if not text:
            break
    return form, text


def _rows(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    return [[cell.strip() for cell in row] for row in reader]


def _separator(text: str) -> str:
    """The separator by which most rows have equally many cells, and two at least."""

    def fits(separator: str) -> tuple[bool, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            rows = [row for row in islice(reader, _SAMPLE) if any(row)]
        except csv.Error:
            return False, 0
        lengths = Counter(len(row) for row in rows if len(row) > 1)
        return bool(rows and _header(rows[0])), max(lengths.values(), default=0)

    return max(_SEPARATORS, key=fits)


def _header(cells: Sequence[str]) -> Mapping[str, int]:
    """Where the columns are, when a row names them."""
    names = [cell.strip().lower() for cell in cells]
    columns = {name: names.index(name) for name in (*HEADER, "deck") if name in names}
    return columns if {"front", "back"} <= columns.keys() else {}


def _take(found: ReadCards, cells: Sequence[str], form: _Form, title: str) -> None:
    def cell(name: str) -> str:
        place = form.columns.get(name, len(cells))
        return cells[place] if place < len(cells) else ""

    if "front" in form.columns:
        front, back = cell("front"), cell("back")
    else:
        sides = [one for place, one in enumerate(cells) if place not in form.apart]
        front, back = (*sides, "", "")[:2]
    is_bare = form.is_html and (has_media(front) or has_media(back))
    if form.is_html:
        front, back = to_text(front), to_text(back)
    deck = cell("deck")[:LONGEST_TITLE] or title
    one = Sides(clean_key(cell("id"), front), front, back, clean_tags(cell("tags").split()))
    found.add(deck, one, is_bare=is_bare)
