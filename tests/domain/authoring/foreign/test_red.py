"""Trivia lists: values as written, double questions named, a broken entry alone left out."""

from domain.authoring.foreign import red
from domain.quizzes import forms


def accepted(text: str) -> dict[str, tuple[str, ...]]:
    harvest = red.read_red(text)
    found = {}
    for one in harvest.questions:
        assert isinstance(one.question.key, forms.ShortKey)
        found[one.question.prompt] = one.question.key.accepted
    return found


def test_values_are_read_as_they_were_written():
    assert accepted(
        "AUTHOR: somebody\nIs it so?:\n- yes\n- TRUE\nHow much?:\n- 1.10\n- 0x1F\n- 1_000\n"
        "When?:\n- 2004-02-29\nNothing?:\n- ~\n- null\n- 'null'\nOne?: 12:30\n"
    ) == {
        "Is it so?": ("yes", "TRUE"),
        "How much?": ("1.10", "0x1F", "1_000"),
        "When?": ("2004-02-29",),
        "Nothing?": ("null",),
        "One?": ("12:30",),
    }


def test_a_question_that_comes_twice_is_named():
    harvest = red.read_red("Who?:\n- a\nWhat?:\n- b\nWho?:\n- c\n")
    assert [found.line for found in harvest.questions] == [1, 3]
    assert [(one.line, one.reason) for one in harvest.skipped] == [
        (5, "the same question stands on line 1")
    ]


def test_a_broken_entry_does_not_spoil_the_others():
    harvest = red.read_red(
        'One?:\n- a\n"Two:\n- b\nThree: four: five\nSix?:\n- seven\n- "x\nEnd?:\n- z\n'
    )
    assert {found.question.prompt for found in harvest.questions} == {"One?", "End?"}
    assert [one.line for one in harvest.skipped] == [4, 5, 8]
    assert all("YAML" in one.reason for one in harvest.skipped)


def test_a_question_without_answers_and_pictures():
    harvest = red.read_red(
        "Empty?:\nWhich flag is https://x.example/pl.png ?:\n- Poland\nBoth?: []\n"
    )
    assert [(one.line, one.reason) for one in harvest.skipped] == [
        (1, "the question has no answer"),
        (4, "the question has no answer"),
    ]
    assert [bool(found.draft) for found in harvest.questions] == [True]


def test_what_is_no_mapping_is_refused_by_line():
    assert [one.line for one in red.read_red("- a\n- b\n").skipped] == [1]
    assert red.read_red("").skipped == []


def test_aliases_cannot_make_more_answers_than_memory_holds():
    bomb = "a: &a [x, y, z, u, v, w]\n" + "".join(
        f"q{n}: &{chr(98 + n)} [" + ", ".join([f"*{chr(97 + n)}"] * 30) + "]\n" for n in range(8)
    )
    harvest = red.read_red(bomb)
    assert harvest.questions


def test_tags_construct_nothing():
    assert accepted("Danger?:\n- !!python/object/apply:os.system ['x']\n- safe\n") == {
        "Danger?": ("x", "safe")
    }
