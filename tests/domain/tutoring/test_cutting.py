"""Where lessons are cut, and which words of a text are looked up."""

from domain.tutoring.cutting import (
    LONGEST,
    asked_code_of,
    code_of,
    cut,
    folded,
    keywords_of,
    terms_of,
    words_of,
)


def test_a_heading_begins_a_passage_and_what_stands_before_it_goes_on_with_the_one_before():
    pages = ["## First\n\nOne.\n\n## Second\n\nTwo.", "Still two.\n\n## Third\n\nThree."]
    found = [(piece.page, piece.title, piece.body) for piece in cut(pages, "Lesson")]
    assert found == [
        (0, "First", "One."),
        (0, "Second", "Two."),
        (1, "Second", "Still two."),
        (1, "Third", "Three."),
    ]
    assert cut(["No heading here."], "Lesson")[0].title == "Lesson"


def test_a_long_section_is_cut_between_paragraphs_and_never_inside_code():
    block = "```python\n# not a heading\n\n" + "x = 1\n\n" * 100 + "```"
    text = "## Long\n\n" + "\n\n".join([*["word " * 60] * 5, block, "The end. " * 30])
    pieces = cut([text], "Lesson")
    assert len(pieces) > 2
    assert all(piece.title == "Long" for piece in pieces)
    assert [piece for piece in pieces if piece.body.count("```") % 2] == []
    assert all(len(piece.body) <= LONGEST or "```" in piece.body for piece in pieces)


def test_marks_links_and_accents_are_no_part_of_a_word():
    text = "**Bold** and [a link](x.md), `text.upper`, <th>, pętla, _well_ first_name"
    assert words_of(text).split() == [
        "Bold", "and", "a", "link,", "text", "upper", ",", "th", ",", "petla,", "well", "first",
        "name",
    ]  # fmt: skip
    assert folded("Łódź, ¿Qué?, größer") == "Lodz, ¿Que?, großer"
    assert folded("क्या") == "क्या"  # signs of other scripts are not accents


def test_bold_words_are_terms_and_stars_of_code_are_not():
    text = "A named value is a **variable**.\n\n```python\nx = 2 **3** 4\n```\n\n`2 **a** 3`, *so*."
    assert terms_of(text + " **Its\nname** and **a type**.").split() == ["variable", "a", "type"]


def test_code_is_kept_beside_the_words():
    page = "Use `for` and:\n\n```python\nwhile a == b:\n    pass\n```\n\nwhile words go on"
    assert {"`for", "`while", "`==", "`a"} <= set(code_of(page))
    assert code_of("while words go on") == []
    assert asked_code_of("what does == or `len(x)` do?") == ["`len", "`x", "`=="]
    assert asked_code_of("Is it good. Or not - who knows?") == []
    assert keywords_of("for or while, for me?") == ["`for", "`or", "`while"]
