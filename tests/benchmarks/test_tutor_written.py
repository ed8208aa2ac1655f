"""The programs written by hand are what their files say."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.tutor_written import COURSE, SETS, read, written

FILES = sorted((Path(__file__).parents[2] / "benchmarks" / "data" / "tutor").rglob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_reference_passes_its_tests_and_every_wrong_program_is_another(path):
    one = read(path)
    if one.challenge:
        (solution,) = (COURSE / one.challenge / "solution").iterdir()
        one = replace(one, reference=solution.read_text(encoding="utf-8"))
    space: dict[str, object] = {}
    if one.tests:
        exec(one.reference, space)  # noqa: S102 - the references are ours
    for call, wanted in one.tests:
        assert eval(call, space) == ast.literal_eval(wanted), call  # noqa: S307
    texts = {wrong.text for wrong in one.wrong}
    assert len(texts) == len(one.wrong)
    assert one.reference not in texts
    for wrong in one.wrong:
        if not one.challenge:
            compile(wrong.text, path.name, "exec")
        assert all(1 <= line <= wrong.text.count("\n") for line in wrong.lines)


def test_the_sets_share_no_exercise_and_become_challenges(tmp_path):
    names = [path.stem for path in FILES]
    assert len(set(names)) == len(names)
    assert {path.parent.name for path in FILES} == set(SETS)
    every = list(written("second", tmp_path))
    assert len(every) == sum(path.parent.name == "second" for path in FILES)
    assert all(set(one.gold) == set(one.wrong) for one in every)


def test_the_course_set_is_about_every_python_challenge_of_the_course(tmp_path):
    every = list(written("course", tmp_path))
    files = list(COURSE.rglob("challenge.yaml"))
    assert len(every) == len(files)
    assert all(set(one.gold) == set(one.wrong) for one in every)
