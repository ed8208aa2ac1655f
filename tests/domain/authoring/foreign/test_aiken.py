"""Aiken: what is read, and the line of what is not."""

from domain.authoring.foreign.aiken import read_aiken
from domain.quizzes import forms


def test_questions_with_either_sign_after_the_letter():
    harvest = read_aiken(
        "What is 2*2?\nA. 3\nB. 4\nANSWER: B\n\nAnd 3?\na) yes\nb) no\nanswer: a\n"
    )
    first, second = (found.question for found in harvest.questions)
    assert first.prompt == r"What is 2\*2?"
    assert first.data == forms.ChoiceData(options=("3", "4"))
    assert first.key == forms.ChoiceKey(correct=(1,))
    assert second.key == forms.ChoiceKey(correct=(0,))
    assert [found.line for found in harvest.questions] == [1, 6]


def test_a_question_of_several_lines_may_begin_with_a_letter_and_a_dot():
    harvest = read_aiken("I. Introduction\nWhat comes first?\nA) One\nB) Two\nANSWER: A")
    assert harvest.questions[0].question.prompt == "I. Introduction\nWhat comes first?"


def test_each_fault_has_its_line_and_the_rest_is_read():
    harvest = read_aiken(
        "Only one option\nA. x\nANSWER: A\n\n"
        "A. no question\nB. above these\nANSWER: A\n\n"
        "Fine\nA. x\nB. y\nANSWER: B\n\n"
        "Wrong letter\nA. x\nB. y\nANSWER: C\n\n"
        "Never answered\nA. x\nB. y\n\n"
        "Fine too\nA. x\nB. y\nANSWER: A\n\n"
        "Cut off\nA. x\n"
    )
    assert [found.line for found in harvest.questions] == [9, 23]
    assert [(one.line, one.reason) for one in harvest.skipped] == [
        (1, "the question has fewer than two options"),
        (5, "there is no question before the options"),
        (17, "'ANSWER: C' names none of the options"),
        (19, "the question has no ANSWER line"),
        (28, "the question has no ANSWER line"),
    ]


def test_two_equal_options_are_refused():
    harvest = read_aiken("Which?\nA. same\nB. same\nANSWER: A")
    assert [one.reason for one in harvest.skipped] == ["two options have the same text"]
