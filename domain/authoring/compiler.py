"""From the files of a course to a `Course`: pure, complete, all problems at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.authoring.achievements import OF_COURSE, read_achievements
from domain.authoring.achievements import PATH as ACHIEVEMENTS
from domain.authoring.cards import read_decks
from domain.authoring.challenges import read_challenge
from domain.authoring.checks import Found, check_course
from domain.authoring.coursefile import read_course_file
from domain.authoring.documents import Context
from domain.authoring.lessons import read_lesson, read_unit
from domain.authoring.markdown import is_short, rebase
from domain.authoring.media import read_media
from domain.authoring.models import Bank, Challenge, Course, Lesson, Quiz, Unit
from domain.authoring.problems import Problem, Problems, Spot
from domain.authoring.quizzes import ReadQuiz, read_bank, read_quiz
from domain.authoring.sources import Tree, bad_path, decode, is_content, tree_hash
from domain.authoring.summary import PATH, Entry, read_summary

MAX_DEPTH = 3
_TEXTS = (".md", ".yaml", ".csv", ".py", ".txt", ".html", ".css", ".js", ".json", ".toml")
_LINKED = (".md", ".csv", "challenge.yaml")
_COMMANDS = {"quiz": "/quiz", "challenge": "/code"}
_BARE = {PATH, "course.yaml", "cards/decks.yaml", ACHIEVEMENTS}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The outcome. `course` is None when there are errors; `hash` names the tree either way."""

    course: Course | None
    hash: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    places: dict[str, str]


def compile_course(tree: Tree, problems: Problems | None = None) -> Compiled:
    """Compile a course.

    Args:
        tree: path from the course's root, with '/', to the file's bytes.
        problems: what reading the files already found.
    """
    problems = problems or Problems()
    texts = dict(_texts(tree, problems))
    files = frozenset(path for path in tree if is_content(path))
    compiler = _Compiler(Context(texts, files, problems))
    course = compiler.course(tree)
    places = {key: path for key, (path, _) in compiler.found.items.items()}
    if "course.yaml" not in files:
        problems.error("course.yaml", 1, "this file is missing: is this the folder of a course?")
    finished = None if problems.errors else _with_links(course, texts, files, compiler.found)
    return Compiled(finished, tree_hash(tree), problems.errors, problems.warnings, places)


def _with_links(
    course: Course, texts: dict[str, str], files: frozenset[str], found: Found
) -> Course:
    """The course with links between files turned into words that a chat understands.

    The texts are rewritten and read again, so that no reader has to know about links.
    """
    commands = {
        path: f"{_COMMANDS[item.kind]} {item.slug}" if item.kind in _COMMANDS else ""
        for item, path in found.components.values()
    }
    linked = {
        path: rebase(text, path, commands) if path.endswith(_LINKED) and path != PATH else text
        for path, text in texts.items()
    }
    if linked != texts:
        again = _Compiler(Context(linked, files, Problems())).course({})
        course = again.model_copy(update={"media": course.media})
    return course


def _texts(tree: Tree, problems: Problems) -> Iterator[tuple[str, str]]:
    for path in sorted(tree):
        reason = bad_path(path)
        if reason is not None:
            problems.error(path.encode(errors="replace").decode(), 1, reason)
        elif is_content(path) and not path.startswith("media/"):
            if not path.endswith(_TEXTS):
                problems.error(path, 1, "this kind of file is kept in media/ only: move or remove")
            text = decode(path, tree[path], problems)
            markdown = path.endswith(".md")
            if text is not None and (not markdown or is_short(text, Spot(path, 1, problems))):
                yield path, text


class _Compiler:
    """Walks the outline, reads every file once, remembers what belongs to what."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.found = Found()
        self._used = set(_BARE)

    def course(self, tree: Tree) -> Course:
        context = self._context
        header = read_course_file(context)
        units = tuple(self._units(read_summary(context)))
        banks = tuple(
            bank for path in sorted(context.texts) if (bank := self._bank(path)) is not None
        )
        decks = read_decks(context)
        for deck in decks.decks:
            self.found.add_item(deck, decks.paths[deck.key])
            self._used.add(decks.paths[deck.key])
        media = read_media(tree, context) if tree else ()
        self._used |= {path for path in context.files if path.startswith("media/")}
        earned = read_achievements(context, (OF_COURSE,))
        parts = {"units": units, "banks": banks, "decks": decks.decks, "media": media}
        parts |= {"achievements": earned}
        course = Course.model_validate(header.values | parts)
        for path in sorted(context.files - self._used):
            context.spot(path).error(_unlisted(path))
        check_course(course, header, self.found, context)
        return course

    def _bank(self, path: str) -> Bank | None:
        if not (path.startswith("bank/") and path.endswith(".bank.md")):
            return None
        self._used.add(path)
        read = read_bank(path, self._context)
        self.found.add_bank(read.bank, path, read.placed)
        return read.bank

    def _units(self, entries: list[Entry], depth: int = 1) -> Iterator[Unit]:
        for entry in entries:
            if PurePosixPath(entry.path).name == "unit.md":
                yield self._unit(entry, depth)
            else:
                self._at(entry, "only units stand at the left: put this under a unit.md entry")
                list(self._items([entry], 1))

    def _unit(self, entry: Entry, depth: int) -> Unit:
        self._used.add(entry.path)
        unit = read_unit(entry.path, self._context)
        self._label(entry, unit.title)
        self.found.add_unit(unit, entry.path)
        if depth > MAX_DEPTH:
            self._at(entry, f"units are nested at most {MAX_DEPTH} deep: move it up")
        items: list[Unit | Lesson | Quiz | Challenge] = []
        for child in entry.children:
            if PurePosixPath(child.path).name == "unit.md":
                items.append(self._unit(child, depth + 1))
            else:
                items.extend(self._items([child], 1))
        return unit.model_copy(update={"items": tuple(items)})

    def _items(self, entries: list[Entry], depth: int) -> Iterator[Lesson | Quiz | Challenge]:
        for entry in entries:
            self._used.add(entry.path)
            name = PurePosixPath(entry.path).name
            if name == "challenge.yaml":
                yield self._challenge(entry)
            elif name.endswith(".quiz.md"):
                yield self._quiz(entry)
            elif name == "unit.md":
                self._at(entry, "a unit cannot stand under a lesson: move it to the left")
            elif name.endswith(".md"):
                yield self._lesson(entry, depth)
            else:
                self._at(
                    entry, "list lessons (.md), quizzes (.quiz.md) and challenges (challenge.yaml)"
                )

    def _lesson(self, entry: Entry, depth: int) -> Lesson:
        lesson = read_lesson(entry.path, self._context)
        self._label(entry, lesson.title)
        self.found.add_item(lesson, entry.path)
        if depth > MAX_DEPTH:
            self._at(entry, f"lessons are nested at most {MAX_DEPTH} deep: move it up")
        update: dict[str, object] = {}
        path = entry.path.removesuffix(".md") + ".quiz.md"
        if path in self._context.texts:
            self._used.add(path)
            read = self._read_quiz(path)
            update["quiz"] = read.quiz
        update["items"] = tuple(self._items(entry.children, depth + 1))
        return lesson.model_copy(update=update)

    def _quiz(self, entry: Entry) -> Quiz:
        lesson = entry.path.removesuffix(".quiz.md") + ".md"
        if lesson in self._context.texts:
            self._at(entry, f"this quiz belongs to {lesson} by its name: remove this line")
        read = self._read_quiz(entry.path)
        self._label(entry, read.quiz.title)
        self._leaf(entry)
        return read.quiz

    def _read_quiz(self, path: str) -> ReadQuiz:
        read = read_quiz(path, self._context)
        self.found.add_quiz(read, path)
        return read

    def _challenge(self, entry: Entry) -> Challenge:
        read = read_challenge(entry.path, self._context)
        self._used |= read.used
        self._label(entry, read.challenge.title)
        self.found.add_item(read.challenge, entry.path)
        self._leaf(entry)
        return read.challenge

    def _leaf(self, entry: Entry) -> None:
        for child in entry.children:
            self._at(child, "only units and lessons hold other entries: move it to the left")
            list(self._items([child], 1))

    def _label(self, entry: Entry, title: str) -> None:
        if title and entry.label.replace("\\", "") != title:
            message = f"the outline says '{entry.label}', {entry.path} says '{title}': use one"
            self._context.problems.warn(PATH, entry.line, message)

    def _at(self, entry: Entry, message: str) -> None:
        self._context.problems.error(PATH, entry.line, message)


def _unlisted(path: str) -> str:
    name = PurePosixPath(path).name
    if name == "unit.md" or name == "challenge.yaml" or name.endswith(".md"):
        return f"this file is not in {PATH}: list it there, or remove it"
    return "this file belongs to nothing in the course: remove it, or correct its name"
