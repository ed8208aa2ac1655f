"""The learner model's benchmark: its figures, its reading of files, and what they say of ours."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from benchmarks import learner_model
from benchmarks.learner_model import auc, calibration, ece, held_out, try_all
from benchmarks.learner_model_rivals import Ours
from benchmarks.learner_model_rows import Answer, BadFile, read_file, read_rows
from benchmarks.learner_model_worlds import WORLDS


def test_ours_is_not_worse_than_simpler_rules_in_any_world(capsys: pytest.CaptureFixture[str]):
    assert (
        learner_model.main(["--learners", "120", "--answers", "40", "--json", "--seed", "7"]) == 0
    )
    worlds = json.loads(capsys.readouterr().out)
    assert [world["name"] for world in worlds] == list(WORLDS)
    for world in worlds:
        losses = {rule["rule"]: rule["log_loss"] for rule in world["rules"]}
        assert losses["ours"] <= min(losses.values()) + 0.01, world["name"]
        assert sum(size for _, _, size in world["calibration"]) < world["answers"] / 2


def test_answers_that_share_nothing_may_come_in_any_order():
    one = [Answer("ada", f"a{n}", ("loops",), float(n % 2)) for n in range(6)]
    two = [Answer("bob", f"b{n}", ("lists",), float(n % 3 == 0)) for n in range(6)]

    def said(answers: Sequence[Answer]) -> dict[tuple[str, str], float]:
        rule = Ours()
        return {(given.learner, given.item): rule.answer(given) for given in answers}

    mixed = [given for pair in zip(two, one, strict=True) for given in pair]
    assert said(one + two) == said(mixed)
    # Whereas one learner's own answers do bear on each other.
    own = [Answer("ada", given.item, ("lists",), given.share) for given in two]
    assert said(one + own) != said(own + one)


def test_figures_are_what_they_are_called():
    perfect = [(0.1, 0.0), (0.2, 0.0), (0.8, 1.0), (0.9, 1.0)]
    assert auc(perfect) == 1.0
    assert auc([(1 - chance, share) for chance, share in perfect]) == 0.0
    assert auc([(0.5, 0.0), (0.5, 1.0), (0.5, 1.0)]) == 0.5
    assert auc([(0.3, 1.0), (0.4, 1.0)]) is None
    honest = [(0.25, float(n % 4 == 0)) for n in range(400)]
    assert ece(honest) == pytest.approx(0.0, abs=0.01)
    boasting = [(0.9, float(n % 2)) for n in range(400)]
    assert ece(boasting) == pytest.approx(0.4, abs=0.01)
    assert [size for _, _, size in calibration(honest)] == [40] * 10


MESSY = (
    '\ufeffrow,Skill Name,"Student ID",correct,problem_id,note\n'
    '1,"Loops~~Lists",ada,1,p1,"a, quoted note"\n'
    "2,Loops; Lists;Loops,ada,TRUE,p2,\n"
    "3,,bob,false,p1,\n"
    "4,NA,bob,0.5,p2,\n"
    "5,Loops,bob,maybe,p2,\n"
    "6,Loops,,1,p2,\n"
    "\n"
    "7,Loops\n"
    '8,Loops,"carla\nsmith",no,p3,\n'
    "9,Loops,ada,2,p3,\n"
)


def test_messy_rows_are_read_and_bad_ones_named(tmp_path: Path):
    path = tmp_path / "messy.csv"
    path.write_text(MESSY, encoding="utf-8")
    read = read_file(path)
    assert read.answers == [
        Answer("ada", "p1", ("Loops", "Lists"), 1.0),
        Answer("ada", "p2", ("Loops", "Lists"), 1.0),
        Answer("bob", "p1", (), 0.0),
        Answer("bob", "p2", (), 0.5),
        Answer("carla\nsmith", "p3", ("Loops",), 0.0),
    ]
    assert read.without_skill == 2
    assert [line for line, _ in read.bad] == [6, 7, 9, 12]
    assert "'maybe'" in read.complaints()[0]


def test_other_separators_and_orders_of_columns():
    tabs = "correct\tskill\titem\tlearner\n1\ta;b\tx\tada\n"
    assert read_rows(tabs.splitlines(keepends=True), "t").answers == [
        Answer("ada", "x", ("a", "b"), 1.0)
    ]
    semicolons = "user_id;item_id;correct\nada;x;0\n"
    assert read_rows(semicolons.splitlines(keepends=True), "s").answers == [
        Answer("ada", "x", (), 0.0)
    ]


USUAL = "learner,item,skill,correct\nada,p1,s,1\nbob,p1,s,0\n"


@pytest.mark.parametrize(
    "content",
    [
        USUAL.encode(),
        b"\xef\xbb\xbf" + USUAL.encode(),
        USUAL.replace("\n", "\r\n").encode(),
        USUAL.replace("\n", "\r").encode(),
        b"\n\n" + USUAL.encode(),
        b"sep=,\n" + USUAL.encode(),
        USUAL.replace("1\n", "True\n").replace("0\n", "0.0\n").encode(),
        USUAL.replace(",", "\t").encode(),
        USUAL.replace("learner", "Anon Student Id").replace("item", "Problem Name").encode(),
        USUAL.replace("skill", "KC (Default)").replace("correct", "Correct First Attempt").encode(),
        (USUAL + USUAL[:27]).encode(),  # two files put together
    ],
)
def test_the_same_rows_are_read_however_they_are_written(tmp_path: Path, content: bytes):
    path = tmp_path / "usual.csv"
    path.write_bytes(content)
    ada, bob = Answer("ada", "p1", ("s",), 1.0), Answer("bob", "p1", ("s",), 0.0)
    assert read_file(path).answers == [ada, bob]


def test_a_row_that_spoils_others_is_named_and_left_out(tmp_path: Path):
    path = tmp_path / "spoilt.csv"
    good = "ada,p1,s,1\n" * 5
    path.write_text(f'{USUAL}eve,"p1,s,1\n{good}"\n{good}fay,{"p" * 200_000},s,1\n{good}')
    read = read_file(path)
    assert len(read.answers) == 12
    assert read.bad == [
        (4, "a cell goes on for 7 lines: a quotation mark opens it, and none closes it"),
        (16, "item has more than 500 characters"),
    ]


def test_tasks_without_skills_share_what_is_known_of_all():
    answers = [Answer(f"u{n % 50}", f"i{n}", (), float(n % 10 != 0)) for n in range(2_000)]
    scores, _ = try_all(answers)
    losses = {score.rule: score.log_loss for score in scores}
    assert losses["ours"] < 0.36  # 0.325 is the least that nine in ten leave
    assert losses["ours"] < losses["Elo, falling steps"] - 0.05


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learner,item,skill\na,b,c\n", "no column correct"),
        ("learner,item,skill,correct\na,b,c,perhaps\n", "line 2 left out"),
        ("", "no column learner, item, correct"),
        ("ada,p1,s,1\nbob,p1,s,0\n", "line 1: no column learner, item, correct"),
        ("learner,item,correct\na,b,50\na,b,100\na,b,1\n", "2 rows cannot be used, and only 1"),
        ("learner,item,correct\n" + "\n".join("only,x,1" for _ in range(9)), "too few"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert learner_model.main([str(path)]) == 1
    assert said in capsys.readouterr().err
    assert learner_model.main([str(tmp_path / "missing.csv")]) == 1


def test_files_are_measured_like_worlds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    answers = list(WORLDS["correlated skills"](Random(3), 40, 20))  # noqa: S311 - no secret
    path = tmp_path / "answers.csv"
    lines = [f"{a.learner},{a.item},{'~~'.join(a.skills)},{a.share:.0f}" for a in answers]
    path.write_text("\n".join(["learner,item,skill,correct", *lines]))
    assert read_file(path).answers == answers
    assert learner_model.main([str(path)]) == 0
    printed = capsys.readouterr().out
    assert f"{len(answers)} answers" in printed
    scores, _ = try_all(answers)
    ours = next(score for score in scores if score.rule == "ours")
    assert f"{ours.log_loss:.3f}" in printed
    assert 0.5 < (ours.auc or 0) < 1


def test_the_same_fifth_of_the_learners_is_new_in_every_run():
    names = [f"learner-{n}" for n in range(1000)]
    new = held_out(names)
    assert len(new) == 200
    assert held_out(names[::-1]) == new
    assert len(held_out(["ada", "bob"])) == 1
    with pytest.raises(BadFile, match="too few"):
        try_all([Answer("one", "x", (), 1.0)])
