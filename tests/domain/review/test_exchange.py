"""Cards in and out as files; and files that were made to do harm."""

import io
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.review import apkg_read
from domain.review.apkg_read import read_apkg
from domain.review.apkg_write import write_apkg
from domain.review.clozes import numbers
from domain.review.csv_read import read_csv
from domain.review.decks import Sides
from domain.review.exchange import write_csv
from domain.review.markup import to_html, to_text

# A busy machine is no failure.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LETTERS = st.characters(
    min_codepoint=33, blacklist_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn")
)
PIECES = (" ", "\n    ", "  ", "{{c1::", "}}", "::", "{{Front}}", "<b>", "&amp;", "<!--", "'")
SIDES = (
    st.lists(LETTERS | st.sampled_from(PIECES), min_size=1, max_size=60)
    .map("".join)
    .map(lambda side: "\n".join(line.rstrip() for line in side.split("\n") if line.strip()).strip())
    .filter(lambda side: side and "[sound" not in side and "[anki" not in side)
)


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def collection(tmp_path: Path, script: str) -> bytes:
    path = tmp_path / "made"
    database = sqlite3.connect(path)
    database.executescript(script)
    database.commit()
    database.close()
    return path.read_bytes()


def test_what_is_written_is_read_again():
    cards = [
        Sides("q1", "What is < & >?\nTwo lines", "An answer", ("net", "osi")),
        Sides("q2", "Zażółć", "李雷"),
    ]
    package = write_apkg({"Network+::OSI": cards, "Other": [Sides("x", "a", "b")]}, NOW)
    found = read_apkg(package)
    assert found.decks == {"Network+::OSI": cards, "Other": [Sides("x", "a", "b")]}
    assert write_apkg({"Network+::OSI": cards, "Other": [Sides("x", "a", "b")]}, NOW) == package


@given(st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=8))
@settings(UNHURRIED, max_examples=10)
def test_any_text_comes_back_from_a_deck_and_from_csv(pairs: list[tuple[str, str]]):
    cards = [Sides(f"k{n}", front, back) for n, (front, back) in enumerate(pairs)]
    assert read_apkg(write_apkg({"D": cards}, NOW)).decks == {"D": cards}
    assert read_csv(write_csv(cards), "D").decks == {"D": cards}


@pytest.mark.parametrize(
    ("side", "text"),
    [
        ("<script>alert(1)</script>Hello", "Hello"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("a&lt;b&gt;&amp;&nbsp;c", "a<b>& c"),
        ('<img src=x onerror="alert(1)" alt="A cat">', "[A cat]"),
        ("<style>p{}</style><p onclick=x()>t", "t"),
        ("play [sound:a.mp3] it", "play it"),
        ("<a href='javascript:alert(1)'>link</a>", "link"),
        ("\x00\x1b[31mred\u202e", "[31mred"),
        ("<pre>for x in y:\n    print(x)</pre>", "for x in y:\n    print(x)"),
        ("if a:<br>&nbsp;&nbsp;&nbsp;&nbsp;b", "if a:\n    b"),
        ("<div>&nbsp;a</div> &nbsp;b&nbsp;", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("2 < 3 & <!-- gone --> 4", "2 < 3 & 4"),
        ("<img alt='a &quot;cat&quot;'><svg><title>no</title></svg>", '[a "cat"]'),
        ('<b title=">">x</b> <i', "x <i"),
    ],
)
def test_sides_are_text_and_nothing_runs(side: str, text: str):
    assert to_text(side) == text


@given(SIDES)
@settings(UNHURRIED)
def test_text_survives_html(side: str):
    assert to_text(to_html(side)) == side


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<a b='", "<?", "</a", "[sound:", "<pre>", "{{c1::"]
)
def test_reading_takes_time_in_step_with_what_is_read(piece: str):
    """What Python's own parser takes minutes for; each of these takes milliseconds."""
    began = process_time()
    to_text(piece * (100_000 // len(piece)))
    numbers(piece * (100_000 // len(piece)))
    assert process_time() - began < 5


def bomb(tmp_path: Path) -> bytes:
    return zipped({"collection.anki2": bytes(120 * 1024 * 1024)})


def zstd_bomb(tmp_path: Path) -> bytes:
    zeros = bytes(1024 * 1024)
    packer = zstandard.ZstdCompressor().compressobj()
    packed = b"".join(packer.compress(zeros) for _ in range(260)) + packer.flush()
    return zipped({"collection.anki21b": packed}, zipfile.ZIP_STORED)


def climbing(tmp_path: Path) -> bytes:
    return zipped({"../../etc/passwd": b"x", "collection.anki2": b""})


def rooted(tmp_path: Path) -> bytes:
    return zipped({"/etc/passwd": b"x", "collection.anki2": b""})


def not_a_database(tmp_path: Path) -> bytes:
    return zipped({"collection.anki2": b"SQLite format 3\x00" + bytes(200)})


def views(tmp_path: Path) -> bytes:
    script = """
        CREATE TABLE col (id, decks, models);
        CREATE TABLE cards (id, nid, did, ord, odid);
        CREATE VIEW notes AS WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
            SELECT id, 'g' AS guid, '' AS tags, 'a' AS flds FROM n;
    """
    return zipped({"collection.anki2": collection(tmp_path, script)})


def no_collection(tmp_path: Path) -> bytes:
    return zipped({"media": b"{}"})


def half(tmp_path: Path) -> bytes:
    return write_apkg({"D": [Sides("k", "a", "b")]}, NOW)[:-300]


def many(tmp_path: Path) -> bytes:
    return zipped({f"{number}": b"" for number in range(20_001)})


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (bomb, "over 200 MB|damaged"),
        (zstd_bomb, "over 200 MB"),
        (climbing, "names that do not belong"),
        (rooted, "names that do not belong"),
        (not_a_database, "damaged"),
        (views, "damaged"),
        (no_collection, "damaged"),
        (half, "damaged"),
        (many, "names that do not belong"),
        (lambda _: b"PK\x03\x04 no zip at all", "damaged"),
    ],
)
def test_a_hostile_file_is_refused_in_words(
    made: Callable[[Path], bytes], words: str, tmp_path: Path
):
    with pytest.raises(Refusal, match=words) as refused:
        read_apkg(made(tmp_path))
    str(refused.value)


def test_reading_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apkg_read, "TIME_LIMIT_S", -1.0)
    with pytest.raises(Refusal, match=r"damaged|too long"):
        read_apkg(write_apkg({"D": [Sides(f"k{n}", "a", "b") for n in range(4000)]}, NOW))


@pytest.mark.parametrize(
    ("content", "cards"),
    [
        (b"front,back\nA,B\n", [("A", "B", ())]),
        (b"id,front,back,tags\nk,A,B,x y\n", [("A", "B", ("x", "y"))]),
        (b"A,B\nC,D\n", [("A", "B", ()), ("C", "D", ())]),
        (b"A\tB\n", [("A", "B", ())]),
        ("\ufeffA;B\n".encode(), [("A", "B", ())]),
        (b'"two\nlines","B, too"\n', [("two\nlines", "B, too", ())]),
        (b'"A", "B, too"\r"C", "D"\r', [("A", "B, too", ()), ("C", "D", ())]),
        ("Ą\tB\r\n".encode("utf-16"), [("Ą", "B", ())]),
        (b"sep=;\r\nA, a;B\r\n", [("A, a", "B", ())]),
        (b"What is a, or b?;B\nC;D, E, F\n", [("What is a, or b?", "B", ()), ("C", "D, E, F", ())]),
        (b"front,back\nWhat; why?,B; b\n", [("What; why?", "B; b", ())]),
        (b"Back;Tags;Front\nB;x;A\n", [("A", "B", ("x",))]),
        (b"A | B\nC | D\n", [("A", "B", ()), ("C", "D", ())]),
        (b"one column only\nA,B\n", [("A", "B", ())]),
    ],
)
def test_csv_in_the_forms_people_have(
    content: bytes, cards: list[tuple[str, str, tuple[str, ...]]]
):
    found = read_csv(content, "D").decks["D"]
    assert [(one.front, one.back, one.tags) for one in found] == cards


def test_ankis_own_text_export_is_read():
    content = (
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n"
        "#tags column:6\n"
        'k1\tBasic\tA::B\tx &lt; y<br>z\t"<img src=""p.png"">""w"""\tt u\n'
        "k2\tBasic\tC\tq\ta\t\n"
    )
    found = read_csv(content.encode(), "D")
    assert found.decks == {
        "A::B": [Sides("k1", "x < y\nz", '"w"', ("t", "u"))],
        "C": [Sides("k2", "q", "a")],
    }
    assert found.bare == 1


def test_csv_says_what_was_left_out():
    found = read_csv(f"A,\nB,{'x' * 1001}\nC,D\n".encode(), "D")
    assert found.count == 1
    assert found.skipped == {"a side is empty": 1, "a side is over 1,000 characters": 1}


@pytest.mark.parametrize("content", [b"\xff\xfebad", b"\xe9,e", b"a\x00b,c", b'"' + b"x" * 200_000])
def test_what_is_no_csv_is_refused(content: bytes):
    with pytest.raises(Refusal):
        read_csv(content, "D")
