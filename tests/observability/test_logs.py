"""The log says which event a line is about, and never a token or what somebody typed."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bots.conversation.dialogue import Actor, Command, File, Incoming, Place, Text, Upload
from bots.observability.logs import LEFT_OUT, JsonFormatter, TextFormatter, without_secrets
from bots.observability.request import Request, answering, current, note, private_words

TELEGRAM = "123456789:AAE" + "x" * 32
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde." + "y" * 38
ACTOR = Actor("discord", "1", "Ada")


@pytest.fixture
def heard() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own, and what it writes."""
    stream = io.StringIO()
    logger = logging.getLogger("tests.observability")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)


def write(logger: logging.Logger, form: logging.Formatter) -> None:
    """A fault whose traceback quotes what was typed."""
    logger.handlers[0].setFormatter(form)
    try:
        int("my secret diary")
    except ValueError:
        logger.exception("fault %s", "E-7K2F")


@pytest.mark.parametrize("form", [TextFormatter(), JsonFormatter()])
def test_a_fault_is_told_with_its_event_and_without_the_words(
    heard: tuple[logging.Logger, io.StringIO], form: logging.Formatter
):
    logger, stream = heard
    incoming = Incoming(
        "1", datetime.now(UTC), ACTOR, Place("private", "1"), Text("my secret diary")
    )
    with answering(Request("RQ7K2F", "discord", "text", private_words(incoming))):
        write(logger, form)
    said = stream.getvalue()
    assert "E-7K2F" in said
    assert "RQ7K2F" in said
    assert "ValueError" in said
    assert "secret diary" not in said.replace('int("my secret diary")', "")
    assert current() is None


def test_json_is_one_object_on_a_line(heard: tuple[logging.Logger, io.StringIO]):
    logger, stream = heard
    with answering(Request("RQ7K2F", "telegram", "learn")):
        write(logger, JsonFormatter())
    (line,) = stream.getvalue().splitlines()
    facts = json.loads(line)
    assert {key: facts[key] for key in ("level", "request", "door", "action")} == {
        "level": "error",
        "request": "RQ7K2F",
        "door": "telegram",
        "action": "learn",
    }
    assert datetime.fromisoformat(facts["at"]).tzinfo is not None


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"POST https://api.telegram.org/bot{TELEGRAM}/getMe failed", TELEGRAM),
        (f"Authorization: Bot {DISCORD}", DISCORD),
        ("postgresql://stoa:hunter2@db.example/stoa", "hunter2"),
        ("POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24 404", "aW50ZXJhY3Rpb24"),
        ("DETAIL:  Failing row contains (1, my answer is 42).", "my answer"),
    ],
)
def test_what_nobody_may_read_is_left_out(text: str, secret: str):
    shown = without_secrets(text)
    assert secret not in shown
    assert LEFT_OUT in shown


def test_all_that_a_person_wrote_is_kept_back():
    def words(action: Command | Upload) -> tuple[str, ...]:
        return private_words(Incoming("1", datetime.now(UTC), ACTOR, Place("private", "1"), action))

    assert without_secrets("note 'line two'", words(Command("save", "one\nline two"))) == (
        f"note '{LEFT_OUT}'"
    )
    upload = Upload((File("my_file.py", b""),), "see here")
    assert without_secrets("my_file.py: see here", words(upload)) == f"{LEFT_OUT}: {LEFT_OUT}"


def test_how_an_event_went_is_kept_by_the_event():
    note("fault")  # nobody's
    request = Request("1", "discord", "learn")
    with answering(request):
        note("refused")
    assert request.outcome == "refused"
