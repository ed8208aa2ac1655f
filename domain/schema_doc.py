"""Writes docs/schema.md from the tables themselves: `python -m domain.schema_doc`."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml
from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

import domain
from domain.database import Base

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "schema.md"
SEEDS = ROOT / "docs" / "seed_columns.yaml"
NOT_STORED = "not stored: "
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_VIEW = re.compile(r"((?:^-- .*\n)*)^CREATE (MATERIALIZED )?VIEW (\w+)", re.MULTILINE)

OPENING = """\
# The schema

This page is made from the tables by `python -m domain.schema_doc`; a test compares the two.
Every table is described where it is defined, in `domain/<area>/tables.py` or in a `*_tables.py`
beside it. Rules that hold everywhere: keys are uuids (version 7), points in time are
`timestamptz`, scores and percentages are `numeric`, words from a fixed list are `text` with a
CHECK, and every foreign key has an index and a rule for deletion. Tables marked *monthly* are
partitioned by their uuid-7 `id`.
Row-level security is on wherever rows belong to one person.
"""
DELIBERATE = """\
## What is deliberately not stored

- **Passwords, their hashes, and a table of credentials.** Discord, Telegram and the terminal's
  own user authenticate people. `identities(provider, subject)` holds the platform's stable id
  and nothing secret. What is not stored cannot be stolen.
- **One role column on a person.** A role belongs to a person in a community
  (`memberships`); only `users.is_platform_admin` holds everywhere.
- **Learner skill from 0 to 1.** The model keeps a mean and a variance (double precision);
  `current_skill_level` and `confidence_score` are computed from them when read.
- **Arrays of ids** (prerequisites, question lists, objectives). They cannot have foreign keys;
  tables of pairs hold them.
- **IP addresses of chats.** Platforms do not tell them. The columns of the activity log and of
  issued tokens exist for web clients and are empty otherwise.
- **Separate HTML, CSS and JavaScript columns.** Files are `{path: text}`, so that Python and web
  challenges share one table.
- **Mastery from 0 to 5.** It is read from a card's stability.
"""


@dataclass(frozen=True, slots=True)
class Seed:
    """One of the first designs: for each of its tables, column -> home or reason."""

    name: str
    design: str
    tables: Mapping[str, Mapping[str, str]]


def load_tables() -> dict[str, list[Table]]:
    """Every mapped table by its area, in an order in which they could be made."""
    order = {}
    for package in pkgutil.iter_modules(domain.__path__):
        if package.ispkg and (Path(__file__).parent / package.name / "tables.py").exists():
            importlib.import_module(f"domain.{package.name}.tables")
    for place, table in enumerate(Base.metadata.sorted_tables):
        order[table.name] = place
    areas: dict[str, list[Table]] = {}
    for mapper in Base.registry.mappers:
        area = mapper.class_.__module__.split(".")[1]
        areas.setdefault(area, []).append(cast("Table", mapper.local_table))
    return {
        area: sorted(areas[area], key=lambda table: order[table.name]) for area in sorted(areas)
    }


def load_seeds(path: Path = SEEDS) -> list[Seed]:
    """The map of the first designs' columns."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Seed(name, seed["design"], seed["tables"]) for name, seed in content.items()]


def render(areas: Mapping[str, list[Table]], seeds: Iterable[Seed]) -> str:
    """The whole page."""
    parts = [OPENING, "## Overview\n", _overview(areas)]
    for area, tables in areas.items():
        parts += [f"## {area.capitalize()}\n", _meanings(tables), _picture(tables)]
    parts += ["## Views\n", _views(), DELIBERATE]
    parts += ["## Where the first designs live now\n", *map(_seed, seeds)]
    parts += ["## What a deletion does\n", _deletions(areas)]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _foreign_keys(tables: Iterable[Table]) -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    for table in tables:
        for key in sorted(table.foreign_key_constraints, key=lambda k: str(k.name)):
            yield table, key


def _overview(areas: Mapping[str, list[Table]]) -> str:
    home = {table.name: area for area, tables in areas.items() for table in tables}
    links: dict[tuple[str, str], int] = {}
    for area, tables in areas.items():
        for _, key in _foreign_keys(tables):
            other = home[key.referred_table.name]
            if other != area:
                links[area, other] = links.get((area, other), 0) + 1
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  {area}["{area}<br/>tables: {len(tables)}"]' for area, tables in areas.items()]
    lines += [f"  {low} -->|{count}| {high}" for (low, high), count in sorted(links.items())]
    return "\n".join([*lines, "```"])


def _meanings(tables: Iterable[Table]) -> str:
    meanings = {
        mapper.local_table: (mapper.class_.__doc__ or "").split("\n\n")[0]
        for mapper in Base.registry.mappers
    }
    lines = ["| Table | A row is |", "|---|---|"]
    for table in tables:
        monthly = " *(monthly)*" if table.dialect_options["postgresql"]["partition_by"] else ""
        lines.append(f"| `{table.name}`{monthly} | {' '.join(meanings[table].split())} |")
    return "\n".join(lines)


def _picture(tables: list[Table]) -> str:
    lines = ["```mermaid", "erDiagram"]
    for table, key in _foreign_keys(tables):
        names = [column.name for column in key.columns]
        parent = "|o" if any(column.nullable for column in key.columns) else "||"
        child = "o|" if _is_unique(table, names) else "o{"
        other = key.referred_table.name
        lines.append(f'  {other} {parent}--{child} {table.name} : "{", ".join(names)}"')
    for table in tables:
        lines += [f"  {table.name} {{", *map(_column, table.columns), "  }"]
    return "\n".join([*lines, "```"])


def _is_unique(table: Table, names: list[str]) -> bool:
    wanted = set(names)
    keys = [table.primary_key.columns.keys()] + [
        constraint.columns.keys()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    return any(set(key) <= wanted for key in keys)


def _column(column: Column[object]) -> str:
    kind = column.type.compile(dialect=_DIALECT).lower()
    kind = re.sub(r"\W+", "_", kind.replace("timestamp with time zone", "timestamptz")).strip("_")
    marks = [
        mark for mark, holds in (("PK", column.primary_key), ("FK", column.foreign_keys)) if holds
    ]
    return f"    {kind} {column.name} {', '.join(marks)}".rstrip()


def _views() -> str:
    lines = ["| View | What it shows |", "|---|---|"]
    for path in sorted((ROOT / "migrations" / "sql").glob("r*/*.sql")):
        for comment, stored, name in _VIEW.findall(path.read_text(encoding="utf-8")):
            words = " ".join(comment.replace("-- ", " ").split())
            kind = " *(stored)*" if stored else ""
            lines.append(f"| `{name}`{kind} | {words} |")
    return "\n".join(lines)


def _seed(seed: Seed) -> str:
    lines = [
        f"### {seed.name}: {seed.design}\n",
        "| Table | Lives in | Columns under other names |",
    ]
    lines.append("|---|---|---|")
    for table, columns in seed.tables.items():
        home = columns["*"]
        moved = [
            f"{column}: {target}" if target.startswith(NOT_STORED) else f"{column} → `{target}`"
            for column, target in columns.items()
            if column != "*" and target != f"{home}.{column}"
        ]
        lines.append(f"| {table} | `{home}` | {'; '.join(moved) or 'none'} |")
    return "\n".join([*lines, ""])


def _deletions(areas: Mapping[str, list[Table]]) -> str:
    lines = ["| When a row goes from | then in | by | |", "|---|---|---|---|"]
    rows = [
        (key.referred_table.name, table.name, ", ".join(c.name for c in key.columns), key.ondelete)
        for table, key in _foreign_keys(table for tables in areas.values() for table in tables)
    ]
    lines += [f"| `{other}` | `{name}` | {by} | {rule} |" for other, name, by, rule in sorted(rows)]
    return "\n".join(lines)


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(load_tables(), load_seeds()), encoding="utf-8")


if __name__ == "__main__":
    main()
