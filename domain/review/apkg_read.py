"""Cards out of .apkg files, which may come from anywhere and hold anything.

Refused in words: broken zips, zips that unpack to too much, names that lead out of the folder,
databases that are none. The database is opened read-only, with fixed SELECTs on real tables, and
with limits on time, on the length of a value and on rows. Sides become plain text (`markup`).
"""

import io
import json
import re
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Protocol

import zstandard

from domain.errors import N_, Refusal
from domain.review.clozes import is_in_picture
from domain.review.decks import Sides
from domain.review.exchange import ReadCards, clean_key, clean_tags
from domain.review.markup import to_text
from domain.review.notetypes import note_types
from domain.review.templates import NoteType

MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 20_000
MOST_RATIO = 100
LONGEST_FIELD = 20_000
LONGEST_TITLE = 200
TIME_LIMIT_S = 10.0
_CHUNK = 1024 * 1024
_NEWEST_FIRST = ("collection.anki21b", "collection.anki21", "collection.anki2")
_DAMAGED = N_("The file is damaged, or is not an Anki deck. Export it again and send it.")
_TOO_LARGE = N_("The file unpacks to over {most} MB, and that is too much. Export it in parts.")
# Each card with its note; a card that lies in a filtered deck belongs to the one it came from.
_CARDS = """
    SELECT n.guid, n.mid, n.tags, n.flds, coalesce(c.ord, 0),
           CASE WHEN c.odid THEN c.odid ELSE c.did END
    FROM notes n LEFT JOIN cards c ON c.nid = n.id ORDER BY n.id, c.ord
"""
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%]*")
_BARE = N_("a side is only a picture or a sound")


def read_apkg(data: bytes) -> ReadCards:
    """The cards of a deck file, by the title of their deck. Runs for seconds: use a thread.

    Raises:
        Refusal: the file is not what it should be; nothing of it is taken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            content = _collection(package)
    except (zipfile.BadZipFile, zstandard.ZstdError, EOFError, OSError, RuntimeError) as error:
        raise Refusal(_DAMAGED) from error
    except NotImplementedError as error:  # a way of packing that Python does not know
        raise Refusal(_DAMAGED) from error
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection"
        path.write_bytes(content)
        try:
            with closing(_open(path)) as database:
                found = _cards(database)
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise Refusal(_DAMAGED) from error
    found.unique()
    return found


def _collection(package: zipfile.ZipFile) -> bytes:
    members = package.infolist()
    names = {member.filename: member for member in members}
    unsafe = any(
        name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts
        for name in names
    )
    if unsafe or len(members) > MOST_MEMBERS:
        raise Refusal(N_("The file holds names that do not belong into a deck. It was not read."))
    newest = next((name for name in _NEWEST_FIRST if name in names), None)
    if newest is None:
        raise Refusal(_DAMAGED)
    member = names[newest]
    if member.file_size > MOST_UNPACKED or member.file_size > MOST_RATIO * max(
        member.compress_size, _CHUNK
    ):
        raise _too_large()
    with package.open(member) as packed:
        if newest.endswith("b"):
            with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed) as stream:
                return _read(stream)
        return _read(packed)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def _read(stream: _Readable) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := stream.read(_CHUNK):
        size += len(part)
        if size > MOST_UNPACKED:
            raise _too_large()
        parts.append(part)
    return b"".join(parts)


def _too_large() -> Refusal:
    return Refusal(_TOO_LARGE, {"most": MOST_UNPACKED // (1024 * 1024)})


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * 1024 * 1024)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.create_collation(
        "unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower())
    )
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    ends = time.monotonic() + TIME_LIMIT_S
    database.set_progress_handler(lambda: int(time.monotonic() > ends), 10_000)
    return database


def _cards(database: sqlite3.Connection) -> ReadCards:
    kinds = dict(database.execute("SELECT name, type FROM sqlite_master").fetchall())
    if any(kinds.get(name) != "table" for name in ("notes", "cards", "col")):
        raise Refusal(_DAMAGED)
    titles = dict(_titles(database, is_new="decks" in kinds))
    types = note_types(database, is_new="notetypes" in kinds)
    found = ReadCards()
    ends = time.monotonic() + TIME_LIMIT_S
    for guid, kind, tags, fields, number, deck in database.execute(_CARDS):
        if time.monotonic() > ends:
            raise Refusal(N_("The file took too long to read. Export it in smaller parts."))
        values = _EMBEDDED.sub("", str(fields))[:LONGEST_FIELD].split("\x1f")
        note_type = types.get(kind)
        if note_type is None:
            note_type, values = _PLAIN, [values[0], "<br>".join(values[1:])]
        drawn = note_type.card(values, int(number))
        if drawn is None:
            found.skip(N_("its note type has no such card"))
            continue
        if is_in_picture(values[0]) or (drawn.has_media and not (drawn.front and drawn.back)):
            found.skip(_BARE)
            continue
        key = f"{guid}-c{number + 1}" if note_type.has_gaps else f"{guid}-{number + 1}"
        sides = Sides(
            clean_key(key if number or note_type.has_gaps else str(guid), drawn.front),
            drawn.front,
            drawn.back,
            clean_tags(to_text(str(tags)).split()),
        )
        found.add(titles.get(deck, "Anki"), sides, is_bare=drawn.has_media)
    return found


_PLAIN = NoteType(("Front", "Back"), {0: ("{{Front}}", "{{Back}}")}, has_gaps=False)


def _titles(database: sqlite3.Connection, *, is_new: bool) -> Iterator[tuple[int, str]]:
    """Decks by id; since schema 15 they have a table, before that they were JSON."""
    if is_new:
        rows = database.execute("SELECT id, name FROM decks").fetchall()
        for key, name in rows:
            yield key, _title(str(name).replace("\x1f", "::"))
        return
    row = database.execute("SELECT decks FROM col").fetchone()
    listed = json.loads(row[0]) if row else {}
    if not isinstance(listed, dict):
        raise Refusal(_DAMAGED)
    for key, deck in listed.items():
        if isinstance(deck, dict) and str(key).lstrip("-").isdigit():
            yield int(key), _title(str(deck.get("name", "")))


def _title(name: str) -> str:
    return to_text(name).replace("\n", " ").strip()[:LONGEST_TITLE] or "Anki"
