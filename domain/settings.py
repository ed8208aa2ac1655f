"""Everything that can be configured, read from environment variables that begin with `STOA_`.

Nothing has to be set: without any variable Stoa runs its own PostgreSQL in the user's data folder.
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from domain.errors import StoaError
from domain.tutor_settings import TutorSettings

PREFIX = "STOA_"
SECRET_FILE = "secret.key"  # noqa: S105 - a file name
MIN_SECRET_LENGTH = 32

_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ADMIN = re.compile(r"(discord|telegram|terminal):(\S+)")


class ConfigurationError(StoaError):
    """A setting is missing or wrong; the message says which one and what it should look like."""


class Admin(NamedTuple):
    """A platform administrator: who they are on which platform."""

    provider: str
    subject: str


def _default_data_dir() -> Path:
    return user_data_path("stoa", appauthor=False)


class Settings(TutorSettings):
    """The configuration of one process. Each field is the variable `STOA_` + its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    database_url: SecretStr | None = Field(
        None, description="postgresql://user:password@host/name of a server; unset: embedded."
    )
    database_url_ro: SecretStr | None = Field(
        None, description="A read replica for reports; unset: the main database."
    )
    database_url_direct: SecretStr | None = Field(
        None,
        description="The same database past the pooler: migrations, LISTEN and job queues use it.",
    )
    database_pooler: bool = Field(
        False, description="true when STOA_DATABASE_URL leads to PgBouncer in transaction mode."
    )
    database_pool_size: int = Field(
        8, ge=1, le=500, description="Connections one process keeps for each database role."
    )
    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Folder of the embedded database, the secret key and saved files.",
    )
    pg_bindir: Path | None = Field(
        None, description="Folder with initdb and pg_ctl of PostgreSQL 18 or newer."
    )
    admins: Annotated[tuple[Admin, ...], NoDecode] = Field(
        (), description="Platform administrators: discord:123,telegram:456,terminal:ana"
    )
    secret_key: SecretStr | None = Field(
        None,
        description="At least 32 characters; encrypts what is stored encrypted. Required with "
        "STOA_DATABASE_URL; the embedded database makes a key file.",
    )
    old_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        description="Secret keys of before, with commas between; they open what they sealed.",
    )
    discord_token: SecretStr | None = Field(None, description="Token of the Discord bot.")
    discord_api_url: str | None = Field(
        None, description="Base address of a proxy before Discord's API; unset: Discord itself."
    )
    discord_shards: str | None = Field(
        None,
        description="The shards of this process and how many there are, such as 0,1/4; unset: all.",
    )
    telegram_token: SecretStr | None = Field(None, description="Token of the Telegram bot.")
    telegram_api_url: str | None = Field(
        None, description="Base address of a Bot API server of your own; unset: Telegram's."
    )
    telegram_webhook_url: str | None = Field(
        None, description="Public https address Telegram sends updates to; unset: long polling."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="1 to 256 characters A-Z a-z 0-9 _ - that each webhook call must carry."
    )
    telegram_webhook_listen: str = Field(
        "127.0.0.1:8443", description="host:port on which the webhook is received."
    )
    metrics_listen: str | None = Field(
        None, description="host:port for /health and /metrics; unset: neither is served."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="text for people, json for machines: one object on each line."
    )

    @field_validator("database_url", "database_url_ro", "database_url_direct")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        text = re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql://", value.get_secret_value())
        parts = urlsplit(text)
        if parts.scheme != "postgresql" or not parts.path.strip("/"):
            raise ValueError("write it like postgresql://user:password@host:5432/stoa")
        return SecretStr(text)

    @field_validator("admins", mode="before")
    @classmethod
    def _split_admins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        admins = []
        for entry in filter(None, (part.strip() for part in value.split(","))):
            match = _ADMIN.fullmatch(entry)
            if match is None:
                raise ValueError(f"write {entry!r} like discord:123 or telegram:456")
            admins.append(Admin(match[1], match[2]))
        return tuple(admins)

    @field_validator("old_secret_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(filter(None, (part.strip() for part in value.split(","))))

    @field_validator("secret_key", "old_secret_keys")
    @classmethod
    def _is_long(
        cls, value: SecretStr | tuple[SecretStr, ...] | None
    ) -> SecretStr | tuple[SecretStr, ...] | None:
        for one in (value,) if isinstance(value, SecretStr) else value or ():
            if len(one.get_secret_value()) < MIN_SECRET_LENGTH:
                raise ValueError(f"use at least {MIN_SECRET_LENGTH} characters")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("use 1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("telegram_webhook_listen", "metrics_listen")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(f"//{value}")
            if not parts.hostname or parts.port is None or value != parts.netloc:
                raise ValueError("write it like 127.0.0.1:8443")
        return value

    @field_validator("discord_api_url", "telegram_api_url", "telegram_webhook_url")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("write it like https://host/path")
        return value

    @field_validator("data_dir", "pg_bindir")
    @classmethod
    def _is_absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else Path(os.path.abspath(value.expanduser()))  # noqa: PTH100 - keeps symbolic links

    @model_validator(mode="after")
    def _helpers_need_a_server(self) -> Self:
        if self.database_url is None:
            for name in ("database_url_ro", "database_url_direct"):
                if getattr(self, name) is not None:
                    raise ValueError(f"STOA_{name.upper()} needs STOA_DATABASE_URL as well")
        return self

    @property
    def is_embedded(self) -> bool:
        """Whether Stoa runs its own PostgreSQL."""
        return self.database_url is None


def load_settings(**overrides: object) -> Settings:
    """The settings of this process.

    Args:
        overrides: fields that win over the environment, for tests and command line options.

    Raises:
        ConfigurationError: one line per wrong variable, never with its value.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_input=False, include_url=False):
            name = PREFIX + str(problem["loc"][0]).upper() if problem["loc"] else ""
            message = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {message}" if name else message)
        raise ConfigurationError("\n".join(lines)) from None


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that begin with `STOA_` and mean nothing, most likely misspelt."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def has_secret(settings: Settings) -> bool:
    """Whether there is a secret already; asking makes none."""
    return settings.secret_key is not None or (
        settings.is_embedded and (settings.data_dir / SECRET_FILE).exists()
    )


def encryption_secret(settings: Settings) -> bytes:
    """The secret that protects what is stored encrypted.

    With the embedded database a random one is made at the first call and kept in the data folder,
    readable by its owner only.

    Raises:
        ConfigurationError: a server is configured and `STOA_SECRET_KEY` is not; or the key file
            holds no secret.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    if not settings.is_embedded:
        raise ConfigurationError(
            "STOA_SECRET_KEY: with STOA_DATABASE_URL, set a secret of at least "
            f"{MIN_SECRET_LENGTH} characters, the same in every process. "
            "One way to make it: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    path = settings.data_dir / SECRET_FILE
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Written beside and linked: whoever comes second keeps the first one's secret.
        draft = path.with_name(f"{SECRET_FILE}.{secrets.token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - a mode
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _lines(path)[0]


def old_secrets(settings: Settings) -> tuple[bytes, ...]:
    """Secrets of before: of `STOA_OLD_SECRET_KEYS`, and the key file's lines after its first.

    Where `STOA_SECRET_KEY` is set, a key file is one of before, too.
    """
    found = [key.get_secret_value().encode() for key in settings.old_secret_keys]
    path = settings.data_dir / SECRET_FILE
    if settings.is_embedded and path.exists():
        found += _lines(path)[0 if settings.secret_key is not None else 1 :]
    return tuple(found)


def _lines(path: Path) -> list[bytes]:
    """The secrets of a key file, the present one first."""
    lines = [line.strip().encode() for line in path.read_text().splitlines() if line.strip()]
    if not lines or any(len(line) < MIN_SECRET_LENGTH for line in lines):
        raise ConfigurationError(
            f"{path} holds no secret of at least {MIN_SECRET_LENGTH} characters. "
            "Put the file back from your backup."
        )
    return lines
