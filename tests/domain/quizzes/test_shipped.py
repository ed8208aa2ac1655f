"""Every question of the shipped courses can be answered right, with the whole bank in mind."""

from fractions import Fraction
from pathlib import Path

import pytest

from domain.authoring.compiler import compile_course
from domain.authoring.outline import outline
from domain.authoring.problems import Problems
from domain.authoring.sources import read_folder
from domain.quizzes import forms, marking, rules, typed
from domain.quizzes import questions as q

COURSES = Path(__file__).parents[3] / "courses"
FOLDERS = sorted(path.parent for path in COURSES.glob("*/course.yaml"))


def shipped(folder: Path) -> list[q.Question]:
    problems = Problems()
    course = compile_course(read_folder(folder, problems), problems).course
    assert course is not None, [str(problem) for problem in problems.found][:5]
    return [
        q.load(
            question.kind,
            question.prompt,
            question.data,
            question.answer,
            explanation=question.explanation,
            hints=question.hints,
        )
        for question in outline(course).questions
    ]


def right_text(question: q.Question, view: q.PublicQuestion, order: list[int]) -> list[str]:
    """What a person would type for each accepted answer."""
    match question.key:
        case forms.ShortKey(accepted=accepted):
            return list(accepted)
        case forms.NumericKey(accepted=numbers):
            return [f"{number.value:f}" for number in numbers]
        case forms.ClozeKey(gaps=gaps):
            return ["; ".join(texts) for texts in zip(*gaps, strict=False)]
        case forms.ChoiceKey(correct=correct):
            return [" ".join(typed.LETTERS[order.index(place)] for place in correct)]
        case forms.MatchingKey(right_of=right_of):
            return ["".join(typed.LETTERS[order.index(place)] for place in right_of)]
        case forms.OrderingKey(order=key):
            return [" ".join(str(order.index(place) + 1) for place in key)]
    raise AssertionError(question)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_accepted_answer_is_right(folder: Path):
    questions = shipped(folder)
    vocabulary = marking.known_answers(questions)
    for number, question in enumerate(questions):
        order = rules.option_order(question, number, "shipped", shuffle=True)
        view = q.public(question, order)
        for text in right_text(question, view, order):
            answer = typed.parse(view, order, text)
            found = marking.mark(question, answer, vocabulary)
            assert found.fraction == Fraction(1), (question.prompt, text, found.reason)
