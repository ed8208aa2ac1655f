"""Anki's card templates, as far as text needs them. Pure, and safe with templates that do harm.

What a template may hold is described at https://docs.ankiweb.net/templates/intro.html: fields,
fields through filters, sections that are shown when a field has content, and gaps (clozes).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.review.clozes import filling, with_gap
from domain.review.markup import has_media, to_text

LONGEST_CARD = 100_000  # characters of a card while it is put together
_TAG = re.compile(r"\{\{([^{}]*)\}\}")
_OURS = frozenset({"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag"})


@dataclass(frozen=True, slots=True)
class NoteType:
    """How notes become cards.

    Attributes:
        fields: their names, in order.
        templates: for each card of a note its front and its back; a type with gaps has one.
        has_gaps: the cards of a note are the gaps in it.
    """

    fields: tuple[str, ...]
    templates: Mapping[int, tuple[str, str]]
    has_gaps: bool

    def card(self, values: Sequence[str], number: int) -> "Drawn | None":
        """Front and back of one card of a note; None when the type has no such card.

        Args:
            values: the note's fields, as HTML.
            number: which card, from 0; of a type with gaps, which gap.
        """
        template = self.templates.get(0 if self.has_gaps else number)
        if template is None:
            return None
        named = dict(zip(self.fields, values, strict=False))
        gap = number + 1 if self.has_gaps else None
        front = _Card(named, gap, is_back=False).filled(template[0])
        back = _Card(named, gap, is_back=True).filled(template[1])
        media = has_media(front) or has_media(back)
        front, back = to_text(front), to_text(back)
        if "FrontSide" not in template[1]:  # then many a back says the front in its own words
            back = back.removeprefix(f"{front}\n")
        return Drawn(front, back, media)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card's two sides as text, and whether a picture or a sound was on them."""

    front: str
    back: str
    has_media: bool


@dataclass(frozen=True, slots=True)
class _Card:
    """One side that is put together."""

    values: Mapping[str, str]
    gap: int | None
    is_back: bool

    def filled(self, template: str) -> str:
        """The template with what its tags stand for."""
        parts: list[str] = []
        hidden: list[bool] = []
        length = end = 0
        for tag in _TAG.finditer(template):
            found = [template[end : tag.start()]]
            end = tag.end()
            words = tag[1].strip()
            if words.startswith(("#", "^")):
                shown = self._has(words[1:].strip()) == words.startswith("#")
                parts += found if not any(hidden) else ()
                hidden.append(not shown)
                continue
            if words.startswith("/"):
                parts += found if not any(hidden) else ()
                if hidden:
                    hidden.pop()
                continue
            if any(hidden):
                continue
            found.append(self._value(words))
            length += sum(map(len, found))
            if length > LONGEST_CARD:
                break
            parts += found
        else:
            parts.append(template[end:])
        return "".join(parts)

    def _has(self, name: str) -> bool:
        if re.fullmatch(r"c\d{1,3}", name):
            return self.gap == int(name[1:])
        value = self.values.get(name, "")
        return bool(to_text(value)) or has_media(value)

    def _value(self, words: str) -> str:
        *filters, name = (word.strip() for word in words.split(":"))
        if name in _OURS or any(one.startswith("tts") for one in filters):
            return ""
        value = self.values.get(name, "")
        if "cloze" in filters:
            if self.gap is None or "type" in filters:
                return ""
            return filling(value, self.gap) if self.is_back else with_gap(value, self.gap)
        if {"type", "hint"} & set(filters) and not self.is_back:
            return ""
        return value
