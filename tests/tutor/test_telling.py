"""Which sentences tell a fix without its code, and which only ask or explain."""

import pytest

from tutor.diagnosis.program import Program
from tutor.guard.languages import english
from tutor.guard.sentences import without_messages
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


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("age < 15", "15 > age", "tokens", "Use greater than and turn it round."),
        ("return 3\n    return 6", "return 6\n    return 3", "order", "Swap these two lines."),
        ("def f(age)", "def f((age))", "", ""),
    ],
)
def test_what_kind_a_change_is(old: str, new: str, kind: str, said: str):
    mended = fix(OLD, OLD.replace(old, new))
    assert (mended.kind if mended is not None else "") == kind
    assert not said or kind == "tokens" or tells([said], [mended] if mended else [])


def test_brackets_and_turned_operands_are_told_by_their_names():
    program = "def f(x):\n    return x - 32 * 5 / 9\n"
    brackets = fix(program, program.replace("x - 32", "(x - 32)"))
    turned = fix(program, program.replace("5 / 9", "9 / 5"))
    assert brackets is not None
    assert turned is not None
    assert (brackets.kind, turned.kind) == ("brackets", "turned")
    assert tells(["Put brackets around the subtraction."], [brackets])
    assert tells(["You have the fraction upside down."], [turned])
    assert not tells(["Which part of it does Python compute first?"], [brackets, turned])


@pytest.mark.parametrize(
    "said",
    [
        "Your limit is one year short.",
        "An equals sign is missing there.",
        "The bound has to be one higher.",
    ],
)
def test_what_is_missing_tells_what_to_add(said: str):
    assert tells(english(said), [changed("<", "<="), changed("15", "16")])


@pytest.mark.parametrize(
    "said",
    [
        "`<` leaves the number out, and `<=` takes it in.",
        "Write down what `<` and `<=` mean.",
        "Add a print before the comparison.",
        "`<=` is called less than or equal.",
    ],
)
def test_explaining_and_looking_tell_nothing(said: str):
    assert not tells(english(said), [changed("<", "<=")])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('TypeError: can only concatenate str (not "int") to str, so add a number there.', True),
        ("It says: unsupported operand type(s) for +: 'int' and 'str'. You should read it.", False),
        ("Python was asked to add a number to a text.", False),
        ("You should use a number there.", True),
    ],
)
def test_what_python_says_of_a_mistake_is_no_fix_but_what_is_added_to_it_may_be(
    said: str, told: bool
):
    before = "age = input()\nprint(age + 1)\n"
    mended = fix(before, before.replace("input()", "int(input())"))
    assert mended is not None
    assert bool(tells(english(without_messages(said)), [mended])) is told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("It runs one round more than it should.", False),
        ("Yours must be a mistake of the second kind.", False),
        ("You should get 1 for the empty list.", False),
        ("Set a breakpoint on line 1.", False),
        ("It should start with one.", True),
        ("Set it to 1 instead.", True),
    ],
)
def test_what_is_counted_or_expected_is_no_number_of_the_program(said: str, told: bool):
    before = "def f(xs):\n    found = 0\n    return found\n"
    mended = fix(before, before.replace("0", "1"))
    assert mended is not None
    assert bool(tells(english(said), [mended])) is told
