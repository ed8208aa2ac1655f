"""Decks as Anki writes them: several note types, gaps, pictures, both forms of a collection."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import zstandard

from domain.review.apkg_read import read_apkg
from domain.review.clozes import filling, numbers, with_gap
from domain.review.decks import Sides
from domain.review.templates import NoteType

FIELD = "\x1f"
Templates = Sequence[tuple[str, str]]
Kind = tuple[Sequence[str], Templates, bool]
AFTER = "{{FrontSide}}\n\n<hr id=answer>\n\n"
KINDS: Mapping[int, Kind] = {
    1: (("Front", "Back"), (("{{Front}}", AFTER + "{{Back}}"),), False),
    2: (
        ("Front", "Back"),
        (("{{Front}}", AFTER + "{{Back}}"), ("{{Back}}", AFTER + "{{Front}}")),
        False,
    ),
    3: (
        ("Front", "Back", "Both"),
        (
            ("{{Front}}", AFTER + "{{Back}}"),
            ("{{#Both}}{{Back}}{{/Both}}", AFTER + "{{Front}}{{^Both}}no{{/Both}}"),
        ),
        False,
    ),
    4: (("Front", "Back"), (("{{Front}}\n{{type:Back}}", "{{Front}}<hr>{{type:Back}}"),), False),
    5: (("Text", "Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),), True),
    6: (("Occlusion", "Image"), (("{{cloze:Occlusion}}", "{{Image}}"),), True),
}
# (note type, fields, numbers of its cards, deck)
NOTES = (
    (1, ("q", "a <b>b</b>"), (0,), 10),
    (2, ("Hund", "dog"), (0, 1), 10),
    (3, ("Katze", "cat", "y"), (0, 1), 10),
    (3, ("Maus", "mouse", ""), (0,), 20),
    (4, ("2+2", "4"), (0,), 10),
    (5, ("{{c1::IP::proto}} has {{c2::a {{c1::b}}}}.", "more"), (0, 1), 10),
    (1, ('<img src="x.png">', "only a picture"), (0,), 10),
    (1, ("see [sound:a.mp3]", 'this <img src="x.png">'), (0,), 10),
    (6, ("{{c1::image-occlusion:rect:left=.1}}", '<img src="x.png">'), (0,), 10),
    (1, ('<img src="data:image/png;base64,' + "A" * 30_000 + '">word', "kept"), (0,), 10),
    (99, ("of no known type", "b", "c"), (0,), 10),
    (1, ("no such card", "x"), (7,), 10),
)
FOUND = {
    "Net": [
        Sides("g0", "q", "a b"),
        Sides("g1", "Hund", "dog"),
        Sides("g1-2", "dog", "Hund"),
        Sides("g2", "Katze", "cat"),
        Sides("g2-2", "cat", "Katze"),
        Sides("g4", "2+2", "4"),
        Sides("g5-c1", "[proto] has a [...].", "IP, b\nmore"),
        Sides("g5-c2", "IP has [...].", "a b\nmore"),
        Sides("g7", "see", "this"),
        Sides("g9", "word", "kept"),
        Sides("g10", "of no known type", "b\nc"),
    ],
    "Net::OSI": [Sides("g3", "Maus", "mouse")],
}
SKIPPED = {"a side is only a picture or a sound": 2, "its note type has no such card": 1}


def message(*fields: tuple[int, bytes | int]) -> bytes:
    """A protocol buffer, with fields that nobody asked for around those that are wanted."""
    out = b"\x1d\x00\x00\x00\x00" + b"\x21" + bytes(8)
    for number, value in fields:
        if isinstance(value, int):
            out += bytes((number << 3, value))
        else:
            length = len(value)
            out += bytes((number << 3 | 2, length & 0x7F | 0x80, length >> 7)) + value
    return out + b"\x0f"


def filled(path: Path, tables: str) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.executescript(
        tables + "CREATE TABLE notes (id, guid, mid, tags, flds);"
        "CREATE TABLE cards (id, nid, did, odid, ord);"
    )
    for key, (kind, fields, cards, deck) in enumerate(NOTES):
        note = (key, f"g{key}", kind, "", FIELD.join(fields))
        database.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", note)
        for number in cards:
            # One card lies in a filtered deck.
            place = (30, deck) if key == 0 else (deck, 0)
            card = (key * 10 + number, key, *place, number)
            database.execute("INSERT INTO cards VALUES (?, ?, ?, ?, ?)", card)
    return database


def old(path: Path) -> dict[str, bytes]:
    database = filled(path, "CREATE TABLE col (id, decks, models);")
    decks = {"10": {"name": "Net"}, "20": {"name": "Net::OSI"}, "30": {"name": "Filtered"}}
    models = {
        str(key): {
            "type": int(gaps),
            "flds": [{"name": name, "ord": n} for n, name in enumerate(fields)],
            "tmpls": [{"ord": n, "qfmt": q, "afmt": a} for n, (q, a) in enumerate(templates)],
        }
        for key, (fields, templates, gaps) in KINDS.items()
    } | {"7": {"type": "broken"}, "x": {}}
    row = (1, json.dumps(decks), json.dumps(models))
    database.execute("INSERT INTO col VALUES (?, ?, ?)", row)
    database.commit()
    database.close()
    return {"collection.anki2": path.read_bytes(), "media": b"{}"}


def new(path: Path) -> dict[str, bytes]:
    database = filled(
        path,
        "CREATE TABLE col (id); CREATE TABLE decks (id, name);"
        "CREATE TABLE notetypes (id, name, config); CREATE TABLE fields (ntid, ord, name);"
        "CREATE TABLE templates (ntid, ord, config);"
        "INSERT INTO decks VALUES (10, 'Net'), (20, 'Net' || char(31) || 'OSI'), (30, 'F');",
    )
    for key, (fields, templates, gaps) in KINDS.items():
        config = message((3, b"css"), (1, 1)) if gaps else message((3, b"css"))
        database.execute("INSERT INTO notetypes VALUES (?, 'name', ?)", (key, config))
        for n, name in enumerate(fields):
            database.execute("INSERT INTO fields VALUES (?, ?, ?)", (key, n, name))
        for n, (front, back) in enumerate(templates):
            config = message((1, front.encode()), (2, back.encode()), (5, 9))
            database.execute("INSERT INTO templates VALUES (?, ?, ?)", (key, n, config))
    database.commit()
    database.close()
    return {"collection.anki21b": zstandard.ZstdCompressor().compress(path.read_bytes())}


@pytest.mark.parametrize("form", [old, new])
def test_each_card_of_each_note_type_is_read(
    form: Callable[[Path], dict[str, bytes]], tmp_path: Path
):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in form(tmp_path / "made").items():
            package.writestr(name, content)
    found = read_apkg(out.getvalue())
    assert found.decks == FOUND
    assert found.skipped == SKIPPED
    assert found.bare == 2


@pytest.mark.parametrize(
    ("text", "number", "open_", "fills"),
    [
        ("a {{c1::b}} c", 1, "a [...] c", "b"),
        ("{{c1::b::what}} {{c2::d}}", 1, "[what] d", "b"),
        ("{{c1,2::b}} {{c2::d}}", 2, "[...] [...]", "b, d"),
        ("{{c1::never closed", 1, "{{c1::never closed", ""),
        ("}} {{c1::a}} }}", 1, "}} [...] }}", "a"),
    ],
)
def test_gaps(text: str, number: int, open_: str, fills: str):
    assert with_gap(text, number) == open_
    assert filling(text, number) == fills


def test_gaps_in_gaps_in_gaps_are_text_at_last():
    deep = "{{c1::" * 40 + "x" + "}}" * 40
    assert numbers(deep) == (1,)
    assert with_gap(deep, 1).startswith("[")


def test_a_template_that_says_a_field_over_and_over_ends():
    kind = NoteType(("A",), {0: ("{{A}}" * 4_000, "{{^A}}{{#A}}{{A}}")}, has_gaps=False)
    drawn = kind.card(["x" * 10_000], 0)
    assert drawn is not None
    assert len(drawn.front) <= 100_000
    assert drawn.back == ""
