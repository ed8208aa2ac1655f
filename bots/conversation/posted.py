"""What the outbox holds, in its reader's language."""

from collections.abc import Mapping
from typing import Any

from bots.conversation.dialogue import escape
from bots.conversation.texts import Texts


def written(payload: Mapping[str, Any], texts: Texts) -> str:
    """A message's text; each of its paragraphs is a sentence of the catalogue.

    Raises:
        KeyError: the payload or the sentence's placeholders are not as they should be.
    """
    values = {
        name: escape(value) if isinstance(value, str) else value
        for name, value in payload["values"].items()
    }
    return "\n\n".join(texts.say(part, **values) for part in payload["text"].split("\n\n"))
