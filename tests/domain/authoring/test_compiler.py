"""What a clean course compiles to, and that nothing an author writes makes it crash."""

import json
import time
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.authoring.compiler import compile_course
from domain.authoring.models import Course, Lesson, Quiz
from domain.authoring.sources import read_source
from domain.quizzes.forms import Kind
from domain.quizzes.questions import load

Tree = dict[str, bytes]
COURSES = Path(__file__).parents[3] / "courses"
SHIPPED = sorted(path.parent for path in COURSES.glob("*/course.yaml"))
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def compiled(tree: Tree) -> Course:
    result = compile_course(tree)
    assert result.course is not None, result.errors
    return result.course


def first_lesson(course: Course) -> Lesson:
    item = course.units[0].items[0]
    assert isinstance(item, Lesson)
    return item


def first_quiz(course: Course) -> Quiz:
    quiz = first_lesson(course).quiz
    assert quiz is not None
    return quiz


def test_the_guide_shows_a_course_without_errors_or_warnings(example: Tree) -> None:
    result = compile_course(example)
    assert result.errors == result.warnings == ()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_shipped_courses_are_clean(folder: Path) -> None:
    result = compile_course(*read_source(folder))
    assert [str(problem) for problem in (*result.errors, *result.warnings)] == []


def test_all_eight_kinds_survive_storage(example: Tree) -> None:
    course = compiled(example)
    again = Course.model_validate(json.loads(course.to_json()))
    assert again == course
    assert again.to_json() == course.to_json()
    questions = first_quiz(again).questions
    assert {question.kind for question in questions} == set(get_args(Kind))
    for question in questions:
        stored = load(question.kind, question.prompt, question.data, question.answer)
        assert stored.data_json() == question.data
        assert stored.answer_json() == question.answer


def test_what_the_quiz_file_says(example: Tree) -> None:
    questions = {each.key: each for each in first_quiz(compiled(example)).questions}
    route = questions["q-route"]
    assert (route.points, route.objectives, route.hints) == (2, ("1.1",), ("Think of IP.",))
    assert route.data == {"options": ["Transport", "Network"]}
    assert route.answer["correct"] == [1]
    assert route.answer["feedback"] == ["No: it carries segments between ports.", ""]
    assert route.explanation.startswith("Routers read the IP header")
    assert questions["q-gaps"].prompt == "The {{1}} layer uses the protocol {{2}}."
    assert questions["q-gaps"].answer["gaps"] == [["network", "internet"], ["IP"]]
    assert questions["q-number"].answer["accepted"] == [{"value": "1024", "tolerance": "0"}]
    assert questions["q-transport"].answer["correct"] == [0, 1]


def test_a_prompt_may_hold_code_lists_and_equals_signs(example: Tree) -> None:
    text = (
        '---\nid: hello-quiz\ntitle: "Hello quiz"\n---\nRead well.\n\n'
        "## What does this print? {#q-code}\n\n"
        "```python\n# a = 1\nfor i in [1]:\n    x = {{}}\n```\n\n"
        "- one\n- two\n\n= `print(1)`\n= `print( 1 )`\n\nIt prints.\n\n1. a\n2. b\n"
    )
    quiz = first_quiz(compiled({**example, "10-basics/01-hello.quiz.md": text.encode()}))
    (question,) = quiz.questions
    assert quiz.intro == "Read well."
    assert question.kind == "short"
    assert question.data == {"code": True}
    assert question.answer["accepted"] == ["print(1)", "print( 1 )"]
    assert "```python\n# a = 1" in question.prompt
    assert question.prompt.endswith("- one\n- two")
    assert question.explanation == "It prints.\n\n1. a\n2. b"


def test_pages_links_and_pictures(example: Tree) -> None:
    page = b"![three plugs](../media/plugs.png) and [the exam](90-exam.quiz.md).\n\n---\n\nEnd."
    lesson = example["10-basics/01-hello.md"] + b"\n---\n\n" + page
    course = compiled({**example, "10-basics/01-hello.md": lesson, "media/plugs.png": PNG})
    pages = first_lesson(course).pages
    assert pages[1].endswith("Now try your first function (`/code greet`).")
    assert pages[2:] == ("![three plugs](media/plugs.png) and the exam (`/quiz exam`).", "End.")
    (medium,) = course.media
    assert (medium.path, medium.alt) == ("media/plugs.png", "three plugs")


def test_a_fenced_rule_is_no_page_break(example: Tree) -> None:
    text = b'---\nid: hello\ntitle: "Hello"\nminutes: 3\n---\n```yaml\n\n---\n\n```\n'
    tree = {**example, "10-basics/01-hello.md": text}
    assert len(first_lesson(compiled(tree)).pages) == 1


def test_nested_lessons_units_and_slugs(example: Tree) -> None:
    tree = {
        **example,
        "SUMMARY.md": example["SUMMARY.md"].replace(
            b"  - [Greet]",
            b"    - [More](10-basics/more.md)\n  - [Deep](20-deep/unit.md)\n  - [Greet]",
        ),
        "10-basics/more.md": b'---\nid: more\nslug: even-more\ntitle: "More"\nminutes: 1\n---\nx\n',
        "20-deep/unit.md": b'---\nid: deep\ntitle: "Deep"\n---\n',
    }
    unit = compiled(tree).units[0]
    assert [item.key for item in unit.items] == ["hello", "deep", "greet", "exam"]
    inner = first_lesson(compiled(tree)).items[0]
    assert (inner.key, inner.slug) == ("more", "even-more")
    clash = tree["10-basics/more.md"].replace(b"even-more", b"greet")
    errors = compile_course({**tree, "10-basics/more.md": clash}).errors
    assert "the slug 'greet' is used twice" in " ".join(map(str, errors))


def test_prerequisites_in_a_circle_are_refused(example: Tree) -> None:
    needs = {"10-basics/01-hello.md": "exam", "10-basics/90-exam.quiz.md": "greet"}
    tree = dict(example)
    for path, key in needs.items():
        head = b"title:"
        tree[path] = tree[path].replace(head, f'prerequisites: ["{key}"]\ntitle:'.encode(), 1)
    assert compile_course(tree).course is not None
    task = "10-basics/02-greet/challenge.yaml"
    tree[task] += b'prerequisites: ["hello"]\n'
    (error,) = compile_course(tree).errors
    assert "form a circle" in error.message


def test_no_course_at_all() -> None:
    errors = compile_course({}).errors
    assert [f"{each.path}:{each.line}" for each in errors] == ["SUMMARY.md:1", "course.yaml:1"]


PIECES = st.sampled_from(
    [
        "---",
        "[x]",
        "[",
        "]",
        "##",
        "{#a}",
        "{{a|b}}",
        "=",
        "+-",
        ">",
        "hint:",
        "```",
        "id:",
        "a",
        "1.",
        "<b>",
        "[a](b)",
        "![](c)",
        "\\",
        '"',
        "'",
        ":",
        "#",
        "é",
        "*",
        "&a",
        "!!x",
        "{",
        "[",
        "|",
        "\n",
        "\n\n",
        "  ",
        "- ",
        "\t",
        "---\n",
        "\u2028",
        "0",
    ]
)
TEXT = st.lists(PIECES, max_size=30).map("".join)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_random_files_give_errors_and_never_a_crash(example: Tree, data: st.DataObject) -> None:
    tree = dict(example)
    for path in data.draw(st.lists(st.sampled_from(sorted(example)), min_size=1, max_size=3)):
        text = tree[path].decode()
        cut = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(cut, min(len(text), cut + 40)))
        tree[path] = (text[:cut] + data.draw(TEXT) + text[end:]).encode()
    result = compile_course(tree)
    assert (result.course is None) == bool(result.errors)
    for problem in result.errors:
        assert problem.line >= 1
        assert problem.message.strip()
    if result.course is not None:
        assert Course.model_validate_json(result.course.to_json()) == result.course


PATHS = st.sampled_from(
    [
        "course.yaml",
        "SUMMARY.md",
        "a/unit.md",
        "a/x.md",
        "a/x.quiz.md",
        "bank/b.bank.md",
        "a/t/challenge.yaml",
        "a/t/tests/cases.yaml",
        "cards/c.csv",
        "cards/decks.yaml",
        "media/m.png",
        "../x",
        "q",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(PATHS, st.one_of(st.binary(max_size=60), TEXT.map(str.encode))))
def test_random_trees_give_errors_and_never_a_crash(tree: Tree) -> None:
    result = compile_course(tree)
    assert result.errors
    assert result.course is None


@pytest.mark.parametrize(
    "piece", ["[", "](", "![", "*", "_", "`", "<", "> ", "- ", "{{", "## q {#a}\n\n"]
)
def test_long_nonsense_takes_no_long_time(example: Tree, piece: str) -> None:
    """The parser needs time with the square of a paragraph: such paragraphs never reach it."""
    lines = "\n\n".join([(piece * 200)[:1900]] * 40)
    front = example["10-basics/01-hello.quiz.md"].split(b"##")[0]
    started = time.process_time()
    result = compile_course({**example, "10-basics/01-hello.quiz.md": front + lines.encode()})
    assert result.errors
    assert time.process_time() - started < 10
