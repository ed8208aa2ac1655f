"""The mistakes of the very first programs, which read a line and print one."""

import pytest

from domain.grading import Grader, Task
from tests.tutor.programs import stdin_task
from tutor.diagnosis.diagnose import diagnose
from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.lab import Lab
from tutor.diagnosis.misconceptions import MISCONCEPTIONS
from tutor.diagnosis.outputs import differs
from tutor.diagnosis.program import Program
from tutor.diagnosis.samples import samples
from tutor.diagnosis.search import Search, edited
from tutor.diagnosis.slips import plain
from tutor.diagnosis.syntax import readings, unreadable
from tutor.ladder import ladder
from tutor.told import text_of

GREET = stdin_task(("Ada\n", "Hello Ada\n"), ("Mr Bean\n", "Hello Mr Bean\n"), ("O\n", "Hello O\n"))
SECRET = "Farewell"


def edits_of(text: str, task: Task = GREET) -> dict[str, str]:
    """What each edit makes of a program, and its cause, as the search thinks of them."""
    program = Program.read(text)
    program.typed, program.shown = samples(task)
    return {edited(text, edit.changes): edit.cause for edit in all_edits(program, (), outputs=True)}


@pytest.mark.parametrize(
    ("wrong", "right", "cause"),
    [
        ('print("Hello name")', 'print(f"Hello {name}")', "quoted_name"),
        ('print("Hello {name}")', 'print(f"Hello {name}")', "missing_f"),
        ('print("Hello Ada")', 'print(f"Hello {name}")', "fixed_value"),
        ('print("Hello")', 'print("Hello", name)', "value_not_shown"),
        ('print("Hello", name, 1)', 'print("Hello", name)', "extra_output"),
        ('print("Hello" + name)', 'print("Hello" + " " + name)', "blanks"),
        ('print("hello", name)', 'print("Hello", name)', "capital_letters"),
        ('print("Hello,", name)', 'print("Hello", name)', "punctuation"),
        ('print("Helo", name)', 'print("Hello", name)', "wording"),
        ("print(hello, name)", "print('Hello', name)", "missing_quotes"),
        ('print("Hello")\nprint(name)', 'print("Hello", name)', "lines_shown"),
        ('print("Hello", input)', 'print("Hello", input())', "missing_call"),
        ('print["Hello"]', 'print("Hello")', "call_or_index"),
        ('print("Hello" "name")', 'print("Hello", name)', "quoted_name"),
        ('print(f"{name} : 1")', 'print(f"{name}: 1")', "blanks"),
        ('print(f"1:{name}")', 'print(f"1:{name:02d}")', "number_form"),
    ],
)
def test_what_is_shown_is_mended(wrong: str, right: str, cause: str):
    made = edits_of(f"name = input()\n{wrong}\n")
    assert made.get(f"name = input()\n{right}\n") == cause


def test_what_was_typed_is_read_where_nothing_is():
    assert edits_of('name = "Ada"\n')["name = input()\n"] == "fixed_value"
    assert edits_of("input()\nprint(name)\n")["name = input()\nprint(name)\n"] == "result_ignored"


def test_only_what_samples_show_comes_into_an_edit():
    shown, hidden = GREET.tests[0], stdin_task(("Bo\n", f"{SECRET} Bo\n")).tests[0]
    hidden = type(hidden)("h", "hidden", hidden.points, False, hidden.spec)
    task = Task("python", "stdin", "main.py", (shown, hidden), GREET.limits)
    assert samples(task) == (("Ada",), ("Hello Ada",))
    search = Search(Lab(Grader(), task, {"main.py": ""}), (), 1e12)
    search.prepare(Program.read('name = input()\nprint("Hi", name)\n'))
    assert SECRET not in repr(search._thought)
    assert "Hello" in repr(search._thought)


def test_texts_that_all_samples_have_are_known_without_what_was_typed():
    prices = stdin_task(("2\n3\n", "apples: 3\npears: 2\n"), ("x\ny\n", "apples: y\npears: x\n"))
    assert samples(prices) == (("2", "3", "x", "y"), ("apples:", "pears:"))
    assert samples(GREET)[1] == ("Hello",)


@pytest.mark.parametrize(
    ("wrong", "right", "cause"),
    [
        ('print("Hello " name)', 'print("Hello ", name)', "missing_comma"),
        ('print "Hello", name', 'print("Hello", name)', "print_brackets"),
        ('print("Hello", name', 'print("Hello", name)', "unclosed"),
        ('print("Hello"; name)', 'print("Hello", name)', "missing_comma"),
        ("print(“Hello”, name)", 'print("Hello", name)', "other_signs"),
        ('print（"Hello"，name）', 'print("Hello",name)', "other_signs"),
        ('    print("Hello", name)', 'print("Hello", name)', "block_indentation"),
        ('prin t("Hello", name)', 'print("Hello", name)', "misspelt_name"),
        ("for one in name\n    print(one)", "for one in name:\n    print(one)", "missing_colon"),
        ("wihle name:\n    break", "while name:\n    break", "keyword"),
        ("if name = 1:\n    print(1)", "if name == 1:\n    print(1)", "compare_or_assign"),
    ],
)
def test_a_program_that_cannot_be_read_becomes_readable(wrong: str, right: str, cause: str):
    text = f"name = input()\n{wrong}\n"
    place = unreadable(text)
    assert place is not None
    made = {edited(text, edit.changes): edit.cause for edit in readings(text, place)}
    assert made.get(f"name = input()\n{right}\n") == cause


def test_signs_keep_their_number_where_they_are_only_wide():
    assert plain("（１，“ｘ”）") == '(1,"ｘ")'


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ("hello Ada", "capital and small"),
        ("HelloAda", "Only blanks"),
        ("Hello, Ada!", "such as commas"),
        ("Hello <built-in function input>", "a function itself"),
        ("Good day", ""),
    ],
)
def test_the_kind_of_difference_is_said(got: str, said: str):
    notes = differs("Hello Ada", got)
    assert said in notes[0].message if said else not notes


async def test_the_commonest_first_mistakes_are_found_where_they_are():
    programs = {
        'name = input()\nprint("Hello Bob")\n': (2, "fixed_value"),
        'print("Hello Ada")\n': (1, "fixed_value"),
        'name = input()\nprint("Hello" name)\n': (2, "missing_comma"),
        'name = input\nprint("Hello", name)\n': (1, "missing_call"),
        "name = input()\nprint(Hello name)\n": (2, "missing_quotes"),
        "name = input()\nprint(Hello + name)\n": (2, "missing_quotes"),
    }
    async with Grader() as grader:
        for text, wanted in programs.items():
            found = await diagnose(grader, GREET, {"main.py": text}, budget_s=20)
            assert found.confidence == "validated", text
            assert found.cause is not None
            assert (found.cause.line, found.cause.key) == wanted
            assert found.concept == MISCONCEPTIONS[wanted[1]].concept
        found = await diagnose(grader, GREET, {"main.py": 'print("Hello Ada")\n'}, budget_s=20)
    assert "the same in every test" in text_of(ladder(found)[0])
