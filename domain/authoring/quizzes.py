"""Quiz files and question banks."""

from dataclasses import dataclass

from domain.authoring.documents import Context, read_document
from domain.authoring.fields import Fields
from domain.authoring.lessons import read_common
from domain.authoring.models import Bank, Draw, Quiz
from domain.authoring.problems import Spot
from domain.authoring.questions import Placed, read_questions
from domain.authoring.yaml_text import Node

MODES = ("practice", "graded", "exam")
SHOW = ("after_question", "after_submit", "never")
SHUFFLE = ("questions", "options")


@dataclass(frozen=True, slots=True)
class ReadQuiz:
    """A quiz with the places of its questions and draws, for the checks across files."""

    quiz: Quiz
    placed: tuple[Placed, ...]
    draws: tuple[tuple[Draw, int], ...]


@dataclass(frozen=True, slots=True)
class ReadBank:
    """A bank with the places of its questions."""

    bank: Bank
    placed: tuple[Placed, ...]


def read_quiz(path: str, context: Context) -> ReadQuiz:
    """Compile one *.quiz.md file."""
    document = read_document(path, context, "a quiz")
    fields = document.fields
    spot = context.spot(path, document.body_line)
    intro, placed = read_questions(document.body, spot, context)
    draws = tuple(_draws(fields))
    asked = len(placed) + sum(draw.n for draw, _ in draws)
    if not asked:
        context.spot(path).error("the quiz asks nothing: write a question or add 'draw'")
    time = fields.integer("time", 1, 600)
    common = read_common(fields, minutes=time or max(1, asked))
    mode = fields.choice("kind", MODES, "practice")
    shuffle = _shuffle(fields)
    quiz = Quiz.model_validate(
        common
        | {
            "mode": mode,
            "intro": intro,
            "pass_percent": fields.integer("pass", 0, 100, 70),
            "time": time,
            "attempts": fields.integer("attempts", 1, 100),
            "shuffle_questions": "questions" in shuffle,
            "shuffle_options": "options" in shuffle,
            "show": fields.choice("show", SHOW, "never" if mode == "exam" else "after_question"),
            "draw": tuple(draw for draw, _ in draws),
            "questions": tuple(each.question for each in placed),
            "lesson": fields.text("lesson") or None,
        }
    )
    fields.finish()
    return ReadQuiz(quiz, tuple(placed), draws)


def _shuffle(fields: Fields) -> tuple[str, ...]:
    words = fields.texts_with_lines("shuffle")
    for word, line in words:
        if word not in SHUFFLE:
            fields.spot("shuffle").at(line).error(
                f"'{word}' cannot be shuffled: write [questions, options], or one of them"
            )
    return tuple(word for word, _ in words)


def _draws(fields: Fields) -> list[tuple[Draw, int]]:
    draws: list[tuple[Draw, int]] = []
    for node in fields.items("draw"):
        entry = _entry(node, fields.spot("draw"))
        count = entry.integer("n", 1, 500, required=True)
        draw = Draw(
            domain=entry.text("domain", required=True),
            level=entry.integer("level", 1, 5),
            n=count or 1,
        )
        entry.finish()
        draws.append((draw, node.line))
    return draws


def _entry(node: Node, spot: Spot) -> Fields:
    return Fields(node, spot.at(node.line), "an entry of 'draw'")


def read_bank(path: str, context: Context) -> ReadBank:
    """Compile one *.bank.md file."""
    document = read_document(path, context, "a bank")
    fields = document.fields
    key = fields.identifier()
    title = fields.text("title", limit=80)
    code = fields.text("domain")
    domain = (code, fields.line("domain")) if code else None
    level = fields.integer("level", 1, 5)
    fields.finish()
    spot = context.spot(path, document.body_line)
    _, placed = read_questions(document.body, spot, context, domain=domain, level=level)
    if not placed:
        context.spot(path).error("the bank has no questions: write one, or remove the file")
    bank = Bank(key=key, title=title, questions=tuple(each.question for each in placed))
    return ReadBank(bank, tuple(placed))
