"""The models that the settings name."""

from pydantic import SecretStr

from domain.settings import Settings
from domain.tutoring.destinations import Destination
from tutor.models.embedder import Embedder
from tutor.models.embedding_models import GeminiEmbedder, ServerEmbedder
from tutor.models.gemini import Gemini
from tutor.models.openai_compatible import OpenAICompatible
from tutor.models.protocol import Provider


def providers(settings: Settings, destination: Destination) -> list[Provider]:
    """One provider for each model of a destination that answers."""
    if destination.form == "gemini":
        return [
            Gemini(
                key=_text(settings.gemini_api_key) or "",
                model=model,
                url=settings.gemini_api_url,
                thinking=settings.tutor_thinking,
                name=destination.key,
            )
            for model in destination.models
        ]
    return [
        OpenAICompatible(
            url=settings.tutor_server_url or "",
            model=model,
            key=_text(settings.tutor_server_key),
            name=destination.key,
        )
        for model in destination.models
    ]


def embedder(settings: Settings, destination: Destination) -> Embedder:
    """The model of a destination that turns texts into vectors."""
    if destination.form == "gemini":
        return GeminiEmbedder(
            key=_text(settings.gemini_api_key) or "",
            model=destination.embedding,
            url=settings.gemini_api_url,
            name=destination.key,
        )
    return ServerEmbedder(
        url=settings.tutor_server_url or "",
        model=destination.embedding,
        key=_text(settings.tutor_server_key),
        name=destination.key,
    )


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None
