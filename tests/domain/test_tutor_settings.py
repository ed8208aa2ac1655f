"""The tutor's settings: what they lead to, and what is refused in which words."""

import pytest

from domain.settings import ConfigurationError, load_settings
from domain.tutor_settings import is_own_network
from domain.tutoring.budgets import Limits
from domain.tutoring.destinations import Destination, destinations, searcher

SERVER = {"tutor_server_url": "http://localhost:11434/v1/", "tutor_server_model": "qwen"}


def test_nothing_is_asked_unless_it_is_configured() -> None:
    assert destinations(load_settings()) == ()
    assert Limits.from_settings(load_settings()) == Limits()  # documented once, kept once


def test_a_key_is_enough_for_gemini_and_trains_until_said_otherwise() -> None:
    (found,) = destinations(load_settings(gemini_api_key=" AIza-x \n"))
    assert found == Destination(
        "gemini",
        "Google Gemini",
        "gemini",
        ("gemini-3.8-flash", "gemini-3.5-flash-lite"),
        trains=True,
        embedding="gemini-embedding-001",
    )


def test_another_address_is_another_destination() -> None:
    settings = load_settings(
        gemini_api_key="k",
        gemini_api_url="https://proxy.example/gemini/",
        gemini_trains_on_content=False,
        tutor_fallback_model="none",
    )
    assert settings.gemini_api_url == "https://proxy.example/gemini"
    (found,) = destinations(settings)
    assert found.key == "gemini:proxy.example"
    assert found.title == "Google Gemini (proxy.example)"
    assert found.models == ("gemini-3.8-flash",)
    assert not found.trains


def test_a_server_of_ones_own_comes_first_and_does_not_train() -> None:
    own, gemini = destinations(load_settings(**SERVER, gemini_api_key="k"))
    assert (own.key, own.form, own.trains) == ("server:localhost:11434", "openai", False)
    assert gemini.form == "gemini"
    (other,) = destinations(load_settings(**SERVER | {"tutor_server_url": "https://api.x.ai/v1"}))
    assert other.trains


def test_the_first_service_with_a_model_for_it_searches_by_meaning() -> None:
    assert searcher(load_settings()) is None
    assert searcher(load_settings(**SERVER)) is None
    assert searcher(load_settings(gemini_api_key="k", tutor_embedding_model="none")) is None
    both = SERVER | {"gemini_api_key": "k"}
    found = searcher(load_settings(**both))
    assert found is not None
    assert (found.key, found.embedding) == ("gemini", "gemini-embedding-001")
    found = searcher(load_settings(**both, tutor_server_embedding_model="bge-m3"))
    assert found is not None
    assert (found.key, found.embedding) == ("server:localhost:11434", "bge-m3")
    with pytest.raises(ConfigurationError, match="needs STOA_TUTOR_SERVER_URL"):
        load_settings(tutor_server_embedding_model="bge-m3")


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1/v1", True),
        ("http://192.168.1.7/v1", True),
        ("http://10.0.0.1", True),
        ("http://ollama.local", True),
        ("https://8.8.8.8", False),
        ("https://local.example.com", False),
        ("https://localhost.example.com", False),
    ],
)
def test_ones_own_network_is_known_by_its_address(address: str, own: bool) -> None:
    assert is_own_network(address) is own


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GEMINI_API_KEY", "hidden key", "without blanks"),
        ("TUTOR_SERVER_KEY", "hidden\nkey", "without blanks"),
        ("GEMINI_API_URL", "https://ana:hidden@proxy.example", "without user"),
        ("GEMINI_API_URL", "https://proxy.example?key=hidden", "without user"),
        ("TUTOR_SERVER_URL", "ftp://hidden", "https://"),
        ("TUTOR_THINKING", "much", "auto, none, minimal"),
        ("TUTOR_HEARTS", "0", "greater than or equal to 1"),
    ],
)
def test_a_bad_value_is_named_and_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"STOA_{name}", value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"STOA_{name}: ")
    assert words in str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tutor_server_url": "http://localhost/v1"}, "needs STOA_TUTOR_SERVER_MODEL"),
        ({"tutor_server_model": "qwen"}, "needs STOA_TUTOR_SERVER_URL"),
        ({"tutor_server_key": "k"}, "needs STOA_TUTOR_SERVER_URL"),
    ],
)
def test_half_a_server_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        load_settings(**given)
