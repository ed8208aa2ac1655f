"""Decks as .apkg files: a zip with an SQLite database, as Anki exports it for all its versions.

The database has schema 11 and lies in `collection.anki21`; beside it stands the small
`collection.anki2` that tells very old versions to update. Written from the description of the
format at https://github.com/ankidroid/Anki-Android/wiki/Database-Structure.
"""

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha1
from pathlib import Path

from domain.review.decks import Sides
from domain.review.markup import to_html

_MODEL = 1_742_000_001_000  # the note type's id: the same in all our files, so Anki keeps one
_STEP = 1_000  # milliseconds between the ids of neighbours
_SEPARATOR = "\x1f"
_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,
    scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,
    ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
    dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,
    sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
    ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,
    queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL,
    reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL,
    odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
    ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL,
    factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""
_UPDATE = "Please update to the latest Anki version, then import the .colpkg/.apkg file again."


def write_apkg(decks: Mapping[str, Sequence[Sides]], now: datetime) -> bytes:
    """A file that Anki imports; the same cards at the same time give the same bytes.

    A card's key is the note's guid, so importing a newer file changes cards and doubles none.

    Args:
        decks: cards by the title of their set; "A::B" stands under "A".
        now: written into the file as its time.
    """
    notes = [(title, one) for title, cards in decks.items() for one in cards]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("collection.anki2", _collection([("Default", _note("stoa", _UPDATE))], now)),
            ("collection.anki21", _collection(notes, now)),
            ("media", b"{}"),
        ):
            package.writestr(zipfile.ZipInfo(name, _EPOCH_OF_ZIP), content)
    return out.getvalue()


def _note(key: str, front: str) -> Sides:
    return Sides(key, front, "")


def _collection(notes: Sequence[tuple[str, Sides]], now: datetime) -> bytes:
    seconds = int(now.timestamp())
    first = seconds * 1000
    titles = list(dict.fromkeys(title for title, _ in notes))
    decks = {title: 1 if title == "Default" else _deck_id(title) for title in titles}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection"
        database = sqlite3.connect(path, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = MEMORY")
            database.executescript(_TABLES)
            database.execute("BEGIN")
            database.execute(
                "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
                (seconds, first, first, *_settings(decks, seconds)),
            )
            for number, (title, one) in enumerate(notes):
                key = first + number * _STEP
                front = to_html(one.front)
                flds = _SEPARATOR.join((front, to_html(one.back)))
                tags = f" {' '.join(one.tags)} " if one.tags else ""
                database.execute(
                    "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
                    (key, one.key, _MODEL, seconds, tags, flds, front, _checksum(front)),
                )
                database.execute(
                    "INSERT INTO cards VALUES"
                    " (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
                    (key, key, decks[title], seconds, number + 1),
                )
            database.execute("COMMIT")
        finally:
            database.close()
        return path.read_bytes()


def _checksum(front: str) -> int:
    """Anki finds doubles by the first eight hexadecimal digits of the SHA-1 of the first field."""
    return int(sha1(front.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def _deck_id(title: str) -> int:
    digest = sha1(title.encode(), usedforsecurity=False).digest()
    return 1_500_000_000_000 + int.from_bytes(digest[:4], "big")


def _settings(decks: Mapping[str, int], seconds: int) -> tuple[str, str, str, str]:
    """The columns conf, models, decks and dconf of the collection."""
    conf = {"nextPos": 1, "sortType": "noteFld", "sortBackwards": False, "activeDecks": [1]}
    conf |= {"curDeck": 1, "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": True}
    conf |= {"dueCounts": True, "curModel": str(_MODEL), "addToCur": True}
    fields = [
        {"name": name, "ord": n, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
        for n, name in enumerate(("Front", "Back"))
    ]
    template = {"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "did": None, "bqfmt": ""}
    template |= {"afmt": "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", "bafmt": ""}
    model = {"id": _MODEL, "name": "Stoa", "type": 0, "mod": seconds, "usn": -1, "sortf": 0}
    model |= {"did": 1, "tmpls": [template], "flds": fields, "latexPre": "", "latexPost": ""}
    model |= {"css": ".card { font-family: arial; font-size: 20px; text-align: center; }"}
    model |= {"req": [[0, "any", [0]]], "tags": [], "vers": []}
    listed = {
        str(key): {
            "id": key,
            "name": title,
            "mod": seconds,
            "usn": -1,
            "lrnToday": [0, 0],
            "revToday": [0, 0],
            "newToday": [0, 0],
            "timeToday": [0, 0],
            "collapsed": False,
            "browserCollapsed": False,
            "desc": "",
            "dyn": 0,
            "conf": 1,
            "extendNew": 0,
            "extendRev": 0,
        }
        for title, key in {"Default": 1, **decks}.items()
    }
    new = {"bury": False, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1}
    rev = {
        "bury": False,
        "ease4": 1.3,
        "ivlFct": 1,
        "maxIvl": 36500,
        "perDay": 200,
        "hardFactor": 1.2,
    }
    lapse = {"delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0}
    options = {"id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": True}
    options |= {"timer": 0, "replayq": True, "new": {**new, "perDay": 20}, "rev": rev}
    options |= {"lapse": lapse, "dyn": False}
    return (
        json.dumps(conf),
        json.dumps({str(_MODEL): model}),
        json.dumps(listed),
        json.dumps({"1": options}),
    )
