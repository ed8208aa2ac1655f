"""`python -m domain.authoring`: the check without a database and without running code."""

from pathlib import Path

import pytest

from domain.authoring.__main__ import main


def test_exit_codes_and_lines(
    tmp_path: Path, example: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    for path, content in example.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path}: 0 errors, 0 warnings\n"
    (tmp_path / "course.yaml").write_text("slug: no\n")
    assert main([str(tmp_path)]) == 1
    assert f'{tmp_path}/course.yaml:1: quote this value: write "no"' in capsys.readouterr().out
    assert main([]) == 2
    assert main([str(tmp_path / "nowhere")]) == 2
