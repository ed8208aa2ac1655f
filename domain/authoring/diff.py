"""What publishing would change, in the author's terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from domain.authoring.models import Course, Deck, Lesson, Quiz
from domain.authoring.outline import PlacedItem, outline

What = Literal["new", "changed", "moved", "removed"]
KINDS = ("course", "unit", "lesson", "quiz", "challenge", "question", "deck")
_PLURALS = {"quiz": "quizzes"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes different."""

    kind: str
    key: str
    title: str
    what: What


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes between two snapshots of a course."""

    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def count(self, what: What, kind: str | None = None) -> int:
        """How many things were new, changed, moved or removed."""
        return sum(each.what == what and kind in {None, each.kind} for each in self.changes)

    def summary(self) -> str:
        """One line, such as "2 lessons changed, 1 question new, 0 removed"."""
        parts: list[str] = []
        for what in ("changed", "new", "moved"):
            for kind in KINDS:
                number = self.count(what, kind)
                if number:
                    words = kind if number == 1 else _PLURALS.get(kind, f"{kind}s")
                    parts.append(f"{number} {words} {what}")
        return ", ".join([*parts, f"{self.count('removed')} removed"])


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str
    title: str
    content: object
    place: object


def compare(old: Course | None, new: Course) -> Diff:
    """The changes from `old` to `new`; everything is new when there is no `old`."""
    before = _things(old) if old else {}
    after = _things(new)
    changes = [
        Change(thing.kind, key[1], thing.title, what)
        for key, thing in after.items()
        if (what := _difference(before.get(key), thing)) is not None
    ]
    changes += [
        Change(thing.kind, key[1], thing.title, "removed")
        for key, thing in before.items()
        if key not in after
    ]
    return Diff(tuple(changes))


def _difference(old: _Thing | None, new: _Thing) -> What | None:
    if old is None:
        return "new"
    if old.content != new.content:
        return "changed"
    return "moved" if old.place != new.place else None


def _things(course: Course) -> Mapping[tuple[str, str], _Thing]:
    flat = outline(course)
    card = course.model_dump(exclude={"units", "banks", "decks"})
    things = {("course", course.slug): _Thing("course", course.title, card, None)}
    for unit in flat.units:
        content = _without(unit.unit, "items")
        things["unit", unit.unit.key] = _Thing("unit", unit.unit.title, content, unit.parent)
    order: dict[str | None, list[str]] = {}
    for placed in flat.items:
        order.setdefault(placed.unit, []).append(placed.item.key)
    for placed in flat.items:
        item = placed.item
        before = order[placed.unit][: order[placed.unit].index(item.key)][-1:]
        place = (placed.unit, placed.parent, placed.lesson, before)
        things["item", item.key] = _Thing(item.kind, item.title, _content(placed), place)
    for question in flat.questions:
        shown = question.prompt.split("\n")[0]
        things["question", question.key] = _Thing("question", shown, question, None)
    return things


def _content(placed: PlacedItem) -> object:
    item = placed.item
    if isinstance(item, Lesson):
        return _without(item, "quiz", "items")
    if isinstance(item, Quiz):
        asked = [question.key for question in item.questions]
        return {**_without(item, "questions"), "questions": asked}
    if isinstance(item, Deck):
        return item.model_dump()
    return item.model_dump()


def _without(model: BaseModel, *names: str) -> dict[str, object]:
    return model.model_dump(exclude=set(names))
