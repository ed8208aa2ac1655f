"""The real SDK and the real router against a loopback Gemini: every fault ends well and in time."""

import asyncio
import json
import subprocess
import sys
from contextlib import aclosing
from dataclasses import replace

import aiohttp
import pytest

from tests.platforms.gemini.embedding import EMBEDDINGS
from tests.platforms.gemini.scenarios import (
    BAD_KEY,
    NO_BILLING,
    OVERLOADED,
    QUOTA,
    UNKNOWN_THINKING,
    UNREADABLE,
    Scenario,
)
from tests.platforms.gemini.server import ALIAS, KEY, MODEL, SMALL, LoopbackGemini
from tests.support.eventually import until
from tests.tutor.models.asking import (
    MIDDLE,
    PATIENCE,
    REQUEST,
    SHORT,
    hear,
    models,
    own_server,
)
from tutor.models.protocol import Blocked, Delta, ModelError, NoModel, Source
from tutor.models.trying import LONGEST

SPOKEN = Scenario().text
ALONE = {"tutor_fallback_model": "none"}
FORMS = ["gemini", "openai"]


def settings_of(form: str, server: LoopbackGemini) -> dict[str, object]:
    return dict(ALONE) if form == "gemini" else own_server(server)


@pytest.mark.parametrize("form", FORMS)
async def test_an_answer_comes_in_pieces_with_its_source_cost_and_end(
    gemini: LoopbackGemini, form: str
) -> None:
    gemini.plans(Scenario(thought="I know the answer."))
    async with models(gemini, settings_of(form, gemini)) as made:
        assert made.available
        heard = await hear(made)
    assert heard.text == SPOKEN
    assert heard.source is not None
    assert heard.source.model == MODEL
    assert heard.finish is not None
    assert heard.finish.reason == "stop"
    assert heard.usage is not None
    assert heard.usage.prompt > 100
    assert (heard.usage.output, heard.usage.thought, heard.usage.cached) == (len(SPOKEN) // 4, 7, 5)
    assert len(gemini.asked) == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("scenario", "requests", "says"),
    [
        (QUOTA, 1, "429"),
        (Scenario("error", status=429, reason="RESOURCE_EXHAUSTED", retry_s=40), 1, "429"),
        (OVERLOADED, 2, "503"),
        (Scenario("error", status=500, reason="INTERNAL"), 2, "500"),
        (UNREADABLE, 1, "400"),
        (Scenario("html", status=200), 2, "unreadable"),
        (Scenario("html", status=502), 2, "502"),
        (Scenario("hang"), 1, "in time"),
        (Scenario("stall", text=""), 1, "in time"),
        (Scenario("cut", text=""), 2, ""),
        (Scenario("unfinished", text=""), 2, "cut off"),
        (Scenario("error_inside", text=""), 2, "503"),
        (Scenario("blocked_prompt"), 1, "blocked"),
        (Scenario(text="", finish="SAFETY"), 1, "blocked"),
        (Scenario(text="", finish="MAX_TOKENS"), 2, "empty"),
        (Scenario("tool_call"), 2, "empty"),
        (Scenario("garbage"), 2, "unreadable"),
        (Scenario("not_utf8", text=""), 2, "unreadable"),
        (Scenario("no_candidates"), 2, "cut off"),
    ],
)
async def test_a_fault_before_the_first_word_ends_in_no_model(
    gemini: LoopbackGemini, form: str, scenario: Scenario, requests: int, says: str
) -> None:
    gemini.usual = scenario
    patience = SHORT if says == "in time" else PATIENCE
    async with asyncio.timeout(60), models(gemini, settings_of(form, gemini), patience) as made:
        heard = await hear(made)
    assert isinstance(heard.error, NoModel)
    assert says in heard.error.reason
    assert KEY not in heard.error.reason
    assert (heard.text, heard.finish) == ("", None)
    assert len(gemini.asked) == requests


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["stall", "cut", "unfinished", "error_inside", "not_utf8"])
async def test_a_fault_after_the_first_word_is_no_second_answer(
    gemini: LoopbackGemini, form: str, kind: str
) -> None:
    gemini.plans(Scenario(kind))  # type: ignore[arg-type]  # one of the kinds
    patience = MIDDLE if kind == "stall" else PATIENCE
    async with asyncio.timeout(60), models(gemini, settings_of(form, gemini), patience) as made:
        heard = await hear(made)
    assert isinstance(heard.error, ModelError)
    assert not isinstance(heard.error, NoModel)
    assert SPOKEN.startswith(heard.text)
    assert heard.text
    assert len(gemini.asked) == 1


@pytest.mark.parametrize("form", FORMS)
async def test_a_drip_that_takes_too_long_is_ended(gemini: LoopbackGemini, form: str) -> None:
    gemini.plans(Scenario(text="a b " * 50, pieces=100, pause_s=0.1))
    async with asyncio.timeout(60), models(gemini, settings_of(form, gemini), MIDDLE) as made:
        heard = await hear(made)
    assert heard.text.startswith("a b")
    assert "in time" in str(heard.error)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("finish", "reason"), [("SAFETY", "blocked"), ("MAX_TOKENS", "length")])
async def test_an_answer_may_end_for_other_reasons(
    gemini: LoopbackGemini, form: str, finish: str, reason: str
) -> None:
    gemini.plans(Scenario(finish=finish))
    async with models(gemini, settings_of(form, gemini)) as made:
        heard = await hear(made)
    assert heard.error is None
    assert heard.finish is not None
    assert heard.finish.reason == reason


@pytest.mark.parametrize("form", FORMS)
async def test_a_short_fault_is_tried_again(gemini: LoopbackGemini, form: str) -> None:
    gemini.plans(OVERLOADED)
    async with models(gemini, settings_of(form, gemini)) as made:
        assert (await hear(made)).text == SPOKEN
    assert [request.model for request in gemini.asked] == [MODEL, MODEL]


async def test_twice_overloaded_goes_to_the_second_model(gemini: LoopbackGemini) -> None:
    gemini.plans(OVERLOADED, OVERLOADED)
    async with models(gemini) as made:
        heard = await hear(made)
    assert heard.text == SPOKEN
    assert heard.source == Source(f"gemini:{gemini.url.removeprefix('http://')}", SMALL)
    assert [request.model for request in gemini.asked] == [MODEL, MODEL, SMALL]


async def test_a_short_wait_is_granted_a_long_one_is_not(gemini: LoopbackGemini) -> None:
    short = Scenario("error", status=429, reason="RESOURCE_EXHAUSTED", retry_s=0.2)
    long = Scenario("error", status=429, reason="RESOURCE_EXHAUSTED", retry_s=40)
    gemini.plans(short)
    async with models(gemini, ALONE) as made:
        assert (await hear(made)).text == SPOKEN
        gemini.plans(long)
        assert isinstance((await hear(made)).error, NoModel)
        heard = await hear(made)  # left alone, as it asked
        assert isinstance(heard.error, NoModel)
        assert "rests" in heard.error.reason
    assert len(gemini.asked) == 3


@pytest.mark.parametrize("scenario", [BAD_KEY, NO_BILLING])
async def test_a_wrong_key_is_not_tried_again_until_the_restart(
    gemini: LoopbackGemini, scenario: Scenario
) -> None:
    gemini.usual = scenario
    async with models(gemini, ALONE) as made:
        assert isinstance((await hear(made)).error, NoModel)
        assert not made.available
        assert isinstance((await hear(made)).error, NoModel)
    assert len(gemini.asked) == 1


async def test_the_wrong_key_of_a_real_request(gemini: LoopbackGemini) -> None:
    async with models(gemini, {"gemini_api_key": "AIza-wrong"}) as made:
        heard = await hear(made)
        assert "API key not valid" in str(heard.error)
        assert not made.available
    async with models(gemini, own_server(gemini, tutor_server_key="wrong")) as made:
        assert "401" in str((await hear(made)).error)
        assert not made.available


@pytest.mark.parametrize("form", FORMS)
async def test_a_model_that_does_not_exist(gemini: LoopbackGemini, form: str) -> None:
    wrong = {"tutor_model": "no-such"} if form == "gemini" else {"tutor_server_model": "no-such"}
    async with models(gemini, settings_of(form, gemini) | wrong) as made:
        heard = await hear(made)
        assert isinstance(heard.error, NoModel)
        assert "404" in heard.error.reason
        assert not made.available


async def test_the_first_model_does_not_exist_the_second_does(gemini: LoopbackGemini) -> None:
    async with models(gemini, {"tutor_model": "no-such"}) as made:
        heard = await hear(made)
        assert heard.source is not None
        assert heard.source.model == SMALL
        assert made.available


async def test_a_model_that_thinks_in_another_way_is_asked_without(gemini: LoopbackGemini) -> None:
    gemini.plans(UNKNOWN_THINKING)
    async with models(gemini, ALONE) as made:
        assert (await hear(made)).text == SPOKEN
    thinking = [r.body["generationConfig"].get("thinkingConfig") for r in gemini.asked]
    assert thinking == [{"thinking_level": "LOW"}, None]


async def test_a_name_that_only_the_older_api_knows_is_found_there(gemini: LoopbackGemini) -> None:
    alone = {**ALONE, "tutor_model": ALIAS}
    async with models(gemini, alone) as made:
        assert ALIAS in await made._lines[0].provider.ask_name(timeout_s=30)
    async with models(gemini, alone) as made:
        assert (await hear(made)).text == SPOKEN
        assert (await hear(made)).text == SPOKEN
    assert len(gemini.asked) == 3  # the first one finds out


async def test_a_field_that_the_api_does_not_know_is_sent_to_the_older_one(
    gemini: LoopbackGemini,
) -> None:
    message = 'Invalid JSON payload received. Unknown name "systemInstruction": Cannot find field.'
    gemini.plans(replace(UNREADABLE, message=message))
    async with models(gemini, ALONE) as made:
        assert (await hear(made)).text == SPOKEN
    assert len(gemini.asked) == 2


async def test_a_server_that_does_not_take_a_parameter_is_asked_without(
    gemini: LoopbackGemini,
) -> None:
    words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    gemini.plans(replace(UNREADABLE, message=words))
    async with models(gemini, own_server(gemini)) as made:
        assert (await hear(made)).text == SPOKEN
        gemini.plans(replace(UNREADABLE, message="stream_options is not supported"))
        assert (await hear(made)).text == SPOKEN
    first, second, *_, last = [set(request.body) for request in gemini.asked]
    assert "max_tokens" in first
    assert {"max_completion_tokens"} == second - first
    assert "stream_options" not in last


async def test_the_other_methods_of_the_loopback_speak_to_the_sdk(gemini: LoopbackGemini) -> None:
    """What is not used by the tutor yet: an answer at once, counting, embeddings."""
    from google.genai import client, types

    session = aiohttp.ClientSession()
    options = types.HttpOptions(base_url=gemini.url, aiohttp_client=session)
    asked = client.Client(api_key=KEY, vertexai=False, http_options=options)
    whole = await asked.aio.models.generate_content(model=MODEL, contents="Hello")
    assert whole.text == SPOKEN
    counted = await asked.aio.models.count_tokens(model=MODEL, contents="Hello " * 40)
    assert (counted.total_tokens or 0) > 50
    found = await asked.aio.models.embed_content(
        model=EMBEDDINGS[0],
        contents=[
            types.Content(parts=[types.Part(text=text)])
            for text in ("loops repeat", "a loop repeats: loops", "bread and butter")
        ],
        config=types.EmbedContentConfig(output_dimensionality=64),
    )
    one, two, three = [entry.values or [] for entry in found.embeddings or []]
    assert len(one) == 64
    near = sum(a * b for a, b in zip(one, two, strict=True))
    far = sum(a * b for a, b in zip(one, three, strict=True))
    assert near > far
    asked.close()
    await session.close()


@pytest.mark.parametrize("form", FORMS)
async def test_no_redirection_leads_the_words_elsewhere(gemini: LoopbackGemini, form: str) -> None:
    async with LoopbackGemini() as elsewhere:
        google = f"{elsewhere.url}/v1/models/{MODEL}:streamGenerateContent?alt=sse"
        to = google if form == "gemini" else f"{elsewhere.openai_url}/chat/completions"
        gemini.usual = Scenario("redirect", location=to)
        async with models(gemini, settings_of(form, gemini)) as made:
            heard = await hear(made)
        assert not elsewhere.requests
    assert isinstance(heard.error, NoModel)
    assert "307: it sends requests elsewhere" in heard.error.reason


@pytest.mark.parametrize("form", FORMS)
async def test_an_answer_without_an_end_is_not_read_on(gemini: LoopbackGemini, form: str) -> None:
    gemini.usual = Scenario(text="word " * 20_000, pieces=100)
    async with models(gemini, settings_of(form, gemini)) as made:
        heard = await hear(made)
    assert "without an end" in str(heard.error)
    assert len(heard.text) <= LONGEST


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ["gone", "https", "name", "proxy"])
async def test_no_way_leads_to_the_address(
    gemini: LoopbackGemini, form: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with LoopbackGemini() as gone:
        pass
    url = {"https": gemini.url.replace("http", "https"), "gone": gone.url}
    if address == "proxy":
        monkeypatch.setenv("http_proxy", gone.url)
    to = url.get(address, "http://no-such-host.invalid")
    changes: dict[str, object] = {"gemini_api_url": to}
    if form == "openai":
        changes = own_server(gone, tutor_server_url=to)
    async with asyncio.timeout(60), models(gone, changes) as made:
        heard = await hear(made)
    assert isinstance(heard.error, NoModel)
    reason = heard.error.reason
    assert "no connection" in reason or (address == "name" and "in time" in reason)


async def test_no_variable_of_the_library_leads_the_words_elsewhere(
    gemini: LoopbackGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("GOOGLE_API_KEY", "another")
    async with LoopbackGemini() as elsewhere:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", elsewhere.url)
        async with models(gemini, ALONE) as made:
            assert (await hear(made)).text == SPOKEN
        assert not elsewhere.requests
        # Without an address it is Google's own, which no test asks: the proxy refuses.
        monkeypatch.setenv("https_proxy", elsewhere.url)
        async with models(gemini, {**ALONE, "gemini_api_url": None}) as made:
            assert isinstance((await hear(made)).error, NoModel)
        assert not elsewhere.requests
    assert gemini.asked[0].headers["x-goog-api-key"] == KEY


async def test_no_model_is_configured() -> None:
    async with LoopbackGemini() as gemini, models(gemini, {"gemini_api_key": None}) as made:
        assert not made.available
        assert isinstance((await hear(made)).error, NoModel)


async def test_a_learner_who_stops_listening_closes_the_connection(
    gemini: LoopbackGemini,
) -> None:
    gemini.plans(Scenario("stall"))
    async with asyncio.timeout(60), models(gemini, ALONE) as made:
        async with aclosing(made.stream(REQUEST)) as parts:  # type: ignore[type-var]
            async for part in parts:
                if isinstance(part, Delta):
                    break
        await until(lambda: gemini.asked[0].is_closed)
        assert (await hear(made)).text == SPOKEN


async def test_cancelling_closes_the_connection(gemini: LoopbackGemini) -> None:
    gemini.plans(Scenario("hang"))
    async with asyncio.timeout(60), models(gemini, ALONE) as made:
        task = asyncio.create_task(hear(made))
        await until(lambda: bool(gemini.asked))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: gemini.asked[0].is_closed)


async def test_only_what_the_learner_agreed_to_is_asked(gemini: LoopbackGemini) -> None:
    both = own_server(gemini, gemini_api_key=KEY, gemini_api_url=gemini.url)
    async with models(gemini, both) as made:
        keys = {line.provider.name for line in made._lines}
        server = next(key for key in keys if key.startswith("server:"))
        texts = [part async for part in made.stream(REQUEST, allowed={server})]
        assert texts[0] == Source(server, MODEL)
        with pytest.raises(NoModel):
            _ = [part async for part in made.stream(REQUEST, allowed=set())]
    assert [request.method for request in gemini.asked] == ["chat"]


async def test_what_is_sent(gemini: LoopbackGemini) -> None:
    async with models(gemini, ALONE) as made:
        await hear(made)
    (sent,) = gemini.asked
    assert sent.headers["x-goog-api-key"] == KEY
    assert int(sent.headers["x-server-timeout"]) >= 10  # the service answers 500 to short ones
    assert KEY not in sent.text
    (system,) = sent.body["systemInstruction"]["parts"]
    assert "Language of the answer: pl" in system["text"]
    assert "Highest rung: 2" in system["text"]
    (content,) = sent.body["contents"]
    (part,) = content["parts"]
    first, *lines, last = part["text"].split("\n")
    assert (first.removeprefix("<"), last.removeprefix("</"))[0] == last.removeprefix("</")
    data = json.loads("\n".join(lines))
    assert data["learner_says"] == REQUEST.text
    assert data["learners_program"] == dict(REQUEST.files)
    assert "tools" not in sent.body


async def test_a_name_is_asked_for_without_a_prompt(gemini: LoopbackGemini) -> None:
    for chosen in (dict(ALONE), own_server(gemini)):
        async with models(gemini, chosen) as made:
            provider = made._lines[0].provider
            assert MODEL in await provider.ask_name(timeout_s=5)
    assert not gemini.asked


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, tutor.models.router; sys.exit('google.genai' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_a_blocked_question_is_not_carried_to_the_next_model(gemini: LoopbackGemini) -> None:
    gemini.plans(Scenario("blocked_prompt"))
    async with models(gemini) as made:
        heard = await hear(made)
    assert isinstance(heard.error, NoModel)
    assert isinstance(heard.error.__context__, Blocked)
    assert len(gemini.asked) == 1
