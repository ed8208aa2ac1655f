"""What Telegram's own specification allows: checks requests of bots, and our server's answers.

The specification is kept in `tests/data/telegram_api.json` (see `spec_short`). Without that file
nothing is checked against it, and the tests that need it are skipped by name.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.platforms.telegram.wire import Upload

PATH = Path(__file__).parents[2] / "data" / "telegram_api.json"
Fields = Mapping[str, Mapping[str, Any]]
_UNION = re.compile(r"Annotated\[(.*), Field\(")


@dataclass(frozen=True, slots=True)
class Spec:
    """The methods and types of one version of the Bot API."""

    version: str
    methods: Mapping[str, Mapping[str, Any]]
    types: Mapping[str, Mapping[str, Any]]

    def faults_of_request(self, method: str, values: Mapping[str, Any]) -> list[str]:
        """What a request does that the specification does not know."""
        known = self.methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        return list(self._fields(method, known["fields"], values))

    def faults_of_answer(self, method: str, value: object) -> list[str]:
        """How the result of a method is not of the type that it returns."""
        return self._best(method, self.methods[method]["returns"], value)

    def faults_of(self, name: str, value: object) -> list[str]:
        """How a value is not of a type."""
        return list(self._one(name, name, value))

    def _fields(self, path: str, fields: Fields, values: Mapping[str, Any]) -> Iterator[str]:
        for name in values.keys() - fields.keys():
            yield f"{path}.{name}: no such field"
        for name, field in fields.items():
            if name not in values:
                if field.get("required"):
                    yield f"{path}.{name}: missing"
                continue
            value = values[name]
            yield from self._best(f"{path}.{name}", field["types"], value)
            if "length" in field and isinstance(value, str):
                least, most, unit = field["length"]
                # Telegram counts what it calls characters in UTF-16 code units.
                size = (
                    len(value.encode()) if unit == "bytes" else len(value.encode("utf-16-le")) // 2
                )
                if not least <= size <= most:
                    yield f"{path}.{name}: {size} {unit}, not {least} to {most}"

    def _best(self, path: str, types: list[str], value: object) -> list[str]:
        """The faults under the type that fits best; none when one fits."""
        shortest: list[str] | None = None
        for name in types:
            found = list(self._one(path, name, value))
            if not found:
                return []
            if shortest is None or len(found) < len(shortest):
                shortest = found
        return shortest or []

    def _one(self, path: str, name: str, value: object) -> Iterator[str]:
        if isinstance(value, Upload):
            if name != "InputFile":
                yield f"{path}: a file is not {name}"
        elif name.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{path}: not a list"
                return
            for number, one in enumerate(value):
                yield from self._one(f"{path}[{number}]", name.removeprefix("Array of "), one)
        elif union := _UNION.match(name):
            yield from self._best(path, union[1].split(" | "), value)
        elif name in _PLAIN:
            if not _PLAIN[name](value):
                yield f"{path}: {type(value).__name__} is not {name}"
        elif (known := self.types.get(name)) is None:
            return  # a name that only the specification's maker knows
        elif known["subtypes"]:
            yield from self._best(path, known["subtypes"], value)
        elif not isinstance(value, dict):
            yield f"{path}: {type(value).__name__} is not {name}"
        else:
            yield from self._fields(path, known["fields"], value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_PLAIN = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": _is_number,
    "Boolean": lambda value: isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "datetime.datetime": _is_number,  # how aiogram's classes write an instant, and a span
    "datetime.timedelta": _is_number,
}


@cache
def load() -> Spec | None:
    """The specification, or None where it is not kept."""
    if not PATH.exists():
        return None
    read = json.loads(PATH.read_text(encoding="utf-8"))
    return Spec(read["version"], read["methods"], read["types"])
