"""Files come in by name and go out without overwriting."""

import os
from pathlib import Path

import pytest

from bots.conversation.dialogue import File
from bots.terminal import files
from domain.errors import Refusal


def test_a_file_is_saved_once_and_a_different_one_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    first = files.save(File("two_fer.py", b"1"), folder)
    again = files.save(File("two_fer.py", b"1"), folder)
    other = files.save(File("two_fer.py", b"2"), folder)
    assert first.path == again.path == folder / "two_fer.py"
    assert other.path == folder / "two_fer-2.py"
    assert sorted(one.name for one in folder.iterdir()) == ["two_fer-2.py", "two_fer.py"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\up.txt", "up.txt"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("a\x1b[31m\u202e.py", "a␛[31m<U+202E>.py"),
        ("x" * 300 + ".py", "x" * 117 + ".py"),
        ("-rf", "rf"),
    ],
)
def test_names_lead_nowhere_else(tmp_path: Path, name: str, kept: str) -> None:
    assert files.save(File(name, b"x"), tmp_path).path == tmp_path / kept


def test_links_and_folders_of_that_name_are_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    (tmp_path / "link.py").symlink_to(target)
    (tmp_path / "folder.py").mkdir()
    assert files.save(File("link.py", b"x"), tmp_path).path == tmp_path / "link-2.py"
    assert files.save(File("folder.py", b"x"), tmp_path).path == tmp_path / "folder-2.py"
    assert not target.exists()


def test_what_cannot_be_saved_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    saved = files.save(File("a.png", b"x", "a box"), tmp_path / "file")
    assert saved.path is None
    assert saved.alt == "a box"
    assert "exists" in saved.problem


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("a.py b.py", ["a.py", "b.py"]),
        ("my\\ code/a.py", ["my code/a.py"]),
        ("'my code/a.py' \"b c.py\"", ["my code/a.py", "b c.py"]),
        ("", []),
    ],
)
def test_paths_are_typed_as_in_a_shell(typed: str, paths: list[str]) -> None:
    assert files.paths_in(typed) == paths


def test_an_open_quote_is_refused() -> None:
    with pytest.raises(Refusal, match="quote is left open"):
        files.paths_in("it's.py")


def test_files_are_read_from_home_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a b.py").write_bytes(b"x\xff")
    assert files.load(["~/a b.py"]) == (File("a b.py", b"x\xff"),)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "many-1.py").write_text("")
    (tmp_path / "large").write_bytes(b"")
    os.truncate(tmp_path / "large", files.LARGEST + 1)
    for name, words in (
        ("pipe", "not a file"),
        (".", "folder"),
        ("missing.py", "No such file"),
        ("many-*.py", "Name each file"),
        ("large", "over 10 MiB"),
        ("nul\0.py", "null"),
        ("/dev/zero", "not a file"),
    ):
        with pytest.raises(Refusal, match=words):
            files.load([str(tmp_path / name) if name[0] != "/" else name])
    with pytest.raises(Refusal, match="at most 20"):
        files.load(["a.py"] * 21)


def test_a_path_with_spaces_needs_no_quotes_when_the_file_is_there(tmp_path: Path) -> None:
    path = tmp_path / "my first try.py"
    path.write_text("print(1)")
    assert files.paths_in(f"  {path} ") == [str(path)]
    assert len(files.paths_in(f"{path}2")) == 3  # there is no such file: as in a shell
