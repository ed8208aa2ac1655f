"""/host: open the lobby of a live quiz in this chat, from a quiz, a filter, or a pasted list."""

import re
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control
from bots.conversation.dialogue import Button, Prompt, Reply
from bots.conversation.flows.group import check_hosting, of_this_chat
from bots.conversation.flows.live import afterwards
from bots.conversation.flows.live import commands as live
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain import ids
from domain.authoring.foreign import read
from domain.community import service as community
from domain.errors import N_, Refusal
from domain.live import making, picking, playing, rounds
from domain.live.options import Options, understand
from domain.live.picking import Picked
from domain.live.rounds import Live

LIST = "live.list"
LEADING = {
    "next": live.go_on,
    "start": live.go_on,
    "pause": live.pause,
    "resume": live.resume,
    "stop": live.stop,
}
AFTER = {  # what the private message at the end offers
    "review": afterwards.mine,
    "cards": afterwards.cards,
    "report": afterwards.report,
}
HERE = "here"
GIVE = "give "
SKIPPED_SHOWN = 3
_AFTER = re.compile(f"({'|'.join(AFTER)}) ([0-9A-Za-z]{{{ids.BASE62_UUID_LENGTH}}})")
_FENCE = re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL)
_AIKEN = re.compile(r"^\s*ANSWER\s*:", re.IGNORECASE | re.MULTILINE)


@command("host")
async def host(turn: Turn, arguments: str) -> Answer:
    """Open a lobby; without words, say what can be hosted."""
    if (found := _AFTER.fullmatch(arguments.strip())) is not None:
        return await AFTER[found[1]](turn, _of_round(found[2]))
    group = await of_this_chat(turn)
    fenced = _FENCE.search(arguments)
    words, options = understand(_FENCE.sub(" ", arguments))
    running = await rounds.in_chat(turn.conn, turn.incoming.actor.platform, turn.incoming.place.id)
    if running is not None and words.casefold() in LEADING:
        return await LEADING[words.casefold()](turn, Control("lv.go", running.id))
    if running is not None and words.casefold().startswith(GIVE):
        return await live.give(turn, running, words[len(GIVE) :])
    if running is not None and not words and arguments:
        live.check_lead(turn, running)
        _, options = understand(arguments, making.options_of(running))
        await making.change(turn.conn, running, options)
        return Reply(turn.say("The options are changed."), private=False)
    if running is not None:
        return _running(turn, running)
    check_hosting(turn, await community.agreed(turn.conn, group))
    if words.casefold() == HERE:
        return await _share(turn)
    seed = _round_id(turn).int
    if fenced:
        picked = _pasted(turn, words, fenced[1], options, seed)
    elif words.casefold() == "list":
        turn.expect(LIST, words=arguments)
        return Reply(
            turn.say("Send the list as a file, or paste it between two lines of ```."),
            private=False,
            prompt=Prompt(turn.say("The questions"), "GIFT, Aiken, Red", multiline=True),
        )
    elif words:
        picked = await picking.of_quiz(turn.conn, "-".join(words.split()), options, seed)
    elif options.filters or options.count:
        picked = await picking.of_bank(turn.conn, group, options, seed)
    else:
        return await _choices(turn)
    return await _opened(turn, group, picked, options)


def _of_round(word: str) -> Control:
    """A round by the word that stands for it.

    Raises:
        StaleControl: none does.
    """
    try:
        return Control("say", ids.from_base62(word))
    except ValueError as error:
        raise StaleControl from error


def _round_id(turn: Turn) -> UUID:
    """The same event makes one round."""
    incoming = turn.incoming
    return ids.event_uuid7(incoming.at, incoming.actor.platform, f"live {incoming.event_id}")


def _running(turn: Turn, running: Live) -> Reply:
    text = turn.say("A quiz is open in this chat already: {title}.", title=running.title)
    return Reply(text, rows=((Button(turn.say("Join"), control("lv.join", running.id)),),))


async def _choices(turn: Turn) -> Reply:
    found = await picking.hostable(turn.conn)
    lines = [turn.say("What shall we play? Name a quiz, or filter the question banks."), ""]
    lines += [f"- `/host {one.slug}` {one.title} ({one.count})" for one in found]
    lines += [
        "- `/host n:10 domain:1.0`",
        "- `/host list` " + turn.say("for questions of your own (GIFT, Aiken, Red)"),
        "",
        turn.say(
            "Add mode:timed, mode:first, mode:survival, mode:type, time:45, time:no, teams:2."
        ),
    ]
    buttons = tuple(
        Button(one.title[:40], control("say", None, f"host {one.slug}"))
        for one in found
        if len(one.slug) <= MOST_SLUG
    )
    rows = tuple(buttons[start : start + 3] for start in range(0, len(buttons), 3))
    return Reply("\n".join(lines), rows=rows)


MOST_SLUG = 40  # so that the command line fits a button's 64 bytes


async def _opened(turn: Turn, group: UUID, picked: Picked, options: Options) -> Reply:
    incoming = turn.incoming
    ident = _round_id(turn)
    await making.make(
        turn.conn,
        ident,
        turn.user_id,
        group,
        (incoming.actor.platform, incoming.place.id),
        picked,
        options,
        turn.now,
    )
    opened = await rounds.load(turn.conn, ident)
    await playing.join(turn.conn, opened, turn.user_id, turn.identity_id, turn.learner.name)
    return Reply(
        turn.say("The lobby is open here, and you are in. Press Start when all have joined."),
        private=False,
    )


async def _share(turn: Turn) -> Reply:
    """Play the host's open round in this chat too.

    Raises:
        Refusal: they host none.
    """
    hosted = await rounds.hosted_by(turn.conn, turn.user_id)
    if hosted is None:
        raise Refusal(
            N_("You host no open quiz. Begin one in the first chat; your accounts must be linked."),
            choices=("/host", "/link"),
        )
    incoming = turn.incoming
    await making.add_chat(turn.conn, hosted.id, incoming.actor.platform, incoming.place.id)
    words = turn.say("Now “{title}” is played here too, with one board.", title=hosted.title)
    return Reply(words, private=False)


def _pasted(turn: Turn, title: str, text: str, options: Options, seed: int) -> Picked:
    return _from_bytes(title or turn.say("Our own questions"), text.encode(), options, seed)


def _from_bytes(title: str, content: bytes, options: Options, seed: int) -> Picked:
    """Questions of a list, whichever of the formats it is written in.

    Raises:
        Refusal: none could be read; it says what is wrong, by line.
    """
    text = content.decode(errors="replace")
    form = "gift" if "{" in text else "aiken" if _AIKEN.search(text) else "red"
    harvest = read(content, form)
    ready = [one.question for one in harvest.questions if not one.draft]
    if not ready:
        found = "; ".join(f"{one.line}: {one.reason}" for one in harvest.skipped[:SKIPPED_SHOWN])
        raise Refusal(
            N_("I could read no question of this {form} list. {faults}"),
            {"form": form.upper(), "faults": found},
        )
    return picking.of_list(title, ready, options, seed)


@registry.typed(LIST)
async def list_typed(turn: Turn, text: str) -> Answer:
    """A pasted list after `/host list`."""
    fenced = _FENCE.search(text)
    return await _from_list(turn, "", (fenced[1] if fenced else text).encode())


@registry.upload(LIST)
async def list_sent(turn: Turn) -> Answer:
    """A file after `/host list`."""
    file = turn.incoming.action.files[0]  # type: ignore[union-attr]
    return await _from_list(turn, file.name.rpartition(".")[0], file.content)


async def _from_list(turn: Turn, title: str, content: bytes) -> Answer:
    group = await of_this_chat(turn)
    check_hosting(turn, await community.agreed(turn.conn, group))
    asked = turn.expecting.data.get("words", "") if turn.expecting else ""
    _, options = understand(str(asked))
    name = title or turn.say("Our own questions")
    picked = _from_bytes(name, content, options, _round_id(turn).int)
    turn.expect_nothing()
    return await _opened(turn, group, picked, options)


@registry.control("lv.again")
async def again(turn: Turn, pressed: Control) -> Answer:
    """The same questions once more."""
    return await _once_more(turn, pressed, missed_only=False)


@registry.control("lv.missed")
async def missed(turn: Turn, pressed: Control) -> Answer:
    """Only the questions that somebody got wrong."""
    return await _once_more(turn, pressed, missed_only=True)


async def _once_more(turn: Turn, pressed: Control, *, missed_only: bool) -> Answer:
    before = await rounds.load(turn.conn, pressed.target)
    group = await of_this_chat(turn)
    check_hosting(turn, await community.agreed(turn.conn, group))
    picked = await picking.of_round(turn.conn, before, missed_only=missed_only)
    return await _opened(turn, group, picked, making.options_of(before))
