"""Cards in and out of chat as files: .apkg for Anki, .csv for everything else."""

import asyncio
import re

from bots.conversation import registry
from bots.conversation.dialogue import Action, Button, File, Prompt, Reply, Upload, escape
from bots.conversation.flows.general import line_button
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.review import decks, writing
from domain.review.apkg_read import read_apkg
from domain.review.apkg_write import write_apkg
from domain.review.csv_read import read_csv
from domain.review.exchange import MOST_BYTES, ReadCards, write_csv

EXPECTED = "cards.import"
DECK = ".apkg"
ENDINGS = (DECK, ".csv", ".tsv")
MOST_LISTED = 10
LONGEST_LINE = 50  # bytes that a button has room for
_PLAIN = re.compile(r"[^\w-]+")


def ask(turn: Turn) -> Reply:
    """Wait for a file."""
    turn.expect(EXPECTED)
    return Reply(
        turn.say("Send the file: .apkg from Anki, or .csv with the columns front,back."),
        rows=((line_button(turn.say("My cards"), "/cards"),),),
        prompt=Prompt(turn.say("A deck file"), files=True),
    )


@registry.upload(EXPECTED)
async def uploaded(turn: Turn) -> Reply:
    """Read the files that were asked for."""
    return await take(turn)


def are_decks(action: Action) -> bool:
    """Whether files are decks, by their names or by the words beside them."""
    if not isinstance(action, Upload) or not action.files:
        return False
    if action.text.strip().lower().startswith("/cards import"):
        return True
    return all(file.name.lower().endswith(ENDINGS) for file in action.files)


async def take(turn: Turn) -> Reply:
    """Read deck files into sets of the learner's own."""
    action = turn.incoming.action
    files = action.files if isinstance(action, Upload) else ()
    lines: list[str] = []
    taken = 0
    for file in files:
        found = await _read(turn, file)
        if not found.count and not found.skipped:
            raise Refusal(N_("There are no cards in {name}."), {"name": file.name})
        taken += found.count
        for title, cards in found.decks.items():
            new, changed = await writing.put_cards(turn.conn, turn.user_id, title, cards)
            lines.append(
                turn.say(
                    "{deck}: {new} new, {known} known already.",
                    deck=escape(title),
                    new=new,
                    known=changed,
                )
            )
        lines += [
            turn.count(
                "{n} card left out: {why}.", "{n} cards left out: {why}.", n, why=turn.say(why)
            )
            for why, n in found.skipped.items()
        ]
        if found.bare:
            lines.append(
                turn.count(
                    "{n} card came without its picture or sound.",
                    "{n} cards came without their pictures or sounds.",
                    found.bare,
                )
            )
    turn.expect_nothing()
    more = len(lines) - MOST_LISTED
    shown = [f"- {line}" for line in lines[:MOST_LISTED]]
    if more > 0:
        shown.append(turn.count("And {n} more.", "And {n} more.", more))
    return Reply(
        (turn.say("Imported:") if taken else turn.say("Nothing was imported:"))
        + "\n\n"
        + "\n".join(shown),
        rows=((line_button(turn.say("My cards"), "/cards", primary=True),),),
    )


async def _read(turn: Turn, file: File) -> ReadCards:
    name = file.name.lower()
    if len(file.content) > MOST_BYTES:
        raise Refusal(
            N_("{name} is over {most} MiB. Export it in smaller parts."),
            {"name": file.name, "most": MOST_BYTES // (1024 * 1024)},
        )
    if name.endswith(DECK):
        return await asyncio.to_thread(read_apkg, file.content)
    if name.endswith(ENDINGS):
        title = file.name.rsplit(".", 1)[0].strip()[:80] or turn.say("My cards")
        return await asyncio.to_thread(read_csv, file.content, title)
    raise Refusal(
        N_("I can read .apkg and .csv files, and {name} is neither."), {"name": file.name[:60]}
    )


async def export(turn: Turn, wish: str) -> Reply:
    """Send cards as a file: all sets, or the one that is named; "csv" at the end chooses CSV."""
    words = wish.split()
    as_csv = bool(words) and words[-1].lower() == "csv"
    name = " ".join(words[:-1] if as_csv else words)
    if name:
        chosen = [await decks.find_deck(turn.conn, turn.user_id, name, turn.now)]
    else:
        mine = await decks.decks_of(turn.conn, turn.user_id, turn.now)
        chosen = [deck for deck in mine if deck.cards]
    if not chosen:
        raise Refusal(N_("There are no cards to export yet."), choices=("/cards",))
    content = {
        (f"{deck.course}::{deck.title}" if deck.course else deck.title): await decks.content(
            turn.conn, deck.id
        )
        for deck in chosen
    }
    stem = _PLAIN.sub("-", chosen[0].title).strip("-").lower() if len(chosen) == 1 else "cards"
    cards = [one for listed in content.values() for one in listed]
    words_ = turn.count("{n} card", "{n} cards", len(cards))
    if as_csv:
        file = File(f"{stem or 'cards'}.csv", write_csv(cards), words_)
    else:
        packed = await asyncio.to_thread(write_apkg, content, turn.now)
        file = File(f"{stem or 'cards'}.apkg", packed, words_)
    return Reply(
        turn.count("Here is {n} card.", "Here are {n} cards.", len(cards))
        + " "
        + _how(turn, as_csv=as_csv),
        rows=(_other_way(turn, name, as_csv=as_csv),),
        files=(file,),
    )


def _how(turn: Turn, *, as_csv: bool) -> str:
    if as_csv:
        return turn.say("Any spreadsheet opens the file.")
    return turn.say("Anki opens the file; importing it again changes cards and doubles none.")


def _other_way(turn: Turn, name: str, *, as_csv: bool) -> tuple[Button, ...]:
    """The same in the other form, when the line fits into a button."""
    back = line_button(turn.say("My cards"), "/cards")
    line = " ".join(("/cards export", *name.split(), *(() if as_csv else ("csv",))))
    if len(line.encode()) > LONGEST_LINE:
        return (back,)
    label = turn.say("As an Anki deck") if as_csv else turn.say("As CSV")
    return line_button(label, line), back
