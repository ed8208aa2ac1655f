"""The models that the settings name."""

from domain.settings import Settings
from domain.tutoring.destinations import Destination
from tutor.models.gemini import Gemini
from tutor.models.openai_compatible import OpenAICompatible
from tutor.models.protocol import Provider


def providers(settings: Settings, destination: Destination) -> list[Provider]:
    """One provider for each model of a destination."""
    if destination.form == "gemini":
        key = settings.gemini_api_key
        return [
            Gemini(
                key=key.get_secret_value() if key is not None else "",
                model=model,
                url=settings.gemini_api_url,
                thinking=settings.tutor_thinking,
                name=destination.key,
            )
            for model in destination.models
        ]
    key = settings.tutor_server_key
    return [
        OpenAICompatible(
            url=settings.tutor_server_url or "",
            model=model,
            key=key.get_secret_value() if key is not None else None,
            name=destination.key,
        )
        for model in destination.models
    ]
