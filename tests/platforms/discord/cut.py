r"""Cuts the document of `tests/data/discord-api` from Discord's own.

    python -m tests.platforms.discord.cut openapi.json "Cut from ..." \
        > tests/data/discord-api/openapi.json

The input is `specs/openapi.json` of github.com/discord/discord-api-spec. Kept are the operations
that a chat bot uses, with every schema they lead to and without descriptions, one a line.
"""

import json
import sys
from pathlib import Path

from tests.platforms.discord.errors import Json

_MESSAGES = "/webhooks/{webhook_id}/{webhook_token}/messages"
KEPT = {
    "/applications/{application_id}/commands": ("get", "put"),
    "/channels/{channel_id}": ("get", "patch", "delete"),
    "/channels/{channel_id}/messages": ("get", "post"),
    "/channels/{channel_id}/messages/{message_id}": ("get", "delete", "patch"),
    "/channels/{channel_id}/messages/{message_id}/threads": ("post",),
    "/channels/{channel_id}/thread-members/{user_id}": ("put",),
    "/channels/{channel_id}/threads": ("post",),
    "/channels/{channel_id}/typing": ("post",),
    "/gateway/bot": ("get",),
    "/interactions/{interaction_id}/{interaction_token}/callback": ("post",),
    "/oauth2/applications/@me": ("get",),
    "/users/@me": ("get",),
    "/users/@me/channels": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}": ("post",),
    f"{_MESSAGES}/@original": ("get", "delete", "patch"),
    f"{_MESSAGES}/{{message_id}}": ("get", "delete", "patch"),
}
_SCHEMA = "#/components/schemas/"
_LEFT_OUT = frozenset({"x-discord-union", "headers", "security"})


def cut(document: Json, note: str) -> Json:
    """The part of the document that is kept."""
    paths = {
        path: {verb: _operation(document["paths"][path][verb]) for verb in verbs}
        for path, verbs in KEPT.items()
    }
    schemas, waiting = {}, _named(paths)
    while waiting:
        name = waiting.pop()
        schemas[name] = _bare(document["components"]["schemas"][name])
        waiting |= _named(schemas[name]) - schemas.keys()
    return {
        "openapi": document["openapi"],
        "info": document["info"] | {"x-cut": note},
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _operation(operation: Json) -> Json:
    kept: Json = {"operationId": operation["operationId"]}
    if "requestBody" in operation:
        kept["requestBody"] = _bare(operation["requestBody"])
        kept["requestBody"]["content"].pop("application/x-www-form-urlencoded", None)
    answers = operation["responses"].items()
    kept["responses"] = {status: _bare(one) for status, one in answers if status.startswith("2")}
    kept["parameters"] = _bare(operation.get("parameters", []))
    return kept


def _bare(value):
    """Without descriptions; a property may be called "description", and is kept."""
    if isinstance(value, dict):
        return {
            name: _bare(one)
            for name, one in value.items()
            if name not in _LEFT_OUT and not (name == "description" and isinstance(one, str))
        }
    return [_bare(one) for one in value] if isinstance(value, list) else value


def _named(value: object) -> set[str]:
    """The schemas that something leads to."""
    if isinstance(value, dict):
        target = value.get("$ref")
        own = {target.removeprefix(_SCHEMA)} if isinstance(target, str) else set()
        return own.union(*map(_named, value.values()))
    return set().union(*map(_named, value)) if isinstance(value, list) else set()


def written(document: Json) -> str:
    """One path and one schema a line, so that a newer one can be compared."""

    def line(value: object) -> str:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def lines(values: Json) -> str:
        return ",\n".join(f"{line(name)}:{line(value)}" for name, value in values.items())

    return (
        f'{{"openapi":{line(document["openapi"])},\n"info":{line(document["info"])},\n'
        f'"paths":{{\n{lines(document["paths"])}\n}},\n'
        f'"components":{{"schemas":{{\n{lines(document["components"]["schemas"])}\n}}}}}}\n'
    )


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(written(cut(whole, " ".join(sys.argv[2:]))))
