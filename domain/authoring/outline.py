"""A compiled course laid flat: every component with its place, every question with its quiz."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.authoring.models import Challenge, Course, Deck, Item, Lesson, Question, Quiz, Unit

Component = Lesson | Quiz | Challenge | Deck


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit, the key of the unit around it, and its place in the course from 0."""

    unit: Unit
    parent: str | None
    position: int
    domain: str | None


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """A component and where it stands. `position` counts from 0 within its unit.

    Args:
        item: the component; what is nested in it stands in the list by itself.
        unit: key of its unit; None for a deck.
        parent: key of the lesson that a nested lesson stands in.
        lesson: key of the lesson that a quiz or challenge belongs to.
        primary: whether it is that lesson's own quiz.
        domain: code of the domain of its unit.
    """

    item: Component
    unit: str | None
    position: int
    parent: str | None = None
    lesson: str | None = None
    primary: bool = False
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything of a course, in the order in which a learner meets it."""

    units: tuple[PlacedUnit, ...]
    items: tuple[PlacedItem, ...]
    questions: tuple[Question, ...]


def outline(course: Course) -> Outline:
    """Lay a course flat."""
    units = tuple(_units(course))
    items = [item for unit in units for item in _items(unit)]
    items += [PlacedItem(deck, None, position) for position, deck in enumerate(course.decks)]
    questions = [
        question
        for placed in items
        if isinstance(placed.item, Quiz)
        for question in placed.item.questions
    ]
    questions += [question for bank in course.banks for question in bank.questions]
    return Outline(units, tuple(items), tuple(questions))


def _units(course: Course) -> Iterator[PlacedUnit]:
    position = 0
    stack: list[tuple[Unit, str | None, str | None]]
    stack = [(unit, None, None) for unit in reversed(course.units)]
    while stack:
        unit, parent, domain = stack.pop()
        domain = unit.domain or domain
        yield PlacedUnit(unit, parent, position, domain)
        position += 1
        inner = [item for item in unit.items if isinstance(item, Unit)]
        stack += [(child, unit.key, domain) for child in reversed(inner)]


def _items(placed: PlacedUnit) -> list[PlacedItem]:
    found: list[PlacedItem] = []

    def add(item: Item, lesson: Lesson | None, *, primary: bool = False) -> None:
        if isinstance(item, Lesson):
            parent = lesson.key if lesson else None
            where = {"parent": parent, "lesson": None}
        elif isinstance(item, Quiz | Challenge):
            where = {"parent": None, "lesson": lesson.key if lesson else item.lesson}
        else:
            return
        found.append(
            PlacedItem(
                item,
                placed.unit.key,
                len(found),
                primary=primary,
                domain=placed.domain,
                **where,
            )
        )
        if isinstance(item, Lesson):
            if item.quiz is not None:
                add(item.quiz, item, primary=True)
            for child in item.items:
                add(child, item)

    for item in placed.unit.items:
        if not isinstance(item, Unit):
            add(item, None)
    return found
