"""What can only be seen when the whole course is read: ids, references, cycles, draws."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.authoring.coursefile import CourseFile
from domain.authoring.documents import Context
from domain.authoring.models import Bank, Challenge, Course, Draw, Item, Lesson, Question, Unit
from domain.authoring.problems import Spot, nearest
from domain.authoring.questions import Placed
from domain.authoring.quizzes import ReadQuiz

Place = tuple[str, int]


@dataclass(slots=True)
class Found:
    """Everything with an id, and where it stands; filled while files are read."""

    items: dict[str, Place] = field(default_factory=dict)
    repeated: list[tuple[str, Place, Place]] = field(default_factory=list)
    slugs: list[tuple[str, str, str]] = field(default_factory=list)
    questions: list[Placed] = field(default_factory=list)
    bank_questions: list[Question] = field(default_factory=list)
    banks: dict[str, Place] = field(default_factory=dict)
    components: dict[str, tuple[Item, str]] = field(default_factory=dict)
    units: dict[str, tuple[Unit, str]] = field(default_factory=dict)
    quizzes: list[tuple[ReadQuiz, str]] = field(default_factory=list)

    def add_item(self, item: Item, path: str) -> None:
        """A lesson, challenge, quiz or deck."""
        self._claim(self.items, item.key, (path, 1))
        self.slugs.append((item.slug, item.key, path))
        self.components.setdefault(item.key, (item, path))

    def add_unit(self, unit: Unit, path: str) -> None:
        """A unit."""
        self._claim(self.items, unit.key, (path, 1))
        self.units.setdefault(unit.key, (unit, path))

    def add_quiz(self, read: ReadQuiz, path: str) -> None:
        """A quiz with its questions."""
        self.add_item(read.quiz, path)
        self.quizzes.append((read, path))
        self.questions.extend(read.placed)

    def add_bank(self, bank: Bank, path: str, placed: Iterable[Placed]) -> None:
        """A bank with its questions."""
        self._claim(self.banks, bank.key, (path, 1))
        placed = tuple(placed)
        self.questions.extend(placed)
        self.bank_questions.extend(each.question for each in placed)

    def _claim(self, taken: dict[str, Place], key: str, place: Place) -> None:
        if key and key in taken:
            self.repeated.append((key, taken[key], place))
        taken.setdefault(key, place)


def check_course(course: Course, header: CourseFile, found: Found, context: Context) -> None:
    """Report every reference that leads nowhere and every id that is not unique."""
    _check_unique(found, context)
    _check_codes(course, found, context)
    _check_references(found, context)
    _check_draws(course, found, context)
    if len(header.fields.table("domains")) > 50:
        header.fields.spot("domains").error("a course has at most 50 domains: join some")


def _check_unique(found: Found, context: Context) -> None:
    for key, first, (path, line) in found.repeated:
        context.spot(path, line).error(
            f"the id '{key}' is used twice (first in {first[0]}:{first[1]}): change one"
        )
    slugs: dict[str, tuple[str, str]] = {}
    for slug, key, path in found.slugs:
        first_key, first_path = slugs.setdefault(slug, (key, path))
        if first_key != key:
            _where(context, path, "slug").error(
                f"the slug '{slug}' is used twice (first in {first_path}): change one"
            )
    questions: dict[str, Placed] = {}
    for placed in found.questions:
        first_placed = questions.setdefault(placed.question.key, placed)
        if first_placed is not placed:
            context.spot(placed.path, placed.line).error(
                f"the id '{placed.question.key}' is used twice "
                f"(first in {first_placed.path}:{first_placed.line}): change one"
            )


def _check_codes(course: Course, found: Found, context: Context) -> None:
    for placed in found.questions:
        spot = context.spot(placed.path, placed.line)
        _check_objectives(placed.question.objectives, course, spot)
        _check_domain(placed.question.domain, course, spot.at(placed.domain_line))
    for item, path in found.components.values():
        _check_objectives(item.objectives, course, _where(context, path, "objectives"))
    for unit, path in found.units.values():
        _check_domain(unit.domain, course, _where(context, path, "domain"))


def _check_objectives(codes: Iterable[str], course: Course, spot: Spot) -> None:
    for code in codes:
        if code not in course.objectives:
            spot.warn(f"objective '{code}' is not in course.yaml: add it there or correct it")


def _check_domain(code: str | None, course: Course, spot: Spot) -> None:
    if code is not None and code not in course.domains:
        spot.error(f"domain '{code}' is not under 'domains' in course.yaml: add it or correct it")


def _where(context: Context, path: str, key: str, word: str = "") -> Spot:
    """The line of a front-matter key, or of a word under it."""
    lines = context.texts.get(path, "").split("\n")
    start = next((n for n, row in enumerate(lines) if row.startswith(f"{key}:")), 0)
    for number in range(start, len(lines) if word else start):
        row = lines[number]
        if number > start and row[:1] not in {" ", "-"}:
            break
        if word in row:
            return context.spot(path, number + 1)
    return context.spot(path, start + 1)


def _check_references(found: Found, context: Context) -> None:
    keys = set(found.components)
    for item, path in found.components.values():
        for key in item.prerequisites:
            spot = _where(context, path, "prerequisites", key)
            if key not in keys:
                spot.error(f"there is no '{key}' in this course: {nearest(key, keys)}")
            elif key == item.key:
                spot.error("an item cannot require itself: remove it")
        lesson = item.lesson if isinstance(item, Challenge) else None
        _check_lesson(lesson, found, _where(context, path, "lesson"))
    for read, path in found.quizzes:
        _check_lesson(read.quiz.lesson, found, _where(context, path, "lesson"))
    _check_cycles(found, context)


def _check_lesson(key: str | None, found: Found, spot: Spot) -> None:
    if key is None:
        return
    lessons = {key for key, (item, _) in found.components.items() if isinstance(item, Lesson)}
    if key not in lessons:
        spot.error(f"there is no lesson '{key}': {nearest(key, lessons)}")


def _check_cycles(found: Found, context: Context) -> None:
    """Report each item from which following prerequisites leads back to itself."""
    edges = {
        key: [each for each in item.prerequisites if each in found.components and each != key]
        for key, (item, _) in found.components.items()
    }
    done: set[str] = set()
    for start in edges:
        trail: dict[str, int] = {}
        stack = [(start, iter(edges[start]))]
        trail[start] = 0
        while stack:
            key, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                trail.pop(key)
                done.add(key)
            elif following in trail:
                cycle = [name for name, _ in stack[trail[following] :]] + [following]
                path = found.components[key][1]
                _where(context, path, "prerequisites", following).error(
                    f"prerequisites form a circle ({' -> '.join(cycle)}): remove one of them"
                )
            elif following not in done:
                trail[following] = len(stack)
                stack.append((following, iter(edges[following])))


def _check_draws(course: Course, found: Found, context: Context) -> None:
    for read, path in found.quizzes:
        asked: set[tuple[str, int | None]] = set()
        for draw, line in read.draws:
            spot = context.spot(path, line)
            if (draw.domain, draw.level) in asked:
                spot.error("this domain and level is drawn twice: write it once with the sum")
            asked.add((draw.domain, draw.level))
            _check_domain(draw.domain, course, spot)
            there = sum(_fits(question, draw) for question in found.bank_questions)
            if there < draw.n:
                spot.error(f"draws {draw.n}, the banks hold {there}: write more or draw fewer")


def _fits(question: Question, draw: Draw) -> bool:
    return question.domain == draw.domain and draw.level in {None, question.level}
