"""Logs: a line for people or a JSON object, with the event's id, without secrets and words typed.

A traceback may quote what a learner wrote, a platform's address holds the bot's token, and the
database's details show rows. All of it is taken out here, whoever logged it.
"""

import json
import logging
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, TextIO

from bots.observability.request import current

Format = Literal["text", "json"]

LEFT_OUT = "[left out]"
SHORTEST_KEPT_BACK = 3  # characters; shorter words typed would cut up the whole line
_TOKENS = re.compile(
    r"\d{6,}:[A-Za-z0-9_-]{30,}"  # Telegram: id:secret
    r"|[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}"  # Discord
    r"|(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"  # user:password@ of an address
    r"|(?i:(?<=Bot )|(?<=Bearer ))[A-Za-z0-9._-]{20,}"
)
# PostgreSQL's details quote the row that broke a rule; an interaction's token is in its address.
_DETAIL = re.compile(r"^DETAIL: .*$", re.MULTILINE)
_INTERACTION = re.compile(r"(?<=/webhooks/)(\d+)/[^/\s?'\"]+|(?<=/interactions/)(\d+)/[^/\s?'\"]+")


def without_secrets(text: str, private: Sequence[str] = ()) -> str:
    """A text without tokens, passwords, quoted rows and what a person typed."""
    text = _TOKENS.sub(LEFT_OUT, text)
    text = _INTERACTION.sub(lambda found: f"{found[1] or found[2]}/{LEFT_OUT}", text)
    text = _DETAIL.sub(f"DETAIL: {LEFT_OUT}", text)
    for words in sorted(set(private), key=len, reverse=True):
        for form in {words.strip(), repr(words.strip())[1:-1]}:
            if len(form) >= SHORTEST_KEPT_BACK:
                text = text.replace(form, LEFT_OUT)
    return text


class TextFormatter(logging.Formatter):
    """A readable line; the event's id stands before the message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(name)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        request = current()
        line = super().format(record)
        if request is not None:
            first, end, rest = line.partition("\n")
            line = f"{first} [{request.id} {request.door} {request.action}]{end}{rest}"
        return without_secrets(line, request.private if request else ())


class JsonFormatter(logging.Formatter):
    """One JSON object on a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The object of a record."""
        request = current()
        private = request.private if request else ()
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage(), private),
        }
        if request is not None:
            facts |= {"request": request.id, "door": request.door, "action": request.action}
        if record.exc_info:
            facts["trace"] = without_secrets(self.formatException(record.exc_info), private)
        return json.dumps(facts, ensure_ascii=False)


def configure(
    form: Format = "text", *, verbose: bool = False, stream: TextIO | None = None
) -> None:
    """Log to standard error: warnings and worse, or with `verbose` also what happens.

    Args:
        form: "json" for machines, "text" for people.
        verbose: log what happens, too.
        stream: instead of standard error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, handlers=[handler], force=True
    )
