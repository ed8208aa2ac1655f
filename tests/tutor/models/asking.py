"""What the tests of the models share: a request, and models that give up soon."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType

from domain.settings import load_settings
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tutor.models.protocol import (
    Delta,
    Exchange,
    Finish,
    ModelError,
    Part,
    Passage,
    Source,
    TutorRequest,
    Usage,
)
from tutor.models.router import Models
from tutor.models.trying import Patience

# Where nothing has to run out: longer than anything takes on a busy machine.
PATIENCE = Patience(whole=20.0, first=15.0, pause=0.01, longest_pause=0.5)
# Where silence is waited for: as short as can be.
SHORT = Patience(whole=1.5, first=1.0, pause=0.01, longest_pause=0.5)
# Where something comes first, and then silence.
MIDDLE = Patience(whole=2.0, first=2.0, pause=0.01, longest_pause=0.5)

REQUEST = TutorRequest(
    kind="hint_request",
    level=2,
    language="pl",
    text="Why does it fail?",
    item="Return the largest number of a list.",
    files={"main.py": "def largest(numbers):\n    return numbers[0]\n"},
    evidence=("largest([1, 2]) gave 1, wanted 2.",),
    passages=(Passage("L3.2", "Lists · Going through", "A for loop takes each item in turn."),),
    history=(Exchange("What is a list?", "Several values in order."),),
    conversation="0123456789abcdef",
)


@dataclass
class Heard:
    """What came out of one turn."""

    text: str = ""
    source: Source | None = None
    usage: Usage | None = None
    finish: Finish | None = None
    error: ModelError | None = None


@asynccontextmanager
async def models(
    server: LoopbackGemini,
    settings: Mapping[str, object] = MappingProxyType({}),
    patience: Patience = PATIENCE,
    now: Callable[[], float] | None = None,
) -> AsyncIterator[Models]:
    """The models as the settings make them, with another patience."""
    chosen = {"gemini_api_key": KEY, "gemini_api_url": server.url, **settings}
    made = Models.from_settings(load_settings(**chosen), patience=patience, now=now)
    try:
        yield made
    finally:
        await made.close()


def own_server(server: LoopbackGemini, **more: object) -> dict[str, object]:
    """Settings of the same service in OpenAI's form, without Gemini."""
    chosen: dict[str, object] = {
        "gemini_api_key": None,
        "tutor_server_url": server.openai_url,
        "tutor_server_model": "gemini-3.8-flash",
        "tutor_server_key": KEY,
    }
    return chosen | more


async def hear(made: Models, request: TutorRequest = REQUEST) -> Heard:
    """Take a whole turn, and what ended it."""
    heard = Heard()
    try:
        async for part in made.stream(request):
            take(heard, part)
    except ModelError as error:
        heard.error = error
    return heard


def take(heard: Heard, part: Part) -> None:
    """Put one part where it belongs."""
    match part:
        case Source():
            heard.source = part
        case Delta(text):
            heard.text += text
        case Usage():
            heard.usage = part
        case Finish():
            heard.finish = part
