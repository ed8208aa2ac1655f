"""Each rule of the course format: one bad example, and exactly the line it is reported on."""

from collections.abc import Callable

import pytest

from domain.authoring.compiler import Compiled, compile_course

Broken = Callable[..., Compiled]

COURSE = "course.yaml"
SUMMARY = "SUMMARY.md"
UNIT = "10-basics/unit.md"
LESSON = "10-basics/01-hello.md"
QUIZ = "10-basics/01-hello.quiz.md"
EXAM = "10-basics/90-exam.quiz.md"
BANK = "bank/basics.bank.md"
TASK = "10-basics/02-greet/challenge.yaml"
CASES = "10-basics/02-greet/tests/cases.yaml"
CARDS = "cards/basics.csv"

ERRORS = [
    # YAML
    (COURSE, 'title: "First steps"', "title: no", 2, 'write "no"'),
    (COURSE, 'title: "First steps"', "title: 1.10", 2, 'write "1.10"'),
    (COURSE, 'title: "First steps"', "title: 2026-01-01", 2, "quote this value"),
    (COURSE, 'title: "First steps"', "title: &t First", 2, "anchors"),
    (COURSE, 'title: "First steps"', "title: *t", 2, "aliases"),
    (COURSE, 'title: "First steps"', "title: !!python/object:os.system x", 2, "tags"),
    (COURSE, 'title: "First steps"', 'title: "a"\ntitle: "b"', 3, "written twice"),
    (COURSE, 'title: "First steps"', "title: a: b", 2, "put quotes"),
    (COURSE, 'title: "First steps"', "title: [a]", 2, "one text is expected"),
    (COURSE, 'title: "First steps"', 'title: ""', 2, "is empty"),
    (COURSE, 'title: "First steps"', f'title: "{"x" * 81}"', 2, "at most 80"),
    (COURSE, 'title: "First steps"', 'title: "a\\0b"', 2, "U+0000"),
    (COURSE, 'title: "First steps"', 'title: "a"\ntitel: "b"', 3, "did you mean 'title'"),
    (COURSE, 'language: "en"', 'language: "xx"', 6, "language code"),
    (COURSE, 'language: "en"', 'language: "en"\n---\n', 7, "one YAML document"),
    (COURSE, "level: 1", "level: 6", 7, "from 1 to 5"),
    (COURSE, "level: 1", 'level: "1"', 7, "without quotes"),
    (COURSE, "level: 1", "level: 1.5", 7, "whole number"),
    (COURSE, "level: 1\n", "", 1, "needs 'level'"),
    (COURSE, 'slug: "first-steps"', 'slug: "First steps"', 1, "is not an id"),
    (COURSE, 'tags: ["example"]', f'tags: ["{"x" * 33}"]', 10, "at most 32"),
    (
        COURSE,
        'tags: ["example"]',
        f"tags: [{', '.join(f't{n}' for n in range(11))}]",
        10,
        "most 10",
    ),
    (COURSE, 'tags: ["example"]', 'tags: ["a", "A"]', 10, "listed twice"),
    (COURSE, 'tags: ["example"]', "tags: example", 10, "is a list"),
    (COURSE, "prerequisites: []", 'prerequisites: ["first-steps"]', 11, "cannot require itself"),
    (COURSE, "  pass: 70", "  pass: 101", 13, "from 0 to 100"),
    (COURSE, "  pass: 70", "  past: 70", 13, "did you mean 'pass'"),
    # outline
    (SUMMARY, "  - [Exam](10-basics/90-exam.quiz.md)\n", "", EXAM + ":1", "not in SUMMARY.md"),
    (SUMMARY, "01-hello.md", "01-hallo.md", 4, "there is no '10-basics/01-hallo.md'"),
    (SUMMARY, "90-exam.quiz.md", "01-hello.md", 6, "listed twice"),
    (SUMMARY, "  - [Hello]", "- [Hello]", 4, "only units stand at the left"),
    (SUMMARY, "- [Basics](10-basics/unit.md)", "- Basics", 3, "exactly one link"),
    (SUMMARY, "  - [Exam]", "    - [Exam]", 6, "only units and lessons hold"),
    (SUMMARY, "90-exam.quiz.md", "01-hello.quiz.md", 6, "belongs to 10-basics/01-hello.md"),
    # lessons
    (LESSON, "id: hello", "id: Hello", 2, "is not an id"),
    (LESSON, "id: hello", "id: basics", LESSON + ":1", "used twice"),
    (LESSON, "minutes: 3", "minutes: 0", 4, "from 1 to 600"),
    (LESSON, "minutes: 3\n", "", 1, "needs 'minutes'"),
    (LESSON, "minutes: 3", "minutes: 3\ntype: story", 5, "use one of"),
    (LESSON, "minutes: 3", "minutes: 3\ntype: video", 1, "needs 'url'"),
    (LESSON, "minutes: 3", 'minutes: 3\nurl: "http://x.org/a"', 5, "https://"),
    (LESSON, "preview: true", "preview: yes", 5, "true or false"),
    (LESSON, "preview: true", "prewiew: true", 5, "did you mean 'preview'"),
    (LESSON, "preview: true", 'prerequisites: ["nothing"]', 5, "there is no 'nothing'"),
    (LESSON, "preview: true", 'prerequisites: ["hello"]', 5, "cannot require itself"),
    (LESSON, "---\nA network", "A network", 8, "not valid YAML"),
    (LESSON, "---\nid: hello", "id: hello", 1, "start the file with front matter"),
    (LESSON, "A network moves", "x" * 1800 + "\n\nA network moves", 10, "at most 1,800"),
    (LESSON, "A network moves", "x" * 900 + "\n" + "y" * 900 + "\nz", 9, "at most 1,800"),
    (LESSON, "A network", "x" * 2_001, 8, "at most 2,000"),
    (
        LESSON,
        "A network",
        "x" * 1_500 + "\n" + "y" * 1_500 + "\n" + "z" * 1_500,
        10,
        "at most 2,000",
    ),
    (LESSON, "A network", "[exam]: 90-exam.quiz.md\n\nA", 8, "in the link itself"),
    (LESSON, "A network", "[" * 201, 8, "200 brackets"),
    (LESSON, "The second page.", "---\n\nThe second page.", 11, "is empty"),
    (LESSON, "job.\n\n---", "job.\n---", 9, "becomes a heading"),
    (LESSON, "---\n\nThe", "---\nThe", 10, "blank line before and after"),
    (LESSON, "A network", "<b>A</b> network", 8, "HTML is not allowed"),
    (LESSON, "Each layer does", "\nEach\nlayer <br> does", 10, "HTML is not allowed"),
    (LESSON, "A network", "<div>\nA</div>\n\nnetwork", 8, "HTML is not allowed"),
    (LESSON, "02-greet/challenge.yaml", "03-greet/challenge.yaml", 12, "not in this course"),
    (LESSON, "02-greet/challenge.yaml", "../../../etc/passwd", 12, "not in this course"),
    (LESSON, "02-greet/challenge.yaml", "javascript:alert(1)", 12, "https://"),
    (LESSON, "02-greet/challenge.yaml", "//evil.example", 12, "https://"),
    (LESSON, "The second", "![](https://example.org/x.png) The", 12, "has no words"),
    (LESSON, "The second", "![x](http://example.org/x.png) The", 12, "pictures come from"),
    (LESSON, "The second", "![x](../media/x.png) The", 12, "there is no 'media/x.png'"),
    (LESSON, "The second", "![x](02-greet/challenge.yaml) The", 12, "kept in media/"),
    # quizzes
    (QUIZ, "kind: graded", "kind: hard", 4, "use one of"),
    (QUIZ, "pass: 70", "pass: 101", 5, "from 0 to 100"),
    (QUIZ, "[options]", "[answers]", 6, "cannot be shuffled"),
    (QUIZ, " {#q-route points=2 obj=1.1}", "", 8, "has no id"),
    (QUIZ, "{#q-route ", "{#Q_route ", 8, "is not an id"),
    (QUIZ, "points=2", "points=0", 8, "from 1 to 100"),
    (QUIZ, "points=2", "point=2", 8, "did you mean 'points'"),
    (QUIZ, "points=2", "points=2 points=3", 8, "written twice"),
    (QUIZ, "points=2", "unit=ms", 8, "no meaning for a single question"),
    (QUIZ, "{#q-true}", "{#q-route}", 17, "used twice"),
    (QUIZ, "2. [x] Network", "2. [ ] Network", 11, "mark exactly one"),
    (QUIZ, "1. [ ] Transport", "1. [x] Transport", 11, "mark exactly one"),
    (QUIZ, "2. [x] Network", "2. Network", 13, "start every option"),
    (QUIZ, "\n2. [x] Network\n", "\n", 11, "1 options"),
    (QUIZ, "2. [x] Network", "2. [x] Transport", 13, "written twice"),
    (QUIZ, "2. [x] Network\n", "2. [x] Network\nRouters", 14, "blank line before this line"),
    (QUIZ, "- [x] TCP\n- [x] UDP", "- [ ] TCP\n- [ ] UDP", 26, "no option is marked"),
    (QUIZ, "- [ ] ARP\n", "- [ ] ARP\n\n= ARP\n", 30, "answers of two kinds"),
    (QUIZ, "- [x] TCP", "- [x] ", 26, "is empty"),
    (QUIZ, "2. Data link\n3. Network\n", "", 34, "1 steps"),
    (QUIZ, "- DNS = 53", "- DNS", 43, "exactly one ' = '"),
    (QUIZ, "- DNS = 53", "- DNS = 53 = 5", 43, "exactly one ' = '"),
    (QUIZ, "- DNS = 53", "- SSH = 53", 43, "written twice"),
    (QUIZ, "= 53\n- HTTPS = 443", "= 22\n- HTTPS = 22", 42, "same right side"),
    (QUIZ, "1024 +- 0", "abc +- 0", 50, "is not a number"),
    (QUIZ, "1024 +- 0", "1024 +- -1", 50, "not negative"),
    (QUIZ, "= 1024 +- 0", "= 1024 +- 0\n= about 1000", 50, "answers of two kinds"),
    (QUIZ, "= 1024 +- 0", "The answer is\n= 1024 +- 0", 51, "blank line before the '= answer'"),
    (QUIZ, "= 1024 +- 0", "1024", 48, "has no answers"),
    (QUIZ, "{{IP}}", "{{}}", 61, "empty answer"),
    (QUIZ, "The {{network|internet}} layer uses the protocol {{IP}}.", "{{a}}", 61, "needs words"),
    (QUIZ, "> hint: Think of IP.", "> hint: Think\nof IP.", 10, "join the hint above"),
    (QUIZ, "## A router", "# Part two\n\n## A router", 17, "not '# '"),
    (QUIZ, "ARP finds", "<i>ARP</i> finds", 30, "HTML"),
    (EXAM, "    n: 2", "    n: 3", 8, "the banks hold 2"),
    (EXAM, '"1.0"', '"9.0"', 8, "not under 'domains'"),
    (EXAM, "    n: 2\n", "", 8, "needs 'n'"),
    (EXAM, 'draw:\n  - domain: "1.0"\n    n: 2\n', "", 1, "asks nothing"),
    (EXAM, "attempts: 3", 'lesson: "hallo"', 6, "did you mean 'hello'"),
    (BANK, 'domain: "1.0"', 'domain: "7"', 3, "not under 'domains'"),
    (UNIT, 'domain: "1.0"', 'domain: "7"', 4, "not under 'domains'"),
    # challenges
    (TASK, "level: 1", "level: 9", 4, "from 1 to 5"),
    (TASK, "language: python", "language: pyton", 3, "did you mean 'python'"),
    (TASK, "mode: call", "mode: guess", 7, "use one of"),
    (
        TASK,
        "function: greet",
        "function: great",
        "10-basics/02-greet/starter/greet.py:1",
        "no func",
    ),
    (TASK, "function: greet", 'function: "1x"', 8, "cannot be a function's name"),
    (TASK, "lesson: hello", "lesson: hallo", 9, "did you mean 'hello'"),
    (TASK, "  time_s: 2", "  time_s: 99", 15, "from 0.05 to 30"),
    (TASK, "    cost: 3", "    cost: 30", 21, "from 0 to 10"),
    (TASK, "    cost: 3", "    cost: 10", 17, "cost more than"),
    (TASK, "    after_attempts: 2", "    after: 2", 22, "after_attempts, after_minutes"),
    (TASK, 'solution: ["greet.py"]', 'solution: ["great.py"]', 13, "there is no"),
    (TASK, "points: 10", "points: 11", CASES + ":1", "sum to 10"),
    (CASES, "points: 6", "points: 5", 1, "sum to 9"),
    (CASES, "id: grace", "id: ada", 8, "used twice"),
    (CASES, "id: grace", "id: Grace", 8, "is not an id"),
    (CASES, "sample: true", "sample: maybe", 5, "true or false"),
    (CASES, 'args: ["Grace"]', 'arg: ["Grace"]', 11, "did you mean 'args'"),
    (CASES, 'args: ["Grace"]', 'args: "Grace"', 11, "must be a list"),
    (CASES, 'args: ["Grace"]', "args: [no]", 11, "two ways"),
    (CASES, 'args: ["Grace"]', "args: [2026-01-01]", 11, "two ways"),
    (CASES, '    expected: "Hello, Grace!"\n', "", 8, "expected or raises"),
    (CASES, "cases:", "tests:", 1, "under 'cases:'"),
    ("10-basics/02-greet/solution/greet.py", "def greet(name):", "def greet(name)", 1, "not valid"),
    (
        "10-basics/02-greet/starter/greet.py",
        "    return name",
        "    return (",
        2,
        "not valid Python",
    ),
    ("10-basics/02-greet/instructions.md", "Write `greet", "<b>Write</b> `greet", 1, "HTML"),
    # cards
    (CARDS, "id,front,back,tags", "id,front,back", 1, "first line must be"),
    (CARDS, "router,", "layer,", 3, "used twice"),
    (CARDS, "router,", "Router!,", 3, "is not an id"),
    (CARDS, '"Which header does a router read, and why?"', "Which, why?", 3, "5 columns"),
    (CARDS, "What is a layer?", "", 2, "front has 0 characters"),
    (CARDS, "What is a layer?", "x" * 1001, 2, "front has 1,001"),
    (CARDS, "What is a layer?", "<b>What</b>?", 2, "HTML"),
    ("cards/decks.yaml", "basics:", "advanced:", 1, "there is no cards/advanced.csv"),
]


@pytest.mark.parametrize(("path", "old", "new", "where", "words"), ERRORS)
def test_each_bad_example_gives_its_line(
    broken: Broken, path: str, old: str, new: str, where: int | str, words: str
) -> None:
    compiled = broken(path, old, new)
    place = where if isinstance(where, str) else f"{path}:{where}"
    found = [str(problem) for problem in compiled.errors]
    assert any(line.startswith(f"{place}: ") and words in line for line in found), found
    assert compiled.course is None


WARNINGS = [
    (QUIZ, "obj=1.1", "obj=9.9", 8, "objective '9.9'"),
    (LESSON, 'objectives: ["1.1"]', 'objectives: ["9.9"]', 6, "objective '9.9'"),
    (QUIZ, "\nThat is its main work.\n", "\n", 17, "no explanation"),
    (QUIZ, "= localhost\n= 127.0.0.1", "= 127", 56, "numeric question"),
    (SUMMARY, "[Hello]", "[Hullo]", 4, "the outline says 'Hullo'"),
]


@pytest.mark.parametrize(("path", "old", "new", "line", "words"), WARNINGS)
def test_warnings_do_not_stop_the_course(
    broken: Broken, path: str, old: str, new: str, line: int, words: str
) -> None:
    compiled = broken(path, old, new)
    assert compiled.course is not None
    assert [str(each) for each in compiled.warnings if each.line == line and words in each.message]


NEW_FILES = [
    ("10-basics/05-more.md", "---\nid: more\n---\nx", 1, "not in SUMMARY.md"),
    ("10-basics/notes.txt", "x", 1, "belongs to nothing"),
    ("10-basics/02-greet/extra.py", "x = 1", 1, "belongs to nothing"),
    ("10-basics/02-greet/solution/other.py", "x = 1", 1, "not listed under files"),
    ("setup.exe", "x", 1, "kept in media/ only"),
    ("media/plan.svg", "<svg/>", 1, "cannot be sent"),
    ("media/plan.png", "no picture", 1, "the content is not image/png"),
    ("../outside.md", "x", 1, "'.' and '..'"),
    ("/etc/passwd", "x", 1, "absolute paths"),
]


@pytest.mark.parametrize(("path", "text", "line", "words"), NEW_FILES)
def test_files_that_belong_to_nothing(
    broken: Broken, path: str, text: str, line: int, words: str
) -> None:
    found = [str(problem) for problem in broken(path, None, text).errors]
    assert any(each.startswith(f"{path}:{line}: ") and words in each for each in found), found


def test_all_errors_come_at_once_and_in_order(broken: Broken, example: dict[str, bytes]) -> None:
    tree = dict(example)
    for path, old, new, *_ in ERRORS[:1] + ERRORS[34:36] + ERRORS[-2:-1]:
        tree[path] = tree[path].replace(old.encode(), new.encode(), 1)
    errors = compile_course(tree).errors
    assert len({problem.path for problem in errors}) >= 3
    assert list(errors) == sorted(errors)
