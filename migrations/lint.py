"""Finds steps of a migration that would break the running program or stop its writers.

The program of the day before still runs while a step is applied. So nothing it knows goes away or
changes its name, a new column is nullable or has a default, NOT NULL comes after a back-fill, and
an index on a table that is in use is made CONCURRENTLY.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from migrations.sql import statements

_MAKES = re.compile(r"create (?:table|materialized view) (?:if not exists )?(\w+)")
_INDEX = re.compile(r"create (?:unique )?index (concurrently )?(?:if not exists )?\w+ on (\w+)")
_ALTER = re.compile(r"alter table (?:only )?(?:if exists )?(\w+) (.*)", re.DOTALL)
_NOT_NULL = re.compile(r"alter (?:column )?\w+ set not null")
_ADD_COLUMN = re.compile(r"add column (?:if not exists )?(\w+ .*?)(?=, add |$)", re.DOTALL)
_OPERATIONS = {"drop_column", "add_column", "alter_column", "create_index", "rename_table"}


def problems(path: Path) -> list[str]:
    """What is wrong with the upgrade of one migration, in words; nothing when it is fine."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    upgrade = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    script = [
        " ".join(re.sub(r"--[^\n]*", "", text).lower().strip("; \n").split())
        for text in _sql(upgrade)
    ]
    made = {match[1] for text in script if (match := _MAKES.match(text))}
    filled: set[str] = set()
    found = [
        f"calls op.{name}: write the SQL, so that it can be judged"
        for name in _calls(upgrade) & _OPERATIONS
    ]
    for text in script:
        if match := re.match(r"update (\w+) set", text):
            filled.add(match[1])
        found += _judge(text, made, filled)
    return found


def _sql(upgrade: ast.FunctionDef) -> Iterator[str]:
    """Each statement, from the folders that are run and from the strings in the function."""
    for node in ast.walk(upgrade):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"r\d+[\w/]*", node.value):
                yield from statements(node.value)
            else:
                yield node.value


def _calls(upgrade: ast.FunctionDef) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(upgrade)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def _judge(text: str, made: set[str], filled: set[str]) -> Iterator[str]:
    if (index := _INDEX.match(text)) and not index[1] and index[2] not in made:
        yield f"makes an index on {index[2]} that stops its writers: use CONCURRENTLY"
    alter = _ALTER.match(text)
    if alter is None or alter[1] in made:
        return
    table, change = alter[1], alter[2]
    if re.search(
        r"\bdrop (column|(?!constraint|default|expression|identity|not null)\w+$)", change
    ):
        yield f"drops a column of {table}"
    if re.search(r"\brename\b", change):
        yield f"renames in {table}"
    for column in _ADD_COLUMN.findall(change):
        if "not null" in column and not re.search(r"\b(default|generated)\b", column):
            yield f"adds a NOT NULL column to {table} without a default"
    if _NOT_NULL.search(change) and table not in filled:
        yield f"sets NOT NULL on {table} without a back-fill"
