"""What a model is that turns texts into vectors, and how it wants to be told what they are for."""

import re
from collections.abc import Sequence
from typing import Protocol

from domain.tutoring.vectors import Task

_FRAMES = (
    (
        re.compile(r"gemini-embedding-(?!001)|embedding-?gemma"),
        "task: search result | query: {}",
        "title: none | text: {}",
    ),
    (re.compile(r"nomic-embed-text"), "search_query: {}", "search_document: {}"),
    (re.compile(r"\be5-"), "query: {}", "passage: {}"),
    (
        re.compile(r"mxbai-embed|snowflake-arctic-embed(?!2)|bge-(?:small|base|large)-en"),
        "Represent this sentence for searching relevant passages: {}",
        "{}",
    ),
)


class Embedder(Protocol):
    """One model of one service that turns texts into vectors. It neither retries nor waits."""

    @property
    def name(self) -> str:
        """The key of the service; consent is given for it."""
        ...

    @property
    def model(self) -> str:
        """The model's name, as the service knows it."""
        ...

    @property
    def most(self) -> int:
        """How many texts one request may hold."""
        ...

    async def embed(
        self, texts: Sequence[str], task: Task, *, timeout_s: float
    ) -> list[Sequence[float]]:
        """One vector for each text, in their order, of any length.

        Raises:
            ModelError: it did not answer, or not with vectors; nothing else is raised.
        """
        ...

    async def ask_name(self, *, timeout_s: float) -> str:
        """What the service calls the model: costs nothing, needs address, key and model."""
        ...

    async def close(self) -> None:
        """Close what is open; the embedder can be used again after it."""
        ...


def framed(model: str, text: str, task: Task) -> str:
    """A text as a model wants it that is told in words what it is for, and not in a field.

    The words are those that the models were trained with and that their makers publish.
    """
    for pattern, question, passage in _FRAMES:
        if pattern.search(model):
            return (question if task == "question" else passage).format(text)
    return text
