"""What can be configured about the tutor's models: where they are, what they may cost."""

import ipaddress
import re
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

_THINKING = re.compile(r"auto|none|minimal|low|medium|high|\d{1,6}")
NONE = "none"


class TutorSettings(BaseSettings):
    """The tutor's part of `domain.settings.Settings`."""

    gemini_api_key: SecretStr | None = Field(
        None, description="Key of the Gemini API; with it the tutor can ask Gemini."
    )
    gemini_api_url: str | None = Field(
        None, description="Base address of the model service, when it is not the public one."
    )
    gemini_trains_on_content: bool = Field(
        True,
        description="false when the key belongs to a paid plan, whose terms keep learners' words "
        "out of training; while true, a learner has to opt in.",
    )
    tutor_model: str = Field(
        "gemini-3.8-flash", min_length=1, description="Name of the tutor's model."
    )
    tutor_fallback_model: str = Field(
        "gemini-3.5-flash-lite",
        min_length=1,
        description="Gemini's model to ask when the first does not answer; none: do not.",
    )
    tutor_embedding_model: str = Field(
        "gemini-embedding-001",
        min_length=1,
        max_length=200,
        description="Gemini's model that finds passages by meaning; none: by their words alone.",
    )
    tutor_thinking: str = Field(
        "auto",
        description="How long Gemini thinks: minimal, low, medium, high, a number of tokens for "
        "older models, none to send nothing, or auto: little, as the model knows it.",
    )
    tutor_server_url: str | None = Field(
        None,
        description="Base address of an OpenAI-compatible server, such as "
        "http://127.0.0.1:11434/v1; asked first when it is set.",
    )
    tutor_server_model: str | None = Field(
        None, min_length=1, description="Name of that server's model; needed with its address."
    )
    tutor_server_embedding_model: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Name of that server's model that finds passages by meaning, before Gemini's.",
    )
    tutor_server_key: SecretStr | None = Field(
        None, description="Key of that server, when it wants one."
    )
    tutor_server_trains_on_content: bool | None = Field(
        None,
        description="Whether that server may learn from what is sent; unset: false for an address "
        "in your own network, true for any other.",
    )
    tutor_hearts: int = Field(
        10, ge=1, le=1000, description="Answers of a model one learner can have in one course."
    )
    tutor_heart_minutes: int = Field(
        10, ge=1, le=10_080, description="Minutes until one of these answers comes back."
    )
    tutor_community_tokens: int = Field(
        500_000, ge=0, description="Tokens one server or group may use in a day (UTC)."
    )
    tutor_day_tokens: int = Field(
        2_000_000, ge=0, description="Tokens all learners together may use in a day (UTC)."
    )

    @field_validator("gemini_api_key", "tutor_server_key")
    @classmethod
    def _is_one_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        key = value.get_secret_value().strip()
        if not re.fullmatch(r"[!-~]{1,500}", key):
            raise ValueError("write the key alone, without blanks")
        return SecretStr(key)

    @field_validator("gemini_api_url", "tutor_server_url")
    @classmethod
    def _is_base_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write it like https://host/path")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("write it without user, password, ? and #; keys have own variables")
        return value.rstrip("/")

    @field_validator("tutor_thinking")
    @classmethod
    def _is_thinking(cls, value: str) -> str:
        if not _THINKING.fullmatch(value):
            raise ValueError("use auto, none, minimal, low, medium, high or a number of tokens")
        return value

    @model_validator(mode="after")
    def _server_is_whole(self) -> Self:
        if self.tutor_server_url is not None and self.tutor_server_model is None:
            raise ValueError("STOA_TUTOR_SERVER_URL needs STOA_TUTOR_SERVER_MODEL as well")
        for name in ("tutor_server_model", "tutor_server_embedding_model", "tutor_server_key"):
            if self.tutor_server_url is None and getattr(self, name) is not None:
                raise ValueError(f"STOA_{name.upper()} needs STOA_TUTOR_SERVER_URL as well")
        return self


def is_own_network(address: str) -> bool:
    """Whether an address leads to this machine or to a private network, by its form alone."""
    host = urlsplit(address).hostname or ""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    return number.is_loopback or number.is_private
