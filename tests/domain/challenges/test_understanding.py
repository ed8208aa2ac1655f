"""What counts as handed-in code, and what is refused."""

import io
import zipfile

import pytest

from domain.challenges.fences import TICKS
from domain.challenges.understanding import (
    LARGEST,
    Blocks,
    Understood,
    Wanted,
    chosen_block,
    from_files,
    from_text,
)
from domain.errors import Refusal

PYTHON = Wanted("python", "two_fer.py", ("two_fer.py",))
WEB = Wanted("web", "index.html", ("index.html", "style.css"))
CODE = "x = 1\nprint(x)\n"


def files_of(understood: Understood | Blocks) -> dict[str, str]:
    assert isinstance(understood, Understood)
    return dict(understood.files)


@pytest.mark.parametrize("tick", TICKS)
@pytest.mark.parametrize("word", ["", "python", "py", "Python3"])
def test_eleven_kinds_of_ticks(tick: str, word: str) -> None:
    assert len(TICKS) == 11
    assert files_of(from_text(f"{tick * 3}{word}\n{CODE}{tick * 3}", PYTHON)) == {
        "two_fer.py": CODE
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"my solution:\n```python\n{CODE}```\nis it right?", CODE),
        (f"```\n{CODE}", CODE),
        (f"```html\n<p>\n```\n```python\n{CODE}```", CODE),
        (f"‘‘‘\n{CODE}’’’", CODE),
        ("```print(1)```", "print(1)\n"),
        ("`print(1)`", "print(1)\n"),
        ("print(1)", "print(1)\n"),
        ("def f():\r\n    return 1", "def f():\n    return 1\n"),
        ("'''A module.'''\nx = 1", "'''A module.'''\nx = 1\n"),
        ("```python\ndef f():\n    '''Says ´´´.'''\n```", "def f():\n    '''Says ´´´.'''\n"),
        ("```\nnot python at all (\n```", "not python at all (\n"),
        ("````\nx = '```'\n````", "x = '```'\n"),
    ],
)
def test_code_is_found(text: str, code: str) -> None:
    assert files_of(from_text(text, PYTHON)) == {"two_fer.py": code}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "no code"),
        ("what is a function?", "no code"),
        ("42", "no code"),
        ("def f(:\n  return", r"cannot read it \(line 1"),
        ("``````", "no code"),
        ("```\n \n```", "no code"),
        ("```\n" + "x = 1\n" * 20000 + "```", "KiB"),
        ("```\nx = '\x00'\n```", "not text"),
        ("```js\nconsole.log(1)\n```", "marked as js, but this challenge takes Python"),
    ],
)
def test_what_is_no_code_is_said(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        from_text(text, PYTHON)


def test_two_blocks_are_asked_about() -> None:
    several = from_text("```\na = 1\n```\nor\n```\nb = 2\n```", PYTHON)
    assert several == Blocks(("a = 1", "b = 2"))
    assert files_of(chosen_block(several.blocks, 1, PYTHON)) == {"two_fer.py": "b = 2\n"}
    with pytest.raises(Refusal, match="once more"):
        chosen_block((), 0, PYTHON)


def test_files() -> None:
    one = [("two_fer.py", b"\xef\xbb\xbfx = 1\r\n")]
    assert files_of(from_files(one, PYTHON)) == {"two_fer.py": "x = 1\n"}
    assert files_of(from_files([("mine.py", b"x = 1")], PYTHON)) == {"two_fer.py": "x = 1\n"}
    spaced = from_files([("my try (2).py", b"x = 1")], PYTHON)
    assert files_of(spaced) == {"two_fer.py": "x = 1\n"}
    two = [("two_fer.py", b"import helper\n"), ("helper.py", b"y = 2\n")]
    assert set(files_of(from_files(two, PYTHON))) == {"two_fer.py", "helper.py"}
    web = [("index.html", b"<p>\n"), ("style.css", b"p {}\n")]
    assert set(files_of(from_files(web, WEB))) == {"index.html", "style.css"}


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_zip_is_unpacked() -> None:
    content = zipped({"mine/two_fer.py": b"x = 1\n", "__MACOSX/mine/._two_fer.py": b"\x00"})
    assert files_of(from_files([("mine.zip", content)], PYTHON)) == {"two_fer.py": "x = 1\n"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("a.exe", b"MZ")], "does not fit here"),
        ([("index.html", b"<p>")], "does not fit here"),
        ([("two_fer.py", b"\xff\xfe\x00")], "not a text file"),
        ([("two_fer.py", b"x = 1\x00")], "not a text file"),
        ([("two_fer.py", b"#" * (LARGEST + 1))], "65 KiB"),
        ([("two_fer.py", b" \n")], "nothing in that"),
        ([("a.py", b"x"), ("b.py", b"y")], "must be called two_fer.py"),
        ([("a.txt", b"x")], "must be called two_fer.py"),
        ([("a.py", b"x"), ("d/a.py", b"y")], "two files called a.py"),
        ([("über.py", b"x"), ("two_fer.py", b"y")], "characters that I cannot use"),
        ([(f"f{n}.py", b"x") for n in range(21)], "20 files"),
        ([("x.zip", b"not a zip")], "cannot open"),
        ([("x.zip", zipped({"../a.py": b"x = 1\n"}))], "cannot open"),
        ([("x.zip", zipped({"a.py": b"0" * 10_000_000}))], "KiB"),
        ([("x.zip", zipped({f"{n}.py": b"" for n in range(30)}))], "20 files"),
        ([("x.zip", zipped({}))], "no file"),
    ],
)
def test_files_that_are_refused(files: list[tuple[str, bytes]], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        from_files(files, PYTHON)
