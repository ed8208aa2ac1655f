"""Discord's own machine-readable description of its interface, as a judge of both sides.

`tests/data/discord-api/openapi.json` is cut from discord/discord-api-spec (MIT). Every request of
a bot and every answer of the loopback server is held against it. What is equal but for its texts
and numbers within a known shape is judged once.
"""

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012, Schema

from tests.platforms.discord.errors import Json

FILE = Path(__file__).parents[2] / "data" / "discord-api" / "openapi.json"
_URI = "urn:discord"
_KNOWN = 20_000


@functools.cache
def _document() -> Json:
    document: Json = json.loads(FILE.read_text())
    return document


@functools.cache
def _registry() -> "Registry[Schema]":
    resource: Resource[Schema] = DRAFT202012.create_resource(_document())
    registry: Registry[Schema] = Registry()
    found: Registry[Schema] = registry.with_resource(_URI, resource)
    return found


@functools.cache
def _routes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of paths, those without names in them first."""
    paths = sorted(_document()["paths"], key=lambda path: path.count("{"))
    return tuple(
        (
            re.compile(
                re.sub(r"\{\w+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))
            ),
            path,
        )
        for path in paths
    )


@functools.lru_cache(maxsize=512)
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=_registry())


def template_of(path: str) -> str | None:
    """The path of the document that a path of a request falls under."""
    return next((known for pattern, known in _routes() if pattern.fullmatch(path)), None)


def _pointer(*parts: str) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def judge_request(method: str, path: str, body: object, *, multipart: bool) -> str | None:
    """What is wrong with a request, or None.

    Args:
        method: of HTTP, in any case.
        path: below `/api/v10`.
        body: the JSON (`payload_json` of a form), or None.
        multipart: whether it came as a form with files.
    """
    template = template_of(path)
    if template is None or method.lower() not in _document()["paths"][template]:
        return f"{method} {path}: no such operation"
    operation = _document()["paths"][template][method.lower()]
    if "requestBody" not in operation:
        return None if body is None else f"{method} {template}: takes no body"
    if body is None:
        needed = operation["requestBody"].get("required", False)
        return f"{method} {template}: a body is required" if needed else None
    kind = "multipart/form-data" if multipart else "application/json"
    if kind not in operation["requestBody"]["content"]:
        return f"{method} {template}: not as {kind}"
    where = ("paths", template, method.lower(), "requestBody", "content", kind, "schema")
    return _judge(f"{method} {template}", _pointer(*where), _ids_as_text(body))


def judge_answer(method: str, path: str, status: int, body: object) -> str | None:
    """What is wrong with an answer of the server, or None; errors are not described."""
    template = template_of(path)
    if template is None or status >= 400:
        return None
    answers = _document()["paths"][template][method.lower()]["responses"]
    described = answers.get(str(status), answers.get("2XX"))
    if described is None:
        return f"{method} {template}: no answer {status} is described"
    if "content" not in described:
        return None if body is None else f"{method} {template}: {status} has no body"
    key = str(status) if str(status) in answers else "2XX"
    where = ("paths", template, method.lower(), "responses", key, "content")
    return _judge(
        f"{method} {template} → {status}", _pointer(*where, "application/json", "schema"), body
    )


def _ids_as_text(body: object) -> object:
    """The real interface takes an upload's number as a number too, and clients send it so."""
    if not isinstance(body, dict):
        return body
    changed: Json = dict(body)
    if isinstance(body.get("attachments"), list):
        changed["attachments"] = [one | {"id": str(one["id"])} for one in body["attachments"]]
    if isinstance(body.get("data"), dict):
        changed["data"] = _ids_as_text(body["data"])
    return changed


_judged: dict[tuple[str, str], str | None] = {}


def _judge(title: str, pointer: str, body: object) -> str | None:
    key = (pointer, json.dumps(_shape(body), separators=(",", ":")))
    if key not in _judged:
        if len(_judged) > _KNOWN:
            _judged.clear()
        error = best_match(_validator(pointer).iter_errors(body))
        _judged[key] = None if error is None else f"{title}: {_deepest(error)}"
    return _judged[key]


def _deepest(error: ValidationError) -> str:
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


_ID = re.compile(r"\d{15,20}")
_ROUND = (1, 32, 45, 80, 100, 150, 256, 512, 1024, 2000, 2048, 4000, 4096, 6000)


def _shape(value: object) -> object:
    """The value with texts and numbers only as far as a schema may tell them apart."""
    match value:
        case str() if _ID.fullmatch(value):
            return "id"
        case str() if len(value) > 24:
            return f"{next((most for most in _ROUND if len(value) <= most), len(value))}"
        case Mapping():
            return {key: _shape(one) for key, one in value.items()}
        case list():
            return [_shape(one) for one in value]
    return value
