"""A flat course as the rows of the live tables, one list for each statement of `apply`."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from domain.authoring.models import Challenge, Course, Deck, Lesson, Quiz
from domain.authoring.outline import Outline, PlacedItem

Row = dict[str, object]


def content_hash(content: Mapping[str, object]) -> str:
    """SHA-256 over a content's JSON with sorted keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unit_rows(flat: Outline) -> list[Row]:
    """Rows of `units`."""
    return [
        {
            "key": placed.unit.key,
            "title": placed.unit.title,
            "description": placed.unit.text,
            "position": placed.position,
            "parent": placed.parent,
            "domain": placed.domain,
        }
        for placed in flat.units
    ]


def component_rows(flat: Outline) -> list[Row]:
    """Rows of `components`."""
    return [_component(placed) for placed in flat.items]


def _component(placed: PlacedItem) -> Row:
    item = placed.item
    return {
        "key": item.key,
        "slug": item.slug,
        "kind": item.kind,
        "title": item.title,
        "description": _description(item),
        "unit": placed.unit,
        "parent": placed.parent,
        "lesson": placed.lesson,
        "domain": placed.domain,
        "position": placed.position,
        "difficulty": item.level,
        "minutes": item.minutes,
        "points": _points(item),
        "required": item.required,
        "preview": isinstance(item, Lesson) and item.preview,
        "primary": placed.primary,
    }


def _description(item: Lesson | Quiz | Challenge | Deck) -> str:
    if isinstance(item, Quiz):
        return item.intro
    return item.summary if isinstance(item, Challenge) else ""


def _points(item: Lesson | Quiz | Challenge | Deck) -> int:
    if isinstance(item, Quiz):
        return sum(question.points for question in item.questions) + sum(d.n for d in item.draw)
    if isinstance(item, Deck):
        return 0
    return item.points or 0


def lesson_rows(flat: Outline) -> list[Row]:
    """Rows of `lessons` and `lesson_versions`."""
    return [
        {
            "key": item.key,
            "lesson_type": item.lesson_type,
            "url": item.url,
            "seconds": item.seconds,
            "pages": list(item.pages),
            "hash": content_hash({"pages": item.pages}),
        }
        for item in (placed.item for placed in flat.items)
        if isinstance(item, Lesson)
    ]


def challenge_rows(flat: Outline) -> list[Row]:
    """Rows of `challenges`, `challenge_versions` and, inside, `challenge_tests`."""
    rows: list[Row] = []
    for item in (placed.item for placed in flat.items):
        if isinstance(item, Challenge):
            content: Row = {
                "title": item.title,
                "summary": item.summary,
                "context": item.context,
                "instructions": item.instructions,
                "starter": item.starter,
                "solution": item.solution,
                "language": item.language,
                "mode": item.mode,
                "function": item.function or None,
                "main": item.main,
                "limits": item.limits.model_dump(),
                "show_hidden": item.show_hidden,
                "tutor_notes": item.tutor_notes,
                "tests": [
                    {"position": position, **test.model_dump(mode="json")}
                    for position, test in enumerate(item.tests)
                ],
            }
            rows.append({"key": item.key, "hash": content_hash(content), **content})
    return rows


def hint_rows(flat: Outline) -> list[Row]:
    """Rows of `hints`."""
    return [
        {"key": item.key, "position": position, **hint.model_dump()}
        for item in (placed.item for placed in flat.items)
        if isinstance(item, Challenge)
        for position, hint in enumerate(item.hints)
    ]


def question_rows(flat: Outline) -> list[Row]:
    """Rows of `question_bank` and `question_versions`."""
    rows: list[Row] = []
    for question in flat.questions:
        content: Row = {
            "prompt": question.prompt,
            "data": question.data,
            "answer": question.answer,
            "explanation": question.explanation,
            "hints": list(question.hints),
            "points": question.points,
        }
        rows.append(
            {
                "key": question.key,
                "kind": question.kind,
                "difficulty": question.level,
                "domain": question.domain,
                "hash": content_hash(content),
                **content,
            }
        )
    return rows


def assessment_rows(flat: Outline) -> list[Row]:
    """Rows of `assessments`."""
    return [
        {
            "key": quiz.key,
            "assessment_type": quiz.mode,
            "difficulty": quiz.level,
            "pass": quiz.pass_percent,
            "seconds": quiz.time * 60 if quiz.time else None,
            "attempts": quiz.attempts,
            "shuffle_questions": quiz.shuffle_questions,
            "shuffle_options": quiz.shuffle_options,
            "reveal": quiz.show,
            "draw": [draw.model_dump(exclude_none=True) for draw in quiz.draw],
        }
        for quiz in _quizzes(flat)
    ]


def asked_rows(flat: Outline) -> list[Row]:
    """Rows of `assessment_questions`."""
    return [
        {"quiz": quiz.key, "question": question.key, "position": position}
        for quiz in _quizzes(flat)
        for position, question in enumerate(quiz.questions)
    ]


def _quizzes(flat: Outline) -> Sequence[Quiz]:
    return [placed.item for placed in flat.items if isinstance(placed.item, Quiz)]


def prerequisite_rows(flat: Outline) -> list[Row]:
    """Rows of `component_prerequisites`."""
    return [
        {"key": placed.item.key, "requires": key}
        for placed in flat.items
        for key in placed.item.prerequisites
    ]


def objective_rows(course: Course) -> list[Row]:
    """Rows of `objectives`; the domain is the one whose code begins like the objective's."""
    return [
        {"code": code, "text": text, "domain": _domain_of(code, course.domains)}
        for code, text in course.objectives.items()
    ]


def _domain_of(code: str, domains: Mapping[str, str]) -> str | None:
    if code in domains:
        return code
    head = code.split(".")[0]
    return next((domain for domain in (head, f"{head}.0") if domain in domains), None)


def item_objective_rows(flat: Outline) -> list[Row]:
    """Rows of `component_objectives`."""
    return [
        {"key": placed.item.key, "code": code}
        for placed in flat.items
        for code in placed.item.objectives
    ]


def question_objective_rows(flat: Outline) -> list[Row]:
    """Rows of `question_objectives`."""
    return [
        {"key": question.key, "code": code}
        for question in flat.questions
        for code in question.objectives
    ]


def deck_rows(flat: Outline) -> list[Row]:
    """Rows of `flashcard_sets`."""
    return [
        {"key": placed.item.key, "title": placed.item.title}
        for placed in flat.items
        if isinstance(placed.item, Deck)
    ]


def card_rows(flat: Outline) -> list[Row]:
    """Rows of `flashcards`."""
    return [
        {"deck": placed.item.key, "position": position, **card.model_dump(mode="json")}
        for placed in flat.items
        if isinstance(placed.item, Deck)
        for position, card in enumerate(placed.item.cards)
    ]


def media_rows(course: Course) -> list[Row]:
    """Rows of `media`."""
    kinds = {"image", "audio", "video"}
    return [
        {
            "path": medium.path,
            "kind": kind if (kind := medium.content_type.split("/")[0]) in kinds else "file",
            "mime_type": medium.content_type,
            "alt": medium.alt,
            "content": medium.content,
            "hash": hashlib.sha256(medium.content.encode()).hexdigest(),
        }
        for medium in course.media
    ]
