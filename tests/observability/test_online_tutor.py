"""`stoa doctor --online` asks each model's service once, and sends no prompt."""

from bots.observability.online_tutor import ask_models
from domain.operations.findings import Finding
from domain.settings import load_settings
from tests.platforms.gemini.server import KEY, MODEL, SMALL, LoopbackGemini


async def found(server: LoopbackGemini, **configured: object) -> list[Finding]:
    chosen: dict[str, object] = {"gemini_api_key": KEY, "gemini_api_url": server.url}
    return await ask_models(load_settings(**(chosen | configured)))


NO_VECTORS: dict[str, object] = {"tutor_fallback_model": "none", "tutor_embedding_model": "none"}


async def test_a_service_knows_both_models() -> None:
    async with LoopbackGemini() as server:
        one, two, vectors = await found(server)
        assert {one.state, two.state, vectors.state} == {"good"}
        assert MODEL in one.text
        assert SMALL in two.text
        assert "gemini-embedding-001" in vectors.text
        assert not server.asked
        own = {"tutor_server_url": server.openai_url, "tutor_server_model": MODEL}
        (own_one, *_) = await found(server, **own, tutor_server_key=KEY)
        assert own_one.state == "good"


async def test_a_wrong_key_or_model_or_address_is_a_problem_that_tells_no_key() -> None:
    async with LoopbackGemini() as server:
        findings = await found(server, gemini_api_key="AIza-hidden", **NO_VECTORS)
        findings += await found(server, tutor_model="no-such", **NO_VECTORS)
        findings += await found(
            server,
            gemini_api_key=None,
            gemini_api_url=None,
            tutor_server_url=server.openai_url,
            tutor_server_model="no-such",
            tutor_server_key=KEY,
        )
    findings += await found(server, **NO_VECTORS)  # nobody is there any more
    assert [finding.state for finding in findings] == ["problem"] * 4
    assert "API key not valid" in findings[0].text
    assert "no-such" in findings[1].text
    assert "no-such" in findings[2].text
    assert "no connection" in findings[3].text
    assert not any("hidden" in finding.text for finding in findings)
