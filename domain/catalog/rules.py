"""What a person types to find a course, and what comes next in one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from domain.errors import N_, Refusal

LEVELS: dict[str, tuple[int, ...]] = {
    "beginner": (1, 2),
    "intermediate": (3,),
    "advanced": (4, 5),
    **{str(number): (number,) for number in range(1, 6)},
}
FILTERS = ("tag", "level", "lang")


@dataclass(frozen=True, slots=True)
class CourseCard:
    """What one course says about itself, and how far this learner is with it."""

    id: UUID
    slug: str
    title: str
    summary: str
    difficulty: int | None
    language: str
    minutes: int
    lessons: int
    quizzes: int
    challenges: int
    enrollment: str | None
    progress: Decimal | None


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; empty fields do not filter."""

    words: str = ""
    tags: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()
    language: str = ""
    offset: int = 0

    def at(self, offset: int) -> "Search":
        """The same search, beginning at another course."""
        return replace(self, offset=offset)


@dataclass(frozen=True, slots=True)
class Item:
    """One component in a course outline, with this learner's status.

    `missing` counts the prerequisites that are not finished; `group` is the unit's title.
    """

    id: UUID
    key: str
    slug: str
    kind: str
    title: str
    unit: str
    unit_id: UUID
    lesson_id: UUID | None
    is_preview: bool
    is_required: bool
    is_primary: bool
    minutes: int | None
    status: str
    best_score: Decimal | None
    missing: int

    @property
    def is_done(self) -> bool:
        """Whether the learner has finished it."""
        return self.status == "completed"


def parse_search(text: str) -> Search:
    """The search in "python tag:beginner level:1 lang:en"; the rest are words.

    Raises:
        Refusal: a level that does not exist, or an empty filter.
    """
    words: list[str] = []
    tags: list[str] = []
    difficulties: tuple[int, ...] = ()
    language = ""
    for part in text.split():
        name, colon, value = part.partition(":")
        if not colon or name.lower() not in FILTERS:
            words.append(part)
        elif not value:
            raise Refusal(
                N_("Write the filter without a space, like {name}:{example}."),
                {"name": name, "example": {"tag": "python", "level": "1"}.get(name, "en")},
            )
        elif name.lower() == "tag":
            tags.append(value)
        elif name.lower() == "lang":
            language = value.lower()
        elif value.lower() in LEVELS:
            difficulties = LEVELS[value.lower()]
        else:
            raise Refusal(
                N_("There is no level “{level}”. Levels are beginner, intermediate, advanced."),
                {"level": value[:20]},
                choices=tuple(f"/courses level:{label}" for label in list(LEVELS)[:3]),
            )
    return Search(" ".join(words), tuple(tags), difficulties, language)


def next_item(items: Sequence[Item], last: UUID | None) -> Item | None:
    """Where to go on: the item that was open, else the next unfinished one, else any unfinished.

    Args:
        items: the course outline, in order.
        last: the component that was open last, if it still exists.

    Returns:
        None when everything is finished.
    """
    where = next((n for n, item in enumerate(items) if item.id == last), -1)
    if where >= 0 and not items[where].is_done and not items[where].missing:
        return items[where]
    # Wrap round: what was skipped on the way comes after what lies ahead.
    ahead = [*items[where + 1 :], *items[: where + 1]]
    ready = [item for item in ahead if not item.is_done and not item.missing]
    required = [item for item in ready if item.is_required]
    return next(iter(required or ready), None)
