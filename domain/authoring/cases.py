"""tests/cases.yaml: the tests of a challenge, read for the grader that will run them."""

from collections.abc import Mapping as Map

from domain.authoring.documents import Context
from domain.authoring.fields import Fields, Json, bad_id, is_id, json_of
from domain.authoring.models import TestCase
from domain.authoring.page_tests import check_page_tests
from domain.authoring.problems import Spot, nearest
from domain.authoring.yaml_text import Mapping, Node, Sequence, parse_yaml
from domain.grading.tasks import COMMON, FIELDS, PAGE_FIELDS, TaskError, task_from_files

Where = tuple[str | int, ...]


def read_cases(
    folder: str, challenge: Map[str, Json], fields: Fields, context: Context
) -> tuple[TestCase, ...]:
    """Read the tests of the challenge in `folder`.

    Args:
        folder: path of the challenge's folder.
        challenge: what the grader wants to know of challenge.yaml: language, mode, function,
            points, limits, files.
        fields: challenge.yaml, to report what it lacks.
        context: the course's files.
    """
    path = f"{folder}/tests/cases.yaml"
    spot = context.spot(path)
    root = parse_yaml(context.texts.get(path, ""), spot)
    if not isinstance(root, Mapping) or not isinstance(_under(root, "cases"), Sequence):
        if root is not None or path not in context.texts or not context.texts[path].strip():
            spot.error("write the tests as a list under 'cases:'")
        return ()
    top = Fields(root, spot, "cases.yaml")
    nodes = top.items("cases")
    top.finish()
    language, mode = str(challenge["language"]), str(challenge["mode"])
    cases = [_case(node, mode, language, spot) for node in nodes]
    _check_keys(cases, nodes, spot)
    if language == "web":
        check_page_tests(cases, [spot.at(node.line) for node in nodes])
    prefix = f"{folder}/tests/"
    files = {
        name.removeprefix(prefix): text
        for name, text in context.texts.items()
        if name.startswith(prefix) and name.endswith(".py")
    }
    before = len(context.problems.found)
    try:
        task = task_from_files(challenge, {"cases": cases}, files)
    except TaskError as error:
        for problem in error.problems:
            message = f"{problem.message}: correct it"
            if problem.file == "challenge.yaml":
                fields.spot(str(problem.where[0])).error(message)
            elif problem.file == "tests/cases.yaml":
                line = _line(nodes, problem.where[1:], top.line("cases"))
                # A value that could not be read was reported where it stands.
                if len(context.problems.found) == before or problem.where[1:]:
                    spot.at(line).error(message)
            else:
                context.spot(f"{folder}/{problem.file}").error(message)
        return ()
    return tuple(
        TestCase.model_validate(
            {
                "key": test.key,
                "name": test.name,
                "points": test.points,
                "sample": test.is_sample,
                "spec": dict(test.spec),
            }
        )
        for test in task.tests
    )


def _under(root: Mapping, key: str) -> Node | None:
    return root.entries[key][1] if key in root.entries else None


def _case(node: Node, mode: str, language: str, spot: Spot) -> dict[str, Json]:
    if not isinstance(node, Mapping):
        spot.at(node.line).error("a test is written as 'id: ...', 'name: ...', 'points: ...' lines")
        return {}
    known = COMMON | (PAGE_FIELDS if language == "web" else FIELDS[mode])  # type: ignore[index]
    case: dict[str, Json] = {}
    for name, (key, value) in node.entries.items():
        if name in known:
            case[name] = json_of(value, spot)
        else:
            spot.at(key.line).error(f"'{name}' is not known in a test: {nearest(name, known)}")
    return case


def _check_keys(cases: list[dict[str, Json]], nodes: tuple[Node, ...], spot: Spot) -> None:
    seen: dict[str, int] = {}
    for case, node in zip(cases, nodes, strict=True):
        key = case.get("id")
        here = spot.at(_line((node,), (0, "id"), node.line))
        if not isinstance(key, str):
            continue
        if not is_id(key):
            here.error(bad_id(key))
        elif key in seen:
            here.error(f"the id '{key}' is used twice (first on line {seen[key]}): change one")
        else:
            seen[key] = here.line
        points = case.get("points")
        if isinstance(points, float):
            spot.at(_line((node,), (0, "points"), node.line)).error(
                "points are whole numbers: change them"
            )


def _line(nodes: tuple[Node, ...], where: Where, default: int) -> int:
    """The line of a value inside the list of cases; of its nearest ancestor when it is absent."""
    node: Node | None = Sequence(nodes, default)
    line = default
    for step in where:
        if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line = node.line
        elif isinstance(node, Mapping) and str(step) in node.entries:
            key, node = node.entries[str(step)]
            line = key.line
        else:
            break
    return line
