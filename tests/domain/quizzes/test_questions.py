"""The stored form of a question, and what a learner may see of it."""

import json

import pytest
from pydantic import ValidationError

from domain.quizzes import forms
from domain.quizzes import questions as q
from tests.domain.quizzes import samples

Json = dict[str, object]


@pytest.mark.parametrize("question", samples.ALL)
def test_question_survives_its_columns(question: q.Question):
    data = json.loads(json.dumps(question.data_json()))
    answer = json.loads(json.dumps(question.answer_json()))
    again = q.load(
        question.kind,
        question.prompt,
        data,
        answer,
        explanation=question.explanation,
        hints=question.hints,
        points=question.points,
    )
    assert again == question


@pytest.mark.parametrize("question", samples.ALL)
def test_public_view_holds_no_key(question: q.Question):
    view = q.public(question, samples.plain_order(question))
    assert not {"key", "explanation", "correct", "accepted"} & set(view.__dataclass_fields__)
    assert question.explanation == "" or question.explanation not in repr(view)
    if question.kind in {"short", "cloze", "numeric"}:
        assert view.options == ()


def test_stored_lists_give_no_order_away():
    data, _ = forms.ordering(["zebra", "ant", "Bee"])
    assert isinstance(data, forms.OrderingData)
    assert data.items == ("ant", "Bee", "zebra")


@pytest.mark.parametrize(
    ("kind", "prompt", "data", "answer"),
    [
        ("single", "p", {"options": ["a", "b"]}, {"correct": [0, 1]}),
        ("single", "p", {"options": ["a", "b"]}, {"correct": [2]}),
        ("multi", "p", {"options": ["a", "a"]}, {"correct": [0]}),
        ("single", "p", {"options": ["a", "b"]}, {"correct": [0], "feedback": ["x"]}),
        ("matching", "p", {"left": ["a", "b"], "right": ["1", "2"]}, {"right_of": [0]}),
        ("ordering", "p", {"items": ["a", "b"]}, {"order": [0, 0]}),
        ("cloze", "{{1}} {{2}}", {"gaps": 1}, {"gaps": [["a"]]}),
        ("cloze", "{{1}}", {"gaps": 1}, {"gaps": [["a"], ["b"]]}),
        ("short", "p", {"code": False, "key": 1}, {"accepted": ["a"]}),
    ],
)
def test_parts_that_do_not_fit_are_refused(kind: forms.Kind, prompt: str, data: Json, answer: Json):
    with pytest.raises(ValidationError):
        q.load(kind, prompt, data, answer)
