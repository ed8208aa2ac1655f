"""Reading folders and zips: limits, attacks, encodings, and a hash that depends on content only."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from domain.authoring import sources
from domain.authoring.compiler import compile_course
from domain.authoring.problems import Problems
from domain.authoring.sources import decode, read_folder, read_source, read_zip, tree_hash

Tree = dict[str, bytes]


def write(folder: Path, tree: Tree) -> Path:
    for path, content in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def pack(folder: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    target = folder / "course.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target


def refusal(path: Path) -> str:
    problems = Problems()
    read_zip(path, problems)
    return " ".join(map(str, problems.errors))


def test_the_same_course_from_folder_zip_and_wrapped_zip(tmp_path: Path, example: Tree) -> None:
    folder = write(tmp_path / "course", example)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / "README.md").write_text("About this course.")
    shuffled = list(example.items())
    shuffled.reverse()
    flat = pack(tmp_path, [(name, content) for name, content in shuffled])
    trees = [read_source(folder), read_source(flat)]
    wrapped = pack(tmp_path, [("first-steps/" + name, content) for name, content in shuffled])
    trees.append(read_source(wrapped))
    for tree, problems in trees:
        assert not problems.found
        assert tree == example
        assert tree_hash(tree) == tree_hash(example)


def test_line_ends_and_byte_order_marks_do_not_make_another_course(example: Tree) -> None:
    windows = {
        path: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for path, content in example.items()
    }
    first, second = compile_course(example), compile_course(windows)
    assert first.hash == second.hash
    assert first.course == second.course
    assert first.course is not None


def test_every_changed_byte_makes_another_course(example: Tree) -> None:
    changed = {**example, "SUMMARY.md": example["SUMMARY.md"] + b"\n"}
    assert tree_hash(changed) != tree_hash(example)
    moved = {path.replace("01-hello", "02-hello"): content for path, content in example.items()}
    assert tree_hash(moved) != tree_hash(example)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"good\ncaf\xe9 au lait\n", 2, "byte 8 is 0xe9"),
        (b"\xef\xbb\xbfgood\n\xff", 2, "byte 8 is 0xff"),
        (b"a\nb\x00c", 2, "U+0000"),
        (b"x" * (sources.MAX_TEXT + 1), 1, "at most 1 MiB"),
    ],
)
def test_texts_that_cannot_be_read_name_the_place(content: bytes, line: int, words: str) -> None:
    problems = Problems()
    assert decode("a.md", content, problems) is None
    (problem,) = problems.errors
    assert problem.line == line
    assert words in problem.message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../outside.md", "'..'"),
        ("a/../../outside.md", "'..'"),
        ("/etc/passwd", "absolute"),
        ("C:/windows/system.ini", "absolute"),
        ("a//b.md", "'.' and '..'"),
    ],
)
def test_paths_that_leave_the_course_are_refused(tmp_path: Path, name: str, words: str) -> None:
    assert words in refusal(pack(tmp_path, [(name, b"x")]))


def test_links_in_a_zip_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("course.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "links and devices" in refusal(pack(tmp_path, [(link, b"/etc/passwd")]))


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    bomb = pack(tmp_path, [("big.md", b"0" * 20_000_000)])
    assert bomb.stat().st_size < 200_000
    assert "zip bomb" in refusal(bomb)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", b"0")
    assert "archives inside" in refusal(pack(tmp_path, [("inner.zip", inner.getvalue())]))


def test_a_zip_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, [("course.yaml", b"x" * 5000)])
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert refusal(path)


def test_damaged_and_encrypted_zips_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, [("course.yaml", b"slug: x\n" * 100)])
    data = bytearray(path.read_bytes())
    data[40:60] = b"\x00" * 20
    path.write_bytes(data)
    assert refusal(path)
    path.write_bytes(b"this is no zip")
    assert "cannot be read" in refusal(path)


def test_too_many_files_and_too_many_bytes(
    tmp_path: Path, example: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "course", example)
    monkeypatch.setattr(sources, "MAX_FILES", 3)
    problems = Problems()
    read_folder(folder, problems)
    assert "at most 3 files" in str(problems.errors[0])
    monkeypatch.undo()
    monkeypatch.setattr(sources, "MAX_TOTAL", 100)
    problems = Problems()
    read_folder(folder, problems)
    assert "MiB" in str(problems.errors[0])


def test_links_in_a_folder_are_refused(tmp_path: Path, example: Tree) -> None:
    folder = write(tmp_path / "course", example)
    (folder / "secret.md").symlink_to("/etc/hostname")
    (folder / "more").symlink_to("/etc")
    problems = Problems()
    tree = read_folder(folder, problems)
    assert {problem.path for problem in problems.errors} == {"secret.md", "more"}
    assert set(tree) == set(example)
