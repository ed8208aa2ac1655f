"""The command line: every subcommand is listed, described, and loads only itself."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bots.cli import COMMANDS, main, parser


def test_the_short_help_says_what_each_subcommand_says_of_itself():
    actions = [action for action in parser()._actions if action.dest == "command"]
    choices: Any = actions[0]
    described = {choice.dest: choice.help for choice in choices._choices_actions}
    assert described == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_subcommand_has_help(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert name in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["dance"], ["chat", "--nonsense"], ["course"]])
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_wrong_setting_is_named_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("STOA_DATABASE_URL", "mysql://nowhere")
    assert main(["doctor"]) == 2
    assert "STOA_DATABASE_URL: write it like postgresql://" in capsys.readouterr().err


def test_a_file_that_cannot_be_opened_is_named_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("STOA_DATA_DIR", str(tmp_path / ("x" * 300)))
    assert main(["backup"]) == 1
    assert "xxx: File name too long" in capsys.readouterr().err.replace("/backups", "")


def test_chatting_loads_no_other_subcommand():
    code = (
        "import sys; from bots.cli import parser; parser('chat');"
        "print([m for m in sys.modules if m.startswith('bots.commands.')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stdout.strip() == "['bots.commands.chat']"
