"""Questions in Markdown: one `## prompt {#id}` section each, in eight kinds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token
from pydantic import ValidationError

from domain.authoring.answers import Answers, Block, read_answers
from domain.authoring.attributes import read_attributes
from domain.authoring.documents import Context
from domain.authoring.markdown import blocks, check_markdown
from domain.authoring.models import Question
from domain.authoring.problems import Spot
from domain.authoring.stored import stored_form

PROMPT_LIMIT = 1_500
MAX_QUESTIONS = 1_000
_TAIL = re.compile(r"[ \t]*\{#([^{}\n]*)\}[ \t]*#*[ \t]*$")
_HINT = re.compile(r"^\s{0,3}>\s?hint:\s*", re.IGNORECASE)
_QUOTE = re.compile(r"^\s{0,3}> ?")


@dataclass(frozen=True, slots=True)
class Placed:
    """A question, the line of its heading, and the line that says its domain."""

    question: Question
    path: str
    line: int
    domain_line: int


def read_questions(
    body: str,
    spot: Spot,
    context: Context,
    *,
    domain: tuple[str, int] | None = None,
    level: int | None = None,
) -> tuple[str, list[Placed]]:
    """Read all questions of a body.

    Args:
        body: Markdown after the front matter.
        spot: the place of its first line.
        context: the course's files, for links.
        domain: what a question belongs to when it does not say, and the line of that.
        level: the level of a question that does not say.

    Returns:
        The text before the first question, and the questions that could be read.
    """
    check_markdown(body, spot, context.files)
    lines = body.split("\n")
    tokens = [token for token in blocks(body) if token.level == 0 and token.map]
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h1":
            spot.at(spot.line + _start(token)).error("a question starts with '## ', not '# '")
    heads = [token for token in tokens if token.type == "heading_open" and token.tag == "h2"]
    intro_end = _start(heads[0]) if heads else len(lines)
    intro = "\n".join(lines[:intro_end]).strip()
    placed: list[Placed] = []
    inside: list[list[Token]] = [[] for _ in heads]
    at = -1
    for token in tokens:
        if at + 1 < len(heads) and token is heads[at + 1]:
            at += 1
        elif at >= 0:
            inside[at].append(token)
    if len(heads) > MAX_QUESTIONS:
        spot.error(f"a file has at most {MAX_QUESTIONS} questions: split it")
        return intro, []
    for number, head in enumerate(heads):
        end = _start(heads[number + 1]) if number + 1 < len(heads) else len(lines)
        question = _Section(lines, head, inside[number], end, spot).read(level)
        if question is not None:
            line = domain_line = spot.line + _start(head)
            if domain is not None and question.domain is None:
                question = question.model_copy(update={"domain": domain[0]})
                domain_line = domain[1]
            placed.append(Placed(question, spot.path, line, domain_line))
    return intro, placed


def _start(token: Token) -> int:
    return token.map[0] if token.map else 0


class _Section:
    """The lines of one question."""

    def __init__(
        self, lines: list[str], head: Token, inside: list[Token], end: int, spot: Spot
    ) -> None:
        self._lines = lines
        self._inside = inside
        self._end = end
        self._base = spot
        self._first, self._after = head.map or (0, 1)
        self._spot = spot.at(spot.line + self._first)
        self._setext = head.markup != "##"

    def read(self, level: int | None) -> Question | None:
        title = " ".join(part.strip() for part in self._lines[self._first : self._after])
        if self._setext:
            self._spot.error(
                "a line of '---' or '===' makes the line above a heading: put a blank line between"
            )
            return None
        title = title.lstrip("#").strip()
        tail = _TAIL.search(title)
        if tail is None:
            self._spot.error("the question has no id: end its line with {#id}, such as {#q-hello}")
            return None
        hints = tuple(self._hints())
        before = len(self._spot.problems.found)
        answers = read_answers(title[: tail.start()].strip(), list(self._blocks()), self._spot)
        attributes = read_attributes(tail[1], answers.kind if answers else None, self._spot)
        if answers is None:
            return None
        self._check(answers)
        try:
            form = stored_form(answers, attributes.flags, attributes.unit)
        except ValidationError as error:
            if len(self._spot.problems.found) == before:
                self._spot.error(f"this question cannot be asked: {error.errors()[0]['msg']}")
            return None
        return Question.model_validate(
            {
                "key": attributes.key,
                "kind": answers.kind,
                "prompt": answers.prompt,
                "data": form.data_json(),
                "answer": form.answer_json(),
                "explanation": answers.explanation,
                "hints": hints,
                "points": attributes.points,
                "level": attributes.level or level,
                "objectives": attributes.objectives,
                "domain": attributes.domain,
            }
        )

    def _check(self, answers: Answers) -> None:
        if not answers.prompt.strip():
            self._spot.error("the question has no text: write it after '## '")
        if len(answers.prompt) > PROMPT_LIMIT:
            self._spot.error(f"a question has at most {PROMPT_LIMIT:,} characters: shorten it")
        if len(answers.explanation) > PROMPT_LIMIT:
            self._spot.error(f"an explanation has at most {PROMPT_LIMIT:,} characters: shorten it")
        if not answers.explanation:
            self._spot.warn("no explanation: add a paragraph after the answers that says why")

    def _blocks(self) -> Iterator[Block]:
        """Top-level blocks with their lines, hints left out."""
        for token in self._inside:
            if token.type.endswith("_close") or token.type == "inline" or not token.map:
                continue
            start, end = token.map
            rows = self._lines[start : min(end, self._end)]
            while rows and not rows[-1].strip():
                rows.pop()
            if token.type == "blockquote_open" and _HINT.match(rows[0]):
                continue
            yield Block(token.type, tuple(rows), self._base.line + start)

    def _hints(self) -> Iterator[str]:
        """The texts of `> hint:` lines; a hint runs to the end of its quote or the next one."""
        for token in self._inside:
            if token.type != "blockquote_open" or not token.map:
                continue
            current: list[str] = []
            for number in range(*token.map):
                row = self._lines[number]
                if found := _HINT.match(row):
                    if current:
                        yield "\n".join(current).strip()
                    current = [row[found.end() :]]
                elif current and row.strip() and not _QUOTE.match(row):
                    self._base.at(self._base.line + number).error(
                        "put a blank line before this line: it would join the hint above"
                    )
                elif current:
                    current.append(_QUOTE.sub("", row))
            if current:
                yield "\n".join(current).strip()
