"""cards/*.csv: one file is one deck, one row one card."""

import csv
from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.authoring.documents import Context, read_yaml_file
from domain.authoring.fields import MAX_TAG, MAX_TAGS, bad_id, is_id
from domain.authoring.markdown import check_markdown
from domain.authoring.models import Card, Deck
from domain.authoring.problems import Spot

HEADER = ["id", "front", "back", "tags"]
SIDE_LIMIT = 1_000
MAX_CARDS = 5_000
CARDS_PER_MINUTE = 6


@dataclass(frozen=True, slots=True)
class ReadDecks:
    """The decks and the lines of their cards."""

    decks: tuple[Deck, ...]
    paths: dict[str, str]


def read_decks(context: Context) -> ReadDecks:
    """Compile all decks, in the order of decks.yaml, then by name."""
    path = "cards/decks.yaml"
    fields = read_yaml_file(path, context, "decks.yaml")
    stems = {
        PurePosixPath(name).stem: name
        for name in context.texts
        if name.startswith("cards/") and name.count("/") == 1 and name.endswith(".csv")
    }
    titles: dict[str, str] = {}
    for stem in fields.names:
        title = fields.text(stem, required=True, limit=80)
        if stem in stems:
            titles[stem] = title
        else:
            fields.spot(stem).error(f"there is no cards/{stem}.csv: write it or remove this line")
    decks: list[Deck] = []
    for stem in [*titles, *sorted(set(stems) - set(titles))]:
        spot = context.spot(stems[stem])
        if not is_id(stem):
            spot.error(f"the file's name is the deck's id; {bad_id(stem)}")
        title = titles.get(stem) or stem.replace("-", " ").capitalize()
        cards = tuple(_read_cards(context.texts[stems[stem]], spot, context))
        decks.append(
            Deck(
                key=f"cards-{stem}",
                slug=f"cards-{stem}",
                title=title,
                minutes=max(1, round(len(cards) / CARDS_PER_MINUTE)),
                required=False,
                cards=cards,
            )
        )
    return ReadDecks(tuple(decks), {f"cards-{stem}": name for stem, name in stems.items()})


def _read_cards(text: str, spot: Spot, context: Context) -> list[Card]:
    rows = csv.reader(text.split("\n"), strict=True)
    cards: list[Card] = []
    seen: dict[str, int] = {}
    line = 1
    try:
        header = [name.strip() for name in next(rows, [])]
        if header != HEADER:
            spot.error(f"the first line must be {','.join(HEADER)}")
            return []
        line = rows.line_num + 1
        for row in rows:
            if row:
                card = _card(row, spot.at(line), seen, context)
                if card is not None:
                    cards.append(card)
            line = rows.line_num + 1
    except csv.Error as error:
        spot.at(line).error(f'not valid CSV ({error}): put "quotes" around a text with quotes')
    if not cards:
        spot.error("the deck has no cards: write one, or remove the file")
    if len(cards) > MAX_CARDS:
        spot.error(f"a deck has at most {MAX_CARDS:,} cards: split it")
    return cards


def _card(row: list[str], spot: Spot, seen: dict[str, int], context: Context) -> Card | None:
    if len(row) != len(HEADER):
        spot.error(f'{len(row)} columns, expected 4: put "quotes" around a text with commas')
        return None
    key, front, back, words = (part.strip() for part in row)
    if not is_id(key):
        spot.error(bad_id(key))
    elif key in seen:
        spot.error(f"the id '{key}' is used twice (first on line {seen[key]}): change one")
    seen.setdefault(key, spot.line)
    for name, side in (("front", front), ("back", back)):
        if not 1 <= len(side) <= SIDE_LIMIT:
            spot.error(f"the {name} has {len(side):,} characters: write 1 to {SIDE_LIMIT:,}")
        check_markdown(side, spot, context.files)
    tags = tuple(dict.fromkeys(words.split()))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
        spot.error(f"at most {MAX_TAGS} tags of {MAX_TAG} characters, with spaces between them")
    return Card(key=key, front=front, back=back, tags=tags)
