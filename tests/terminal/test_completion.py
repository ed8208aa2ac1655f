"""What Tab offers."""

from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bots.conversation.dialogue import Button
from bots.conversation.vocabulary import VERBS
from bots.terminal.completion import Words
from bots.terminal.door import Door
from domain.clock import ManualClock

COURSES = (("python-from-zero", "Python from zero"), ("net-plus", "Network+"))


@pytest.fixture
def offered(clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What a line may become, when Tab was pressed at its end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    buttons = (Button("Next page", "n"), Button("Next\x1b lesson", "l"), Button("Save", "s"))
    door = Door(None, clock, "ana", tmp_path, buttons=buttons)  # type: ignore[arg-type]
    words = Words(door, lambda: COURSES)

    def complete(text: str, *, asked: bool = True) -> list[str]:
        event = CompleteEvent(completion_requested=asked)
        found = words.get_completions(Document(text), event)
        return [text[: len(text) + one.start_position] + one.text for one in found]

    return complete


def test_every_command_is_offered(offered) -> None:
    assert offered("/")[: len(VERBS)] == [f"/{verb.name}" for verb in VERBS]
    assert offered("/SAV") == ["/save", "/saved"]
    assert offered("/q") == ["/quiz", "/quit"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/settings ", ["time", "day", "language", "display full", "display compact"]),
        ("/settings display c", ["display compact"]),
        ("/code h", ["history"]),
        ("/streak w", ["why", "weekends off", "weekends on"]),
        ("/learn ", ["next", "python-from-zero", "net-plus"]),
        ("/learn PY", ["python-from-zero"]),
        ("/courses le", ["level:beginner", "level:intermediate", "level:advanced"]),
        ("/help str", ["streak"]),
        ("/unknown x", []),
    ],
)
def test_words_of_commands(offered, text: str, found: list[str]) -> None:
    verb = text.partition(" ")[0]
    assert offered(text) == [f"{verb} {one}" for one in found]


def test_zones_by_name_and_by_city(offered) -> None:
    assert offered("/settings time europe/wars") == ["/settings time Europe/Warsaw"]
    assert offered("/settings time new yo") == ["/settings time America/New_York"]


def test_buttons_by_their_beginning_and_all_for_an_empty_line(offered) -> None:
    assert offered("ne") == ["Next page", "Next␛ lesson"]
    assert offered("") == ["Next page", "Next␛ lesson", "Save"]
    assert offered("", asked=False) == []


def test_nothing_inside_code(offered) -> None:
    assert offered("```\n/le") == []


def test_paths(offered, tmp_path: Path) -> None:
    (tmp_path / "my code").mkdir()
    for name in ("one.py", "it's (1).py", ".hidden.py", "old.pyc", "e\x1b.py"):
        (tmp_path / name).touch()
    (tmp_path / "my code" / "two.py").touch()
    start = "/code submit "
    assert offered(start) == [start + "it\\'s\\ \\(1\\).py", start + "my\\ code/", start + "one.py"]
    assert offered(start + "o") == [start + "one.py"]
    assert offered(start + "my\\ code/") == [start + "my\\ code/two.py"]
    assert offered(start + "my\\ c") == [start + "my\\ code/"]
    assert offered(start + '"my code/t') == [start + '"my code/two.py']
    assert offered(start + "one.py ~/my\\ code/t") == [start + "one.py ~/my\\ code/two.py"]
    assert offered(start + ".h") == [start + ".hidden.py"]
    assert offered(start + "nowhere/") == []
