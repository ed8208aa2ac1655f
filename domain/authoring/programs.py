"""The code of a challenge: starter and solution, read but not run."""

import ast
import re
import warnings

from domain.authoring.documents import Context
from domain.authoring.fields import Fields
from domain.syntax import parse

Programs = dict[str, str]
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


def read_programs(
    fields: Fields, folder: str, language: str, function: str, context: Context
) -> tuple[Programs, Programs]:
    """Read starter/ and solution/ and compare them with `files` of challenge.yaml.

    Args:
        fields: of challenge.yaml.
        folder: path of the challenge's folder.
        language: python or web.
        function: a name that both must define, or "".
        context: the course's files.
    """
    inner = Fields(fields.node("files"), fields.spot("files"), "'files'")
    starter = _part("starter", inner, folder, context)
    solution = _part("solution", inner, folder, context)
    inner.finish()
    for part, files in (("starter", starter), ("solution", solution)):
        if not files:
            fields.spot("files").error(
                f"the challenge has no {part}: write a file in {folder}/{part}/"
            )
        elif language == "python":
            _check_python(files, function, context, f"{folder}/{part}")
    for name in sorted(set(starter) - set(solution)):
        context.spot(f"{folder}/starter/{name}").error(
            f"the solution has no {name}: write {folder}/solution/{name} too"
        )
    return starter, solution


def _part(part: str, inner: Fields, folder: str, context: Context) -> Programs:
    prefix = f"{folder}/{part}/"
    files = {
        path.removeprefix(prefix): text
        for path, text in context.texts.items()
        if path.startswith(prefix)
    }
    listed = dict(inner.texts_with_lines(part))
    for name, line in listed.items():
        if name not in files:
            inner.spot(part).at(line).error(f"there is no {prefix}{name}: write it")
    for name in files:
        spot = context.spot(prefix + name)
        if not _FILE_NAME.fullmatch(name):
            spot.error("a file of a challenge has a plain name (letters, digits, _ - .), no folder")
        elif listed and name not in listed:
            spot.error(f"this file is not listed under files: {part}: list or remove it")
    return dict(sorted(files.items()))


def parse_python(text: str) -> ast.Module:
    """The syntax tree of a program; what Python only warns of is the author's business.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it holds a NUL character.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return parse(text)


def _check_python(files: Programs, function: str, context: Context, folder: str) -> None:
    defined: set[str] = set()
    for name, text in files.items():
        if not name.endswith(".py"):
            continue
        try:
            tree = parse_python(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = error.lineno if isinstance(error, SyntaxError) else 1
            context.spot(f"{folder}/{name}", line or 1).error(f"not valid Python: {error}")
            return
        defined |= _names(tree)
    if function and function not in defined:
        context.spot(f"{folder}/{min(files)}").error(
            f"there is no function '{function}' here: define it, or correct 'function'"
        )


def _names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names
