"""Cards in and out as files: what is read, and how much of it is refused. Pure but for memory."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.errors import N_, Refusal
from domain.review.decks import Sides
from domain.review.writing import LONGEST_SIDE, key_of

MOST_CARDS = 5_000  # of one file
MOST_BYTES = 20 * 1024 * 1024
HEADER = ("id", "front", "back", "tags")
MOST_TAGS, LONGEST_TAG, LONGEST_KEY = 20, 50, 100
_BAD_KEY = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(slots=True)
class ReadCards:
    """What a file held: cards by the title of their set, and what was left out and why.

    `skipped` maps a reason (an English sentence that is marked for translation) to a count. `bare`
    cards were taken without the pictures or sounds on them.
    """

    decks: dict[str, list[Sides]] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    bare: int = 0

    @property
    def count(self) -> int:
        """All cards."""
        return sum(map(len, self.decks.values()))

    def add(self, title: str, sides: Sides, *, is_bare: bool = False) -> None:
        """Take a card, or note why not; a bare one lost a picture or a sound.

        Raises:
            Refusal: there are too many.
        """
        if not sides.front.strip() or not sides.back.strip():
            self.skip(N_("a side is empty"))
        elif max(len(sides.front), len(sides.back)) > LONGEST_SIDE:
            self.skip(N_("a side is over 1,000 characters"))
        elif self.count >= MOST_CARDS:
            raise Refusal(
                N_("The file has over {most} cards. Split it into smaller files."),
                {"most": MOST_CARDS},
            )
        else:
            self.decks.setdefault(title, []).append(sides)
            self.bare += is_bare

    def skip(self, reason: str) -> None:
        """Count something that was left out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def unique(self) -> None:
        """Keep the last card of each key: one statement may not change a row twice."""
        for title, cards in self.decks.items():
            self.decks[title] = list({one.key: one for one in cards}.values())


def clean_key(key: str, front: str) -> str:
    """A key that can be stored; made from the front where there is none."""
    stripped = _BAD_KEY.sub("", key).strip()
    return stripped if 1 <= len(stripped) <= LONGEST_KEY else key_of(key + "\x1f" + front)


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """At most 20 tags of 50 characters, each once."""
    return tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= LONGEST_TAG))[:MOST_TAGS]


def write_csv(cards: Iterable[Sides]) -> bytes:
    """Cards as CSV with the columns id,front,back,tags; what course folders hold, too."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for one in cards:
        writer.writerow((one.key, one.front, one.back, " ".join(one.tags)))
    return out.getvalue().encode()
