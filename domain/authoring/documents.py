"""One Markdown file with front matter, cut into its two parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.authoring.fields import Fields
from domain.authoring.problems import Problems, Spot
from domain.authoring.yaml_text import parse_yaml


@dataclass(frozen=True, slots=True)
class Context:
    """What the readers of single files share: the texts, all paths, and where to complain."""

    texts: Mapping[str, str]
    files: frozenset[str]
    problems: Problems

    def spot(self, path: str, line: int = 1) -> Spot:
        """A place in a file."""
        return Spot(path, line, self.problems)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's front matter, its Markdown, and the line where the Markdown begins."""

    path: str
    fields: Fields
    body: str
    body_line: int


def read_document(path: str, context: Context, what: str) -> Document:
    """Cut a file at its front matter; a missing one is reported and read as empty.

    Args:
        path: a text of the course.
        context: the course's files.
        what: what the file describes, for messages ("a lesson").
    """
    text = context.texts.get(path, "")
    lines = text.split("\n")
    spot = context.spot(path)
    if lines[0].rstrip() != "---":
        if path in context.texts:
            spot.error("start the file with front matter: '---', 'id: ...' and so on, '---'")
        return Document(path, Fields(None, spot, what, quiet=True), text, 1)
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            head = "\n".join(lines[1:number])
            node = parse_yaml(head, spot.at(2))
            fields = Fields(node, spot, what, quiet=node is None and bool(head.strip()))
            return Document(path, fields, "\n".join(lines[number + 1 :]), number + 2)
    spot.error("the front matter is never closed: add a line '---' after its last key")
    return Document(path, Fields(None, spot, what, quiet=True), "", len(lines) + 1)


def read_yaml_file(path: str, context: Context, what: str) -> Fields:
    """The fields of a YAML file; a missing or broken one is read as empty, and asks for nothing."""
    spot = context.spot(path)
    text = context.texts.get(path, "")
    node = parse_yaml(text, spot)
    unread = path not in context.texts
    return Fields(node, spot, what, quiet=unread or (node is None and bool(text.strip())))
