"""A compiled course: what the files say, in a form that is stored and compared.

Every class is frozen. `Course.to_json` gives the same bytes for the same course, on any machine.
Texts are Markdown unless said otherwise.
"""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from domain.quizzes.forms import Kind


class Model(BaseModel):
    """Frozen, and nothing that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Model):
    """One question. `data` and `answer` are as `domain.quizzes.forms` says.

    `key` is the author's id, `objectives` are codes, `domain` a code of the course's domains.
    """

    key: str
    kind: Kind
    prompt: str
    data: dict[str, JsonValue]
    answer: dict[str, JsonValue]
    explanation: str = ""
    hints: tuple[str, ...] = ()
    points: int = 1
    level: int | None = None
    objectives: tuple[str, ...] = ()
    domain: str | None = None


class Draw(Model):
    """Take `n` questions of a domain (and level) from the course's banks."""

    domain: str
    level: int | None = None
    n: int


class Item(Model):
    """What every component has. `key` never changes; `slug` is what learners type."""

    kind: str
    key: str
    slug: str
    title: str
    level: int | None = None
    minutes: int
    required: bool = True
    prerequisites: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()


class Quiz(Item):
    """Questions written in it, or drawn from the banks. `time` is in minutes."""

    kind: Literal["quiz"] = "quiz"
    mode: Literal["practice", "graded", "exam"] = "practice"
    intro: str = ""
    pass_percent: int = 70
    time: int | None = None
    attempts: int | None = None
    shuffle_questions: bool = False
    shuffle_options: bool = False
    show: Literal["after_question", "after_submit", "never"] = "after_question"
    draw: tuple[Draw, ...] = ()
    questions: tuple[Question, ...] = ()
    lesson: str | None = None


class TestCase(Model):
    """One test of a challenge; `spec` depends on the challenge's mode."""

    __test__ = False
    key: str
    name: str
    points: int
    sample: bool
    spec: dict[str, JsonValue]


class Hint(Model):
    """A hint; it can be opened after so many attempts and so many minutes, for `cost` points."""

    text: str
    cost: int = 0
    after_attempts: int = 0
    after_minutes: int = 0


class Limits(Model):
    """What one test may use: seconds of processor time, MiB of memory."""

    time_s: float = 2.0
    memory_mb: int = 64


class Challenge(Item):
    """Code to write. Files are name -> text; `main` is the one that is run or imported."""

    kind: Literal["challenge"] = "challenge"
    language: Literal["python", "web"]
    mode: Literal["call", "stdin", "assert", "checker"]
    function: str = ""
    main: str
    points: int
    summary: str = ""
    context: str = ""
    instructions: str
    limits: Limits = Limits()
    starter: dict[str, str]
    solution: dict[str, str]
    show_hidden: Literal["name", "full"] = "name"
    hints: tuple[Hint, ...] = ()
    tutor_notes: str = ""
    tests: tuple[TestCase, ...]
    lesson: str | None = None


class Lesson(Item):
    """Pages to read. `quiz` is the lesson's own quiz; `items` are listed under it."""

    kind: Literal["lesson"] = "lesson"
    lesson_type: Literal["text", "video", "audio", "exercise", "assignment"] = "text"
    preview: bool = False
    pages: tuple[str, ...]
    url: str | None = None
    seconds: int | None = None
    points: int | None = None
    quiz: Quiz | None = None
    items: tuple["LessonItem", ...] = ()


class Card(Model):
    """One flashcard; plain text with Markdown marks."""

    key: str
    front: str
    back: str
    tags: tuple[str, ...] = ()


class Deck(Item):
    """A set of flashcards."""

    kind: Literal["deck"] = "deck"
    cards: tuple[Card, ...]


class Unit(Model):
    """A part of the course."""

    kind: Literal["unit"] = "unit"
    key: str
    title: str
    domain: str | None = None
    text: str = ""
    items: tuple["UnitItem", ...] = ()


LessonItem = Annotated[Lesson | Quiz | Challenge, Field(discriminator="kind")]
UnitItem = Annotated[Unit | Lesson | Quiz | Challenge, Field(discriminator="kind")]


class Bank(Model):
    """Questions that quizzes draw from."""

    key: str
    title: str = ""
    questions: tuple[Question, ...]


class Media(Model):
    """A file of `media/`: `content` is base64, `alt` says in words what it shows."""

    path: str
    content_type: str
    alt: str
    content: str


class Achievement(Model):
    """Something to earn: so much of a metric, and what it brings."""

    code: str
    name: str
    description: str
    metric: str
    target: int
    points: int = 0
    freezes: int = 0
    rarity: str = "common"


class Course(Model):
    """The whole course. `format` grows when the meaning of the files changes."""

    format: int = 1
    slug: str
    title: str
    summary: str
    description: str
    language: str
    level: int
    license: str
    authors: tuple[str, ...]
    tags: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    certificate_pass: int | None = None
    objectives: dict[str, str] = {}
    domains: dict[str, str] = {}
    units: tuple[Unit, ...]
    banks: tuple[Bank, ...] = ()
    decks: tuple[Deck, ...] = ()
    media: tuple[Media, ...] = ()
    achievements: tuple[Achievement, ...] = ()

    def to_json(self) -> str:
        """The course as one line of JSON with sorted keys."""
        return json.dumps(
            self.model_dump(mode="json"),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            allow_nan=False,
        )
