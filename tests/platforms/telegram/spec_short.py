"""Makes the short form of the Bot API's specification that the tests keep.

    python -m tests.platforms.telegram.spec_short FULL.json > tests/data/telegram_api.json

The full form is what PaulSonOfLars/telegram-bot-api-spec publishes and aiogram's schema can be
written as: every method and type with its fields, in the words of core.telegram.org/bots/api.
Descriptions are left out; of them only the lengths stay ("1-4096 characters", "1-64 bytes").
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")
# Where the derivation from aiogram's classes went wrong; core.telegram.org/bots/api has it so.
_MENDED = {
    ("InaccessibleMessage", "date"): ["Integer"],
    ("ForceReply", "force_reply"): ["Boolean"],
    ("ReplyKeyboardRemove", "remove_keyboard"): ["Boolean"],
}


def shortened(full: Mapping[str, Any]) -> dict[str, Any]:
    """The short form: for each field whether it is required, its types, and its length."""
    return {
        "version": full["version"],
        "methods": {
            name: {"returns": entry["returns"], "fields": _fields(name, entry)}
            for name, entry in sorted(full["methods"].items())
        },
        "types": {
            name: {"fields": _fields(name, entry), "subtypes": entry.get("subtypes") or []}
            for name, entry in sorted(full["types"].items())
        },
    }


def _fields(owner: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    fields = {}
    for field in entry.get("fields") or ():
        short: dict[str, Any] = {"types": _MENDED.get((owner, field["name"]), field["types"])}
        if field["required"]:
            short["required"] = True
        if found := _LENGTH.search(field["description"]):
            short["length"] = [int(found[1]), int(found[2]), found[3]]
        fields[field["name"]] = short
    return fields


def written(short: Mapping[str, Any]) -> Iterable[str]:
    """JSON with a line for each method and each type, so that a change shows."""
    yield f'{{"version": {json.dumps(short["version"])},\n'
    for part, end in (("methods", ",\n"), ("types", "}\n")):
        lines = [
            f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}"
            for name, entry in short[part].items()
        ]
        yield f'"{part}": {{\n' + ",\n".join(lines) + "}" + end


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("full", type=Path)
    full = json.loads(parser.parse_args().full.read_text(encoding="utf-8"))
    sys.stdout.writelines(written(shortened(full)))


if __name__ == "__main__":
    main()
