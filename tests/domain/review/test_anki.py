"""What Anki's own library makes of our decks, and we of its; only where it is installed.

It is AGPL and only checks us: it is no dependency, and need not lie beside Stoa. Either
`pip install anki` into the tests' environment, or make another one and say where its Python is:

    python3 -m venv /tmp/anki && /tmp/anki/bin/pip install anki
    ANKI_PYTHON=/tmp/anki/bin/python pytest tests/domain/review/test_anki.py
"""

import importlib.util
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.review.apkg_read import read_apkg
from domain.review.apkg_write import write_apkg
from domain.review.decks import Sides

PYTHON = os.environ.get("ANKI_PYTHON", "")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CODE = "for n in range(3):\n    print(n < 2 & n)"
CARDS = [Sides("k1", "x < y\nz", "w {{c1::t}}", ("t",)), Sides("k2", CODE, "李雷 ❤")]
# Reads a deck twice, the second time with new text; then writes one in each of Anki's forms.
SCRIPT = """
import json, sys
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

first, second, folder = sys.argv[1:]
col = Collection(folder + "/collection.anki2")
notes = []
for path in (first, second):
    options = ImportAnkiPackageOptions(update_notes=1)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
    found = [col.get_note(n) for n in col.find_notes("")]
    notes.append([[n.guid, n.fields, n.tags, col.decks.name(n.cards()[0].did)] for n in found])
for name, fields in (
    ("Basic (and reversed card)", ("Hund", "dog")),
    ("Cloze", ("The {{c1::IP::proto}} has {{c2::a {{c1::b}}}}.", "more")),
    ("Basic", ("<pre>if a:\\n    b</pre>", "c [sound:x.mp3]")),
):
    note = col.new_note(col.models.by_name(name))
    note.fields[:2] = fields
    col.add_note(note, col.decks.id("Own::Deck"))
for name, legacy in (("old", True), ("new", False)):
    col.export_anki_package(
        out_path=f"{folder}/{name}.apkg",
        options=ExportAnkiPackageOptions(
            with_scheduling=False, with_media=True, with_deck_configs=False, legacy=legacy
        ),
        limit=DeckIdLimit(col.decks.id("Own::Deck")),
    )
print(json.dumps(notes))
col.close()
"""


@pytest.mark.skipif(
    not PYTHON and importlib.util.find_spec("anki") is None,
    reason="anki is not installed: it is AGPL and only checks us",
)
def test_anki_reads_our_decks_and_we_read_its(tmp_path: Path):
    changed = [CARDS[0], Sides("k2", CODE, "new")]
    later = NOW.replace(hour=13)
    for name, cards, at in (("first", CARDS, NOW), ("second", changed, later)):
        (tmp_path / f"{name}.apkg").write_bytes(write_apkg({"A::B": cards}, at))
    paths = [str(tmp_path / f"{name}.apkg") for name in ("first", "second")]
    run = subprocess.run(
        [PYTHON or sys.executable, "-c", SCRIPT, *paths, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    code = "for n in range(3):<br>&nbsp;&nbsp;&nbsp;&nbsp;print(n &lt; 2 &amp; n)"
    ours = ["k1", ["x &lt; y<br>z", "w {{c1::t}}"], ["t"], "A::B"]
    first, second = json.loads(run.stdout)
    assert first == [ours, ["k2", [code, "李雷 ❤"], [], "A::B"]]
    assert second == [ours, ["k2", [code, "new"], [], "A::B"]], "importing again doubles nothing"
    for name in ("old", "new"):
        found = read_apkg((tmp_path / f"{name}.apkg").read_bytes())
        sides = [(one.front, one.back) for one in found.decks["Own::Deck"]]
        assert sides == [
            ("Hund", "dog"),
            ("dog", "Hund"),
            ("The [proto] has a [...].", "IP, b\nmore"),
            ("The IP has [...].", "a b\nmore"),
            ("if a:\n    b", "c"),
        ]
        assert found.bare == 1
