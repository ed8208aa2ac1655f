"""The doctor says which model the tutor asks, what becomes of words there, and never a key."""

from domain.operations.findings import render
from domain.operations.tutor_findings import look_at_tutor
from domain.settings import load_settings

SECRET = "AIza-hidden"


def test_without_a_model() -> None:
    (found,) = look_at_tutor(load_settings())
    assert found.state == "note"
    assert "works without a model" in found.text


def test_a_key_that_may_be_trained_on_is_said() -> None:
    text = render(look_at_tutor(load_settings(gemini_api_key=SECRET)))
    assert "Google Gemini, STOA_GEMINI_API_KEY is set: gemini-" in text
    assert "may train on what learners write" in text
    assert "STOA_GEMINI_TRAINS_ON_CONTENT=false" in text
    assert "hidden" not in text
    assert "gemini-embedding-001. It gets the texts of all published" in " ".join(text.split())
    text = render(look_at_tutor(load_settings(gemini_api_key=SECRET, tutor_embedding_model="none")))
    assert "by their words alone" in " ".join(text.split())


def test_a_paid_key_and_a_server_of_ones_own() -> None:
    settings = load_settings(
        gemini_api_key=SECRET,
        gemini_trains_on_content=False,
        tutor_fallback_model="none",
        tutor_server_url="http://127.0.0.1:11434/v1",
        tutor_server_model="qwen",
        tutor_hearts=3,
    )
    found = look_at_tutor(settings)
    assert all(finding.state == "good" for finding in found)
    text = render(found)
    assert text.index("127.0.0.1:11434, without a key: qwen") < text.index("Google Gemini")
    assert "3 answers of a model" in text


def test_a_budget_of_nothing_is_noticed() -> None:
    found = look_at_tutor(load_settings(gemini_api_key=SECRET, tutor_day_tokens=0))
    assert "no model is ever asked" in found[-1].text
