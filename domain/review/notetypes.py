"""The note types of an Anki collection: JSON in its old forms, small messages in its newest one.

The messages are protocol buffers, of which three fields are read: a note type's kind (1), and a
template's front (1) and back (2). https://protobuf.dev/programming-guides/encoding describes them.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping

from domain.review.templates import NoteType

LONGEST_TEMPLATE = 20_000
_GAPS = 1
_NUMBER, _BYTES = 0, 2
_FIXED = {1: 8, 5: 4}  # bytes of the other kinds of values


def note_types(database: sqlite3.Connection, *, is_new: bool) -> dict[int, NoteType]:
    """All note types by id; what cannot be understood is left out.

    Args:
        database: an open collection.
        is_new: it has tables of its own for them.
    """
    return dict(_from_tables(database) if is_new else _from_json(database))


def _from_json(database: sqlite3.Connection) -> Iterator[tuple[int, NoteType]]:
    row = database.execute("SELECT models FROM col").fetchone()
    listed = json.loads(row[0]) if row and row[0] else {}
    for key, model in listed.items() if isinstance(listed, dict) else ():
        try:
            fields = sorted(model["flds"], key=lambda one: int(one["ord"]))
            templates = {
                int(one["ord"]): (_cut(str(one["qfmt"])), _cut(str(one["afmt"])))
                for one in model["tmpls"]
            }
            names = tuple(str(one["name"]) for one in fields)
            yield int(key), NoteType(names, templates, int(model["type"]) == _GAPS)
        except (KeyError, TypeError, ValueError):
            continue


def _from_tables(database: sqlite3.Connection) -> Iterator[tuple[int, NoteType]]:
    names: Mapping[int, list[str]] = defaultdict(list)
    for key, name in database.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        names[key].append(str(name))
    templates: Mapping[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for key, number, config in database.execute("SELECT ntid, ord, config FROM templates"):
        found = dict(_message(bytes(config)))
        front, back = (_text(found.get(place)) for place in (1, 2))
        templates[key][int(number)] = front, back
    for key, config in database.execute("SELECT id, config FROM notetypes").fetchall():
        kind = dict(_message(bytes(config))).get(1)
        yield int(key), NoteType(tuple(names[key]), templates[key], kind == _GAPS)


def _message(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message by number: numbers and bytes; nothing more once it makes no sense."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        number, kind = tag >> 3, tag & 7
        if kind == _NUMBER:
            value, place = _varint(data, place)
            yield number, value
        elif kind == _BYTES:
            length, place = _varint(data, place)
            yield number, data[place : place + length]
            place += length
        elif kind in _FIXED:
            place += _FIXED[kind]
        else:
            return


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift < 64:
        value |= (data[place] & 0x7F) << shift
        place += 1
        if not data[place - 1] & 0x80:
            break
        shift += 7
    return value, place


def _text(value: int | bytes | None) -> str:
    return _cut(value.decode("utf-8", "replace")) if isinstance(value, bytes) else ""


def _cut(template: str) -> str:
    return template[:LONGEST_TEMPLATE]
