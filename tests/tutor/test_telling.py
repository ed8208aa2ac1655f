"""Which sentences tell a fix without its code, and which only ask or explain."""

import pytest

from tutor.diagnosis.program import Program
from tutor.guard.languages import english
from tutor.guard.splice import joined, written
from tutor.guard.telling import Fix, fix, tells

OLD = "def f(age):\n    if age < 15:\n        return 3\n    return 6\n"


def changed(old: str, new: str) -> Fix:
    """The fix that replaces a piece of the program."""
    found = fix(OLD, OLD.replace(old, new))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "said",
    [
        "Make that comparison inclusive.",
        "Put an equals sign behind it.",
        "Shouldn't that be `<=`?",
        "W tym warunku użyj mniejsze lub równe.",
        "Verwende dort kleiner gleich.",
        "Usa menor o igual.",
    ],
)
def test_a_sign_is_told_in_words_and_languages(said: str):
    assert tells(english(said), [changed("<", "<=")])


@pytest.mark.parametrize(
    "said",
    [
        "Your fifteen should be a sixteen.",
        "Raise the limit by one.",
        "Zmień piętnaście na szesnaście.",
        "Schreib dort sechzehn.",
    ],
)
def test_a_number_is_told_in_words_and_languages(said: str):
    assert tells(english(said), [changed("15", "16")])


@pytest.mark.parametrize(
    "said",
    [
        "What does `<=` mean?",
        "`<` leaves the number itself out, `<=` takes it in.",
        "Have you tried your function with 15 and 16?",
        "Let us say the age is 16. What comes out?",
        "Which of the ages 14, 15 and 16 does your condition let through?",
        "Look at the comparison again.",
        "Test the borders: one below, exactly at it, one above.",
    ],
)
def test_questions_explanations_and_inputs_tell_nothing(said: str):
    fixes = [changed("<", "<="), changed("15", "16")]
    assert tells(english(said), fixes) == ""


def test_a_line_that_only_moves_is_told_by_where_it_goes():
    program = "def f(xs):\n    t = 0\n    for x in xs:\n        t += x\n        return t\n"
    mended = fix(program, program.replace("        return", "    return"))
    assert mended is not None
    assert mended.kind == "indent"
    assert tells(["Move the return out of the loop."], [mended])
    assert not tells(["Your return stands inside the loop. What follows from that?"], [mended])


def test_code_is_found_inside_sentences_and_put_together():
    program = Program.read("def f(marks):\n    marks.sort()\n    return sum(marks)\n")
    assert written("then write marks = sorted(marks) there", program) == ["marks = sorted(marks)"]
    assert written("the list (of numbers) is fine = good", program) == []
    assert "return days >= 3 and not rain" in joined(["return days >= 3", "and not rain"])
