"""Requests as bots send them: JSON, forms, forms with files. Refusals in Telegram's words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

Object = dict[str, Any]  # a JSON object of the Bot API

# Fields that are text whatever stands in them; everything else in a form is JSON.
_TEXTS = frozenset({
    "text", "caption", "callback_query_id", "file_id", "url", "secret_token", "parse_mode",
    "language_code", "name", "description", "short_description", "action", "title",
})  # fmt: skip


class ApiError(Exception):
    """The server refuses a request, in Telegram's words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str, **parameters: int) -> ApiError:
    """400, as Telegram words it."""
    return ApiError(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> ApiError:
    """403, as Telegram words it."""
    return ApiError(403, f"Forbidden: {description}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    name: str
    content: bytes
    mime: str


async def values_of(request: web.Request) -> Object:
    """The parameters of a request, with files in place of what refers to them.

    Raises:
        ApiError: the body cannot be read.
    """
    values: Object = {name: _read(name, text) for name, text in request.query.items()}
    try:
        if request.content_type == "application/json":
            body = await request.read()
            read = json.loads(body) if body else {}
            if not isinstance(read, dict):
                raise bad("object expected as parameters")
            return values | {name: _nested(name, one) for name, one in read.items()}
        if request.content_type == "multipart/form-data":
            return values | await _multipart(request)
        form = await request.post()
        return values | {name: _read(name, str(text)) for name, text in form.items()}
    except json.JSONDecodeError as error:
        raise bad(f"can't parse JSON encoded parameters: {error}") from error


async def _multipart(request: web.Request) -> Object:
    values: Object = {}
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name = part.name or ""
        content = bytes(await part.read())
        if part.filename is None:
            values[name] = _read(name, content.decode())
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[name] = Upload(part.filename, content, mime)
    used: set[str] = set()
    values = {name: _attached(one, files, used) for name, one in values.items()}
    return values | {name: file for name, file in files.items() if name not in used}


def _attached(value: object, files: Mapping[str, Upload], used: set[str]) -> object:
    """`attach://name` replaced by the file of that name."""
    if isinstance(value, str) and value.startswith("attach://"):
        name = value.removeprefix("attach://")
        if name in files:
            used.add(name)
            return files[name]
    if isinstance(value, list):
        return [_attached(one, files, used) for one in value]
    if isinstance(value, dict):
        return {name: _attached(one, files, used) for name, one in value.items()}
    return value


def _read(name: str, text: str) -> object:
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _nested(name: str, value: object) -> object:
    """Inside a JSON body, objects may be given as objects or as text that holds JSON."""
    return _read(name, value) if isinstance(value, str) else value
