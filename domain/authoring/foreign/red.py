"""Trivia lists of Red-DiscordBot: YAML, a question as key and its accepted answers as list.

YAML readers turn `no` into False, `1.10` into 1.1, and keep the last of two equal keys. Here
every value stays as it was written, and a question that comes twice is named. A file with a fault
is read question by question, so that only what is broken is left out.
"""

import re
from collections.abc import Iterator
from itertools import islice

import yaml

from domain.authoring.foreign.found import Found, Harvest
from domain.authoring.foreign.texts import literal, tidy
from domain.quizzes import forms
from domain.quizzes import questions as quiz

MOST_DEPTH = 4
MOST_ANSWERS = 1000  # of one question; aliases could make more than any memory holds
_ABOUT = frozenset({"AUTHOR", "DESCRIPTION", "CONFIG"})  # keys of Red that are not questions
_PICTURE = re.compile(r"https?://\S+\.(?:png|jpe?g|gif|webp|svg|bmp)\b\S*", re.IGNORECASE)
_TOP = re.compile(r"[^\s#-]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Broken(Exception):
    """YAML that cannot be read, and the line (from 1) where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def read_red(text: str) -> Harvest:
    """Read a whole list."""
    harvest = Harvest()
    seen: dict[str, int] = {}
    try:
        entries = list(_entries(text, 0))
    except _Broken as whole:
        pieces = list(_pieces(text))
        if not pieces:
            harvest.skip(whole.line, str(whole))
        entries = []
        for first, piece in pieces:
            try:
                entries += _entries(piece, first)
            except _Broken as problem:
                harvest.skip(problem.line, str(problem))
    for line, name, answers in entries:
        if name in _ABOUT:
            continue
        prompt = tidy(name)
        if prompt in seen:
            harvest.skip(line, f"the same question stands on line {seen[prompt]}")
            continue
        seen[prompt] = line
        accepted = tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in answers))))
        if not prompt or not accepted:
            harvest.skip(line, "the question has no answer" if prompt else "the question is empty")
            continue
        harvest.questions.append(
            Found(
                line,
                quiz.Question(
                    kind="short",
                    prompt=literal(prompt),
                    data=forms.ShortData(),
                    key=forms.ShortKey(accepted=accepted),
                ),
                draft="it shows a picture that nobody described" if _PICTURE.search(prompt) else "",
            )
        )
    return harvest


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The top-level entries of a list, each with the number of lines before it."""
    kept: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines()):
        if _TOP.match(line) and kept:
            yield first, "\n".join(kept)
            kept = []
        if line.strip() or kept:
            first = first if kept else number
            kept.append(line)
    if kept:
        yield first, "\n".join(kept)


def _entries(text: str, before: int) -> Iterator[tuple[int, str, list[str]]]:
    """Line, key and scalar values of each entry of a mapping.

    Raises:
        _Broken: this is not YAML, or not a mapping.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)  # nodes only: nothing is constructed
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = before + (mark.line if mark else 0) + 1
        raise _Broken(line, f"this is not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _Broken(before + 1, "this is not valid YAML") from error
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise _Broken(before + 1, "this is not a question with answers below it")
    for key, value in root.value:
        line = before + key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise _Broken(line, "a question must be plain text")
        yield line, key.value, list(islice(_scalars(value, 0), MOST_ANSWERS))


def _scalars(node: yaml.Node, depth: int) -> Iterator[str]:
    if isinstance(node, yaml.ScalarNode):
        if node.value and node.tag != "tag:yaml.org,2002:null":
            yield node.value
    elif isinstance(node, yaml.SequenceNode) and depth < MOST_DEPTH:
        for item in node.value:
            yield from _scalars(item, depth + 1)
