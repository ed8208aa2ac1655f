"""A challenge folder: challenge.yaml, instructions, starter, solution, tests, hints."""

import keyword
from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.authoring.cases import read_cases
from domain.authoring.documents import Context, read_yaml_file
from domain.authoring.fields import Fields, Json
from domain.authoring.lessons import read_common
from domain.authoring.markdown import check_markdown
from domain.authoring.models import Challenge, Hint, Limits
from domain.authoring.programs import read_programs

LANGUAGES = ("python", "web")
MODES = ("call", "stdin", "assert", "checker")
INSTRUCTIONS_LIMIT = 3_000


@dataclass(frozen=True, slots=True)
class ReadChallenge:
    """A challenge and the files that belong to it."""

    challenge: Challenge
    used: frozenset[str]


def read_challenge(path: str, context: Context) -> ReadChallenge:
    """Compile one challenge folder; `path` is its challenge.yaml."""
    folder = str(PurePosixPath(path).parent)
    fields = read_yaml_file(path, context, "a challenge")
    common = read_common(fields)
    fields.node("level", required=True)
    language = fields.choice("language", LANGUAGES)
    mode = fields.choice("mode", MODES, "assert" if language == "web" else None)
    points = fields.integer("points", 1, 10_000, required=True) or 1
    function = _function(fields, mode)
    starter, solution = read_programs(fields, folder, language, function, context)
    if language == "web" and starter and "index.html" not in starter:
        fields.spot("files").error(
            f"a web page starts at index.html: write one in {folder}/starter/"
        )
    limits = _limits(fields)
    names = fields.texts_in("files", "starter") or tuple(sorted(starter))
    graded: dict[str, Json] = {
        "language": language,
        "mode": mode,
        "function": function,
        "points": points,
        "limits": {"time_s": limits.time_s, "memory_mb": limits.memory_mb},
        "files": {"starter": list(names)},
    }
    tests = read_cases(folder, graded, fields, context) if starter else ()
    challenge = Challenge.model_validate(
        common
        | {
            "language": language,
            "mode": mode,
            "function": function,
            "main": "index.html" if language == "web" else names[0] if names else "main.py",
            "points": points,
            "summary": fields.text("summary", limit=300),
            "context": fields.text("context", limit=1_000),
            "instructions": _instructions(folder, context),
            "limits": limits,
            "starter": starter,
            "solution": solution,
            "show_hidden": fields.choice("show_hidden", ("name", "full"), "name"),
            "hints": _hints(fields, points, context),
            "tutor_notes": fields.text("tutor_notes", limit=4_000),
            "tests": tests,
            "lesson": fields.text("lesson") or None,
        }
    )
    fields.finish()
    used = {path, f"{folder}/instructions.md", f"{folder}/tests/cases.yaml"}
    used |= {f"{folder}/starter/{name}" for name in starter}
    used |= {f"{folder}/solution/{name}" for name in solution}
    used |= {name for name in context.texts if name.startswith(f"{folder}/tests/")}
    return ReadChallenge(challenge, frozenset(used))


def _function(fields: Fields, mode: str) -> str:
    function = fields.text("function", required=mode == "call")
    if function and (not function.isidentifier() or keyword.iskeyword(function)):
        fields.spot("function").error(f"'{function}' cannot be a function's name: correct it")
    if function and mode not in {"call", "checker"}:
        fields.spot("function").error("'function' is for the modes call and checker: remove it")
    return function


def _instructions(folder: str, context: Context) -> str:
    path = f"{folder}/instructions.md"
    text = context.texts.get(path, "")
    spot = context.spot(path)
    if not text.strip():
        spot.error("the instructions are missing: write this file")
    if len(text.strip()) > INSTRUCTIONS_LIMIT:
        spot.error(f"the instructions have at most {INSTRUCTIONS_LIMIT:,} characters: shorten them")
    check_markdown(text, spot, context.files)
    return text.strip()


def _limits(fields: Fields) -> Limits:
    node = fields.node("limits")
    if node is None:
        return Limits()
    inner = Fields(node, fields.spot("limits"), "'limits'")
    limits = Limits(
        time_s=inner.number("time_s", 0.05, 30, 2.0),
        memory_mb=inner.integer("memory_mb", 8, 1_024, 64) or 64,
    )
    inner.finish()
    return limits


def _hints(fields: Fields, points: int, context: Context) -> tuple[Hint, ...]:
    hints: list[Hint] = []
    for node in fields.items("hints"):
        spot = fields.spot("hints").at(node.line)
        inner = Fields(node, spot, "a hint")
        text = inner.text("text", required=True, limit=1_000)
        check_markdown(text, inner.spot("text"), context.files)
        hint = Hint(
            text=text,
            cost=inner.integer("cost", 0, points, 0) or 0,
            after_attempts=inner.integer("after_attempts", 0, 100, 0) or 0,
            after_minutes=inner.integer("after_minutes", 0, 1_440, 0) or 0,
        )
        inner.finish()
        hints.append(hint)
    if sum(hint.cost for hint in hints) > points:
        fields.spot("hints").error(
            f"the hints cost more than the {points} points of the challenge: lower their cost"
        )
    return tuple(hints)
