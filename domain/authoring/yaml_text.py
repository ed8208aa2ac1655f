"""YAML read as text with line numbers: no value is guessed, nothing is lost.

PyYAML's own loader turns `no` into False and `1.10` into 1.1, keeps only the last of two equal
keys and expands aliases. Here every scalar stays as it was written; `fields` gives it a type.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from domain.authoring.problems import Spot

MAX_DEPTH = 40
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_TEXT_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written. `quoted` is also true for `|` and `>` blocks."""

    text: str
    quoted: bool
    line: int

    @property
    def is_text(self) -> bool:
        """Whether every YAML reader takes this value for text."""
        if self.quoted:
            return True
        tag = _RESOLVER.resolve(yaml.ScalarNode, self.text, (True, False))  # type: ignore[no-untyped-call]
        return bool(tag == _TEXT_TAG)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file."""

    entries: dict[str, tuple[Scalar, "Node"]]
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int


Node = Scalar | Mapping | Sequence


class _Stop(Exception):
    """Reading cannot go on after this; the problem is already recorded."""


def parse_yaml(text: str, spot: Spot) -> Node | None:
    """Read one YAML document; `spot.line` is the line of its first line in the file.

    Returns:
        The document, or None when it is empty or an error was recorded.
    """
    offset = spot.line
    try:
        events = yaml.parse(text, Loader=_LOADER)
        return _Reader(events, spot, offset).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = offset + (mark.line if mark else 0)
        spot.at(line).error(f"this is not valid YAML: {error.problem}{_advice(error.problem)}")
    except yaml.YAMLError as error:
        spot.error(f"this is not valid YAML: {str(error).splitlines()[0]}")
    except _Stop:
        pass
    return None


def _advice(problem: str | None) -> str:
    if problem and "mapping values are not allowed" in problem:
        return "; put quotes around a value that contains ': '"
    if problem and ("cannot start any token" in problem or "alias" in problem):
        return "; put quotes around the value"
    return ""


class _Reader:
    """Turns parser events into nodes, one document, without aliases, tags or double keys."""

    def __init__(self, events: Iterator[yaml.Event], spot: Spot, offset: int) -> None:
        self._events = events
        self._spot = spot
        self._offset = offset

    def document(self) -> Node | None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
        else:
            return None
        root = self._node(next(self._events), 0)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._refuse(event, "only one YAML document per file: remove this '---'")
        return root

    def _line(self, event: yaml.Event) -> int:
        return self._offset + (event.start_mark.line if event.start_mark else 0)

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self._spot.at(self._line(event)).error(message)
        raise _Stop

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self._refuse(event, f"nested deeper than {MAX_DEPTH} levels: flatten it")
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"aliases (*{event.anchor}) are not allowed: write the value again")
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self._refuse(event, f"anchors (&{anchor}) are not allowed: remove it")
        if tag:
            self._refuse(event, f"tags ({tag}) are not allowed: remove it")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, bool(event.style), self._line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _sequence(self, start: yaml.Event, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), self._line(start))

    def _mapping(self, start: yaml.Event, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._spot.at(key.line).error("a key must be plain text")
            elif key.text in entries:
                first = entries[key.text][0].line
                self._spot.at(key.line).error(
                    f"key '{key.text}' is written twice (first on line {first}): keep one"
                )
            else:
                entries[key.text] = (key, value)
        return Mapping(entries, self._line(start))
