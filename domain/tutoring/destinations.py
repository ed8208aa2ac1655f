"""Where learners' words can go: the services that are configured, as people know them."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from domain.settings import Settings
from domain.tutor_settings import NONE, is_own_network

GEMINI = "gemini"


@dataclass(frozen=True, slots=True)
class Destination:
    """One service that answers for the tutor.

    Args:
        key: what consent is given for; it changes when the words would go somewhere else.
        title: what a learner reads, such as "Google Gemini".
        form: how it is spoken to.
        models: names of its models, the first choice first.
        trains: whether the service may learn from what is sent; then a learner has to opt in.
        embedding: name of its model that turns texts into vectors; "" when it is not asked for any.
    """

    key: str
    title: str
    form: Literal["gemini", "openai"]
    models: tuple[str, ...]
    trains: bool
    embedding: str = ""


def destinations(settings: Settings) -> tuple[Destination, ...]:
    """The configured services in the order in which they are asked; () when there is none.

    A server of one's own comes first, since its words stay nearest.
    """
    found = []
    if settings.tutor_server_url is not None and settings.tutor_server_model is not None:
        host = urlsplit(settings.tutor_server_url).netloc
        trains = settings.tutor_server_trains_on_content
        if trains is None:
            trains = not is_own_network(settings.tutor_server_url)
        models = (settings.tutor_server_model,)
        embedding = settings.tutor_server_embedding_model or ""
        found.append(Destination(f"server:{host}", host, "openai", models, trains, embedding))
    if settings.gemini_api_key is not None:
        key, title = GEMINI, "Google Gemini"
        if settings.gemini_api_url is not None:
            host = urlsplit(settings.gemini_api_url).netloc
            key, title = f"{GEMINI}:{host}", f"Google Gemini ({host})"
        both = dict.fromkeys((settings.tutor_model, settings.tutor_fallback_model))
        names = tuple(name for name in both if name != NONE)
        embedding = settings.tutor_embedding_model
        embedding = "" if embedding == NONE else embedding
        trains = settings.gemini_trains_on_content
        found.append(Destination(key, title, "gemini", names, trains, embedding))
    return tuple(found)


def searcher(settings: Settings) -> Destination | None:
    """The service that turns questions and passages into vectors: the first that has a model."""
    return next((found for found in destinations(settings) if found.embedding), None)
