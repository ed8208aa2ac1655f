"""GIFT as people and programs write it: every kind, and what is wrong with a file by line."""

from decimal import Decimal

import pytest

from domain.authoring.foreign.found import Harvest
from domain.authoring.foreign.gift import read_gift
from domain.quizzes import forms
from domain.quizzes.questions import Question


def only(text: str) -> Question:
    """The one question of a text, nothing left out."""
    harvest = read_gift(text)
    assert harvest.skipped == []
    (found,) = harvest.questions
    return found.question


def skipped(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in read_gift(text).skipped]


def test_one_right_option_is_a_single_choice_with_its_remarks():
    question = only("::Rivers:: Longest river of Poland? {=Wisła#Yes. ~Odra#Second. ~Warta}")
    assert question.kind == "single"
    assert question.prompt == "Longest river of Poland?"
    assert question.data == forms.ChoiceData(options=("Wisła", "Odra", "Warta"))
    assert question.key == forms.ChoiceKey(correct=(0,), feedback=("Yes.", "Second.", ""))


def test_weights_without_a_full_answer_make_a_multiple_choice():
    question = only("Primes? {~%50%2 ~%50%3 ~%-50%4 ~%-50%9}")
    assert question.kind == "multi"
    assert question.key == forms.ChoiceKey(correct=(0, 1))


def test_a_half_right_option_beside_a_right_one_is_not_right():
    question = only("Capital? {~Kraków ~%50%Warsaw (east) =Warsaw}")
    assert question.kind == "single"
    assert question.key == forms.ChoiceKey(correct=(2,))


@pytest.mark.parametrize(
    ("written", "right"),
    [("{T}", 0), ("{TRUE#No.#Yes.}", 0), ("{F}", 1), ("{ false }", 1)],
)
def test_true_and_false(written: str, right: int):
    question = only(f"Water is wet.{written}")
    assert question.kind == "true_false"
    assert question.key == forms.ChoiceKey(correct=(right,))


def test_typed_answers_keep_those_of_full_worth():
    question = only("Two plus two? {=four =4 =%50%vier =%0%*#Anything else}")
    assert question.key == forms.ShortKey(accepted=("four", "4"))


def test_a_single_answer_needs_no_sign():
    assert only("Two plus two? {four}").key == forms.ShortKey(accepted=("four",))


@pytest.mark.parametrize(
    ("written", "value", "tolerance"),
    [
        ("{#1822}", "1822", "0"),
        ("{#3.14:0.01}", "3.14", "0.01"),
        ("{#1..5}", "3", "2"),
        ("{#=1822:0 =%50%1822:2}", "1822", "0"),
        ("{#-1,5:0,5}", "-1.5", "0.5"),
        ("{#3:2~#Completely wrong}", "3", "2"),
    ],
)
def test_numbers(written: str, value: str, tolerance: str):
    key = only(f"How many? {written}").key
    assert isinstance(key, forms.NumericKey)
    assert [(one.value, one.tolerance) for one in key.accepted] == [
        (Decimal(value), Decimal(tolerance))
    ]


def test_pairs_with_a_right_side_that_belongs_to_none():
    question = only("Match. {=Canada -> Ottawa =Italy  -> Rome = -> Oslo}")
    assert question.data == forms.MatchingData(
        left=("Canada", "Italy"), right=("Oslo", "Ottawa", "Rome")
    )
    assert question.key == forms.MatchingKey(right_of=(1, 2))


def test_a_missing_word_leaves_a_gap_in_the_text():
    question = only("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert question.prompt == r"Grant is \_\_\_\_\_ in Grant's tomb."


def test_several_typed_gaps_make_a_cloze_question():
    question = only("Water is {=1 =one} part oxygen and {=2 =two} parts hydrogen.")
    assert question.kind == "cloze"
    assert question.prompt == "Water is {{1}} part oxygen and {{2}} parts hydrogen."
    assert question.key == forms.ClozeKey(gaps=(("1", "one"), ("2", "two")))


def test_escaped_signs_are_text():
    question = only(r"::a\:b:: Which is 5? \{in braces\} {~ \= 2 + 2 = \= 2 + 3 ~ \~x\#y}")
    assert question.prompt == "Which is 5? {in braces}"
    assert question.data == forms.ChoiceData(options=(r"\= 2 + 2", r"\= 2 + 3", r"\~x#y"))


def test_plain_text_stays_literal_and_markdown_stays_markdown():
    assert only("Is a*b*c code? {T}").prompt == r"Is a\*b\*c code?"
    assert only("[markdown]Is **bold** bold? {T}").prompt == "Is **bold** bold?"


def test_html_is_reduced_and_a_picture_is_named():
    harvest = read_gift(
        "[html]<p>Run <code>a*b</code>, then <b>stop </b>&amp; look<br>at "
        '<img src\\="@@PLUGINFILE@@/map.png"></p> {=x ~y}'
    )
    (found,) = harvest.questions
    assert found.question.prompt == "Run `a*b`, then **stop** & look\nat"
    assert found.draft == "it shows a picture: map.png"


def test_an_unescaped_sign_inside_a_tag_is_not_an_answer():
    question = only('Which? {=<a href="x=y">one</a> ~<b class="c">two</b>}')
    assert question.data == forms.ChoiceData(options=("one", "**two**"))


def test_comments_categories_and_windows_line_ends():
    harvest = read_gift(
        "// a comment\r\n$CATEGORY: $course$/Net/OSI\r\n\r\n"
        "// question: 12\r\n::Q1:: First? {T}\r\n\r\n  // more\r\nSecond? {F}\r\n"
    )
    assert [(found.line, found.title, found.category) for found in harvest.questions] == [
        (5, "Q1", "$course$/Net/OSI"),
        (8, "", "$course$/Net/OSI"),
    ]


def test_blank_lines_inside_braces_and_none_between_questions():
    harvest = read_gift("::A:: One? {\n=a\n\n~b\n}\n::B:: Two? {\n~a\n=b\n}\n")
    assert [found.line for found in harvest.questions] == [1, 6]
    assert harvest.skipped == []


def test_what_is_no_question_is_counted_apart():
    harvest = read_gift("Read this first.\n\nWhat do you think? {}\n\nTrue? {T}")
    assert harvest.kinds() == {"description": 1, "essay": 1, "true_false": 1}
    assert len(harvest.questions) == 1


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n\nOpen? {=a ~b\n\nNext? {T}", 3, "not closed"),
        ("None right? {~a ~b}", 1, "no answer is right"),
        ("Twice? {=a ~b ~b}", 1, "same text"),
        ("Number? {#about ten}", 1, "not a number"),
        ("Only a star? {=*}", 1, "could type"),
        ("{=a ~b}", 1, "no text"),
        ("Two blocks? {=a ~b} and {=c ~d}", 1, "several answer blocks"),
        ("Empty option? {=a ~}", 1, "empty"),
        ("Too many? {=0 " + " ".join(f"~{n}" for n in range(1, 40)) + "}", 1, "more than 26"),
        ("Infinite? {#inf}", 1, "not a number"),
    ],
)
def test_what_cannot_be_asked_is_named_by_its_line(text: str, line: int, reason: str):
    (found,) = skipped(text)
    assert found[0] == line
    assert reason in found[1]


def test_a_fault_does_not_hide_what_follows():
    harvest = read_gift("One? {T}\n\nOpen? {=a ~b\n\n::Three:: Fine? {F}\n\nFour? {=x ~y}")
    assert [found.line for found in harvest.questions] == [1, 5, 7]
    assert [one.line for one in harvest.skipped] == [3]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "{", "}", "::", "}}}{{{", "::a::", "~", "{{{=a}", "\\"]
)
def test_fragments_never_raise(text: str):
    assert isinstance(read_gift(text), Harvest)
