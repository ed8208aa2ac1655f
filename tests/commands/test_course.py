"""`stoa course` as a person runs it, on a database of its own."""

import argparse
import json
import re
import zipfile
from pathlib import Path

import pytest

from bots.commands import course, course_work
from domain.database import Database
from domain.errors import Refusal
from domain.settings import Settings

GUIDE = Path(__file__).parents[2] / "docs" / "authoring.md"
_BLOCK = re.compile(r"^````\w+ first-steps/(\S+)\n(.*?)^````$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example course of the authoring guide, as a folder."""
    for path, text in _BLOCK.findall(GUIDE.read_text("utf-8")):
        target = tmp_path / "first-steps" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return tmp_path / "first-steps"


@pytest.fixture(autouse=True)
def one_database(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands open the test's database, and leave closing it to the test."""

    class Opened:
        @staticmethod
        async def open(*_: object) -> Database:
            return database

    async def stay_open() -> None:
        return None

    monkeypatch.setattr(course_work, "Database", Opened)
    monkeypatch.setattr(database, "close", stay_open)


def pack(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder.parent))


async def stoa(settings: Settings, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    course.add_parser(parser.add_subparsers())
    args = parser.parse_args(["course", *map(str, words)])
    code: int = await args.run(args, settings)
    return code


async def test_check_says_what_and_where(
    settings: Settings, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await stoa(settings, "check", folder) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{folder}: 0 errors, 0 warnings\n"
    assert shown.err == "Challenges to run: 1\n"
    lesson = folder / "10-basics" / "01-hello.md"
    lesson.write_text(lesson.read_text().replace("minutes: 3", "minutes: soon"))
    assert await stoa(settings, "check", "--no-run", folder) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{lesson}:4: 'minutes' is a whole number")
    assert shown.out.endswith(f"{folder}: 1 error, 0 warnings\n")
    assert await stoa(settings, "check", folder / "nowhere") == 2


async def test_check_runs_challenges_unless_told_not_to(settings: Settings, folder: Path) -> None:
    (folder / "10-basics/02-greet/solution/greet.py").write_text("def greet(name):\n    pass\n")
    assert await stoa(settings, "check", folder) == 1
    assert await stoa(settings, "check", "--no-run", folder) == 0


async def test_check_as_json(
    settings: Settings, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "stray.md").write_text("x")
    assert await stoa(settings, "check", "--json", folder) == 1
    (report,) = json.loads(capsys.readouterr().out)["courses"]
    assert report["errors"] == [
        {
            "path": "stray.md",
            "line": 1,
            "message": "this file is not in SUMMARY.md: list it there, or remove it",
        }
    ]


async def test_the_way_of_a_course(
    settings: Settings, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await stoa(settings, "import", folder) == 0
    assert "imported as a draft: 1 course new" in capsys.readouterr().out
    assert await stoa(settings, "import", folder) == 0
    assert capsys.readouterr().out == "first-steps: nothing changed\n"
    assert await stoa(settings, "publish", "first-steps") == 1  # nobody answers the question
    assert "--yes" in capsys.readouterr().err
    assert await stoa(settings, "publish", "first-steps", "--yes") == 0
    assert capsys.readouterr().out.endswith("first-steps: version 1 is published\n")
    with pytest.raises(Refusal, match="nothing to publish"):
        await stoa(settings, "publish", "first-steps", "--yes")

    lesson = folder / "10-basics" / "01-hello.md"
    lesson.write_text(lesson.read_text().replace("one job", "one task"))
    packed = tmp_path / "course.zip"
    pack(folder, packed)
    assert await stoa(settings, "import", packed, "--no-run") == 0
    assert "1 lesson changed, 0 removed" in capsys.readouterr().out
    assert await stoa(settings, "publish", "first-steps", "--yes") == 0
    assert "  changed  lesson     hello: Hello\n" in capsys.readouterr().out
    assert await stoa(settings, "rollback", "first-steps", "1") == 0
    assert "version 1 is served again: 1 lesson changed" in capsys.readouterr().out
    assert await stoa(settings, "history", "first-steps") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["2", "1"]
    assert "learners see this one" in lines[1]


async def test_import_writes_nothing_when_there_are_errors(
    settings: Settings, folder: Path, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    text = (folder / "course.yaml").read_text().replace("first-steps", "broken-course")
    (folder / "course.yaml").write_text(text.replace("level: 1", "level: 7"))
    assert await stoa(settings, "import", folder) == 1
    assert "nothing was imported" in capsys.readouterr().err
    async with database.worker_unit_of_work() as conn:
        found = await conn.exec_driver_sql("SELECT 1 FROM courses WHERE slug = 'broken-course'")
        assert found.all() == []
