"""Settings: defaults, what is refused and in which words, and the secret."""

import stat
from pathlib import Path

import pytest

from domain.settings import (
    Admin,
    ConfigurationError,
    Settings,
    encryption_secret,
    load_settings,
    old_secrets,
    unknown_variables,
)


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()
    assert settings.is_embedded
    assert settings.data_dir.is_absolute()
    assert settings.admins == ()


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOA_DATABASE_URL", "postgres://ana:word@db.example:5432/stoa")
    monkeypatch.setenv("STOA_ADMINS", "discord:123, telegram:456,terminal:ana")
    monkeypatch.setenv("STOA_DATA_DIR", str(tmp_path / "a b"))
    monkeypatch.setenv("STOA_DISCORD_TOKEN", "")  # set and empty is not set
    settings = load_settings()
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://ana:word@db.example:5432/stoa"
    assert settings.admins == (
        Admin("discord", "123"),
        Admin("telegram", "456"),
        Admin("terminal", "ana"),
    )
    assert settings.data_dir == tmp_path / "a b"
    assert settings.discord_token is None
    assert "word" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://ana:hidden@db/stoa", "write it like postgresql://"),
        ("DATABASE_URL", "postgresql://ana:hidden@db", "write it like postgresql://"),
        ("ADMINS", "hidden", "like discord:123"),
        ("SECRET_KEY", "hidden", "at least 32 characters"),
        ("DATABASE_POOL_SIZE", "0", "greater than or equal to 1"),
        ("GEMINI_API_URL", "hidden", "https://"),
    ],
)
def test_a_bad_value_is_named_and_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"STOA_{name}", value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"STOA_{name}: ")
    assert words in message
    assert "hidden" not in message or name == "ADMINS"


def test_a_replica_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOA_DATABASE_URL_RO", "postgresql://ana@db/stoa")
    with pytest.raises(ConfigurationError, match="needs STOA_DATABASE_URL"):
        load_settings()


def test_misspelt_variables_are_found() -> None:
    assert unknown_variables({"STOA_ADMIN": "1", "STOA_ADMINS": "", "HOME": "/"}) == ["STOA_ADMIN"]


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "stoa")
    first = encryption_secret(settings)
    assert len(first) >= 32
    assert encryption_secret(settings) == first
    assert [path.name for path in settings.data_dir.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((settings.data_dir / "secret.key").stat().st_mode) == 0o600


def test_keys_of_before_are_those_named_and_the_further_lines_of_the_key_file(
    tmp_path: Path,
) -> None:
    one, two, three = ("one" * 12, "two" * 12, "three" * 12)
    (tmp_path / "secret.key").write_text(f"{one}\n{two}\n")
    settings = load_settings(data_dir=tmp_path, old_secret_keys=f"{three}, {two}")
    assert encryption_secret(settings) == one.encode()
    assert old_secrets(settings) == (three.encode(), two.encode(), two.encode())
    named = load_settings(data_dir=tmp_path, secret_key=three)
    assert (encryption_secret(named), old_secrets(named)) == (
        three.encode(),
        (one.encode(), two.encode()),
    )
    with pytest.raises(ConfigurationError, match="STOA_OLD_SECRET_KEYS: use at least 32"):
        load_settings(data_dir=tmp_path, old_secret_keys=f"{three},short")
    (tmp_path / "secret.key").write_text("cut off")
    with pytest.raises(ConfigurationError, match="from your backup") as caught:
        encryption_secret(load_settings(data_dir=tmp_path))
    assert "cut off" not in str(caught.value)


def test_a_server_needs_a_secret_of_its_own() -> None:
    url = "postgresql://ana@db/stoa"
    with pytest.raises(ConfigurationError, match="STOA_SECRET_KEY"):
        encryption_secret(load_settings(database_url=url))
    key = "k" * 40
    assert encryption_secret(load_settings(database_url=url, secret_key=key)) == key.encode()
