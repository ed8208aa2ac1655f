"""Cuts the pages of a lesson into passages, and a text into words that can be looked up. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST = 900  # characters of a passage, unless one paragraph or one block of code is longer
SHORTEST = 160  # what is shorter joins its neighbour on the same page
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_MARKS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
# Between letters these make one word of two: text.upper, and/or, first_name.
_JOINTS = re.compile(r"(?<=[^\W\d])[._/](?=[^\W\d])")
_STRONG = re.compile(r"(?<!\*)\*\*(?=\S)([^*\n]+)(?<=\S)\*\*(?!\*)")
_CODE = re.compile(r"`+([^`\n]+)`+")
_NAME = re.compile(r"[^\W\d]\w*")
_SIGNS = re.compile(r"[=!<>+\-*/%&|^~:#.]{1,3}|\[\]|\{\}|\(\)")
_PLAIN_SIGNS = frozenset({".", ":", "-", "/", "...", "--", "*", "**", "|"})
_STROKES = str.maketrans("łŁøØđĐħı", "lLoOdDhi")
# Words of programs that are no more than glue in a sentence, so that stemming drops them.
_KEYWORDS = frozenset(
    {"and", "as", "do", "for", "from", "if", "in", "is", "not", "or", "this", "while", "with"}
)
MOST_WORDS = 60  # words of a question that are looked up


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage: its page counted from 0, its heading, its Markdown without the heading."""

    page: int
    title: str
    body: str


def cut(pages: Sequence[str], lesson: str) -> list[Piece]:
    """The passages of a lesson in order.

    A heading begins a passage; a long section is cut between paragraphs, never inside a block of
    code. What stands before the first heading of a page goes on with the page before.

    Args:
        pages: Markdown.
        lesson: title of the lesson, for what has no heading.
    """
    found: list[Piece] = []
    title = lesson
    for number, page in enumerate(pages):
        sections = list(_sections(page))
        for heading, paragraphs in sections:
            title = heading or title
            for body in _grouped(paragraphs):
                last = found[-1] if found else None
                if last and last.page == number and len(body) < SHORTEST and not heading:
                    found[-1] = Piece(number, last.title, f"{last.body}\n\n{body}")
                else:
                    found.append(Piece(number, title, body))
    return found


def _sections(page: str) -> Iterator[tuple[str, list[str]]]:
    """Headings of a page ("" before the first) with the paragraphs below them."""
    heading, paragraphs = "", list[str]()
    block: list[str] = []
    fence = ""

    def end() -> None:
        if block:
            paragraphs.append("\n".join(block))
            block.clear()

    for line in page.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            block.append(line)
            if mark and mark[1].startswith(fence) and not line.strip().strip(mark[1][0]):
                fence = ""
            continue
        if mark:
            fence = mark[1]
            block.append(line)
            continue
        title = _HEADING.match(line)
        if title:
            end()
            if paragraphs:
                yield heading, paragraphs
            heading, paragraphs = title[1], []
        elif line.strip():
            block.append(line)
        else:
            end()
    end()
    if paragraphs:
        yield heading, paragraphs


def _grouped(paragraphs: Sequence[str]) -> Iterator[str]:
    """Paragraphs put together as long as they are not too long."""
    group, size = list[str](), 0
    for paragraph in paragraphs:
        if group and size + len(paragraph) > LONGEST:
            yield "\n\n".join(group)
            group, size = [], 0
        group.append(paragraph)
        size += len(paragraph) + 2
    if group:
        yield "\n\n".join(group)


def words_of(text: str) -> str:
    """A text for the word parser: no marks, no accents, names of code taken apart."""
    text = "\n".join(line for line, _ in _lines(text))
    text = re.sub(r"[`<>]", " ", _LINK.sub(r"\2", text))  # the parser would skip <tags>
    return folded(_JOINTS.sub(" ", _MARKS.sub("", text)))


def terms_of(text: str) -> str:
    """The terms that a passage introduces, for the word parser: authors make them bold."""
    bare = _CODE.sub(" ", "\n".join(line for line, is_code in _lines(text) if not is_code))
    return words_of("\n".join(found[1] for found in _STRONG.finditer(bare)))


def folded(text: str) -> str:
    """Letters without accents: people leave them out when they type."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKES))
    kept = "".join(sign for sign in apart if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", kept)


def code_of(text: str) -> list[str]:
    """Words and signs of the code in a lesson, each as often as it occurs, marked with a backtick.

    Stemming drops exactly the words that programs are made of (`for`, `if`, `not`, `==`), so they
    are kept beside the stems.
    """
    spans = [found[1] for found in _CODE.finditer(text)]
    spans += [line for line, is_code in _lines(text) if is_code]
    return [f"`{word}" for span in spans for word in _code_words(span)]


def asked_code_of(text: str) -> list[str]:
    """The code in a question: what is in backticks, and signs that are no punctuation."""
    bare = _CODE.sub(" ", text)
    signs = [sign for sign in _SIGNS.findall(bare) if sign not in _PLAIN_SIGNS]
    return list(dict.fromkeys([*code_of(text), *(f"`{sign}" for sign in signs)]))[:MOST_WORDS]


def keywords_of(text: str) -> list[str]:
    """Words of a question that may mean code: "for or while?"; for questions of little else."""
    words = (name.lower() for name in _NAME.findall(text))
    return [f"`{word}" for word in dict.fromkeys(words) if word in _KEYWORDS]


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text without its fences, and whether they stand in a block of code."""
    fence = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fence = not fence
        else:
            yield line, fence


def _code_words(span: str) -> Iterator[str]:
    yield from (name.lower() for name in _NAME.findall(span))
    yield from _SIGNS.findall(span)
