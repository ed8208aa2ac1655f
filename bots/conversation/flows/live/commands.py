"""Playing and leading a live quiz: the buttons under its messages, and typed answers."""

from fractions import Fraction
from string import ascii_uppercase
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control, whole_number
from bots.conversation.dialogue import Button, Prompt, Reply
from bots.conversation.turn import Answer, Turn
from bots.live.asking import PRESSED
from bots.live.buttons import stage_of
from domain.community import service as community
from domain.errors import N_, Refusal
from domain.live import answering, hosting, playing, rounds, rules
from domain.live.answering import Arrived, Locked, Seat
from domain.live.rounds import Live
from domain.quizzes import marking

TYPED = "live.answer"
PERCENTS = tuple(int(factor * 100) for factor in rules.EXTENSIONS)


def _told(text: str) -> Reply:
    """One line for the presser alone: a toast where the platform has them."""
    return Reply(text, notice=text, quiet=True)


async def round_of(turn: Turn, pressed: Control) -> Live:
    """The round a button belongs to."""
    return await rounds.load(turn.conn, pressed.target)


async def _join(turn: Turn, live: Live) -> None:
    """Join the round, and with it the group it is played in."""
    place = turn.incoming.place
    if place.group:
        await community.enter(turn.conn, turn.incoming.actor.platform, place.group, place.title)
    await playing.join(turn.conn, live, turn.user_id, turn.identity_id, turn.learner.name)


@registry.control("lv.join")
async def join(turn: Turn, pressed: Control) -> Answer:
    """Join, or come back."""
    await _join(turn, await round_of(turn, pressed))
    return _told(turn.say("You are in, {name}.", name=turn.learner.name))


@registry.control("lv.leave")
async def leave(turn: Turn, pressed: Control) -> Answer:
    """Leave; points stay."""
    await playing.leave(turn.conn, await round_of(turn, pressed), turn.user_id, turn.now)
    return _told(turn.say("You have left. Your points stay; press Join to come back."))


@registry.control("lv.time")
async def time(turn: Turn, pressed: Control) -> Answer:
    """Offer more time, in private."""
    await round_of(turn, pressed)
    labels = (turn.say("As it is"), turn.say("Half as much again"), turn.say("Twice as much"))
    buttons = tuple(
        Button(label, control("lv.more", pressed.target, percent))
        for label, percent in zip(labels, PERCENTS, strict=True)
    )
    text = turn.say("How much time do you need for a question? Nobody else is told.")
    return Reply(text, rows=(buttons,))


@registry.control("lv.more")
async def more(turn: Turn, pressed: Control) -> Answer:
    """Take more time, in private; asking for it joins."""
    if pressed.number not in PERCENTS:
        raise StaleControl
    live = await round_of(turn, pressed)
    await _join(turn, live)
    factor = Fraction(pressed.number, 100)
    await playing.more_time(turn.conn, live, turn.user_id, factor)
    return Reply(turn.say("You are in, and your time is set."), edits=True)


@registry.control("lv.a")
async def answer(turn: Turn, pressed: Control) -> Answer:
    """An option was pressed; whoever is not in yet joins by answering."""
    position, _, place = pressed.argument.partition(".")
    here = await _seat(turn, pressed.target, whole_number(position))
    locked = await answering.press(turn.conn, here, whole_number(place), _arrived(turn))
    return _told(_locked(turn, locked))


async def _seat(turn: Turn, round_id: UUID, position: int) -> Seat:
    """The learner before a question, as a player: whoever answers joins."""
    here = await answering.seat(turn.conn, round_id, turn.user_id, position)
    if here.player is None or here.player.left:
        await _join(turn, here.live)
        here = await answering.seat(turn.conn, round_id, turn.user_id, position)
    return here


def _arrived(turn: Turn) -> Arrived:
    return answering.arrived(turn.incoming.at, turn.now, turn.incoming.event_id)


def _locked(turn: Turn, locked: Locked) -> str:
    if not locked.is_complete:
        return turn.say("Nothing is chosen now. You may change it.")
    places = answering.letters(locked.posed, locked.answer)
    if places:
        chosen = ", ".join(ascii_uppercase[place] for place in places)
    else:
        posed = locked.posed
        chosen = "; ".join(marking.in_words(posed.view, posed.order, locked.answer))
    return turn.say("Locked in: {answer}. You may change it.", answer=chosen[:120])


@registry.control("lv.type")
async def ask(turn: Turn, pressed: Control) -> Answer:
    """Ask for a typed answer to the open question."""
    here = await _seat(turn, pressed.target, pressed.number)
    if here.live.at.phase != "question" or here.live.at.position != pressed.number:
        raise Refusal(N_("This question is closed."))
    turn.expect(TYPED, round=str(here.live.id), position=pressed.number)
    label = turn.say("Your answer")
    return Reply(
        turn.say("Type your answer to question {number}.", number=pressed.number + 1),
        private=False,
        prompt=Prompt(label, _example(turn, here.posed.question.kind), payload=str(pressed)),
    )


def _example(turn: Turn, kind: str) -> str:
    if kind in PRESSED:
        return turn.say("a letter, such as b")
    examples = {"numeric": "1024", "matching": "1b 2a", "ordering": "2 1 3", "cloze": "a; b"}
    return examples.get(kind, "")


@registry.typed(TYPED)
async def typed(turn: Turn, text: str) -> Answer:
    """A typed answer; the next typed text changes it, while the question is open."""
    if turn.expecting is None:
        raise StaleControl
    asked = turn.expecting.data
    here = await _seat(turn, UUID(asked["round"]), asked["position"])
    locked = await answering.type_answer(turn.conn, here, text, _arrived(turn))
    return _told(_locked(turn, locked))


async def led(turn: Turn, pressed: Control) -> Live:
    """The round, if the presser may lead it.

    Raises:
        Refusal: they may not.
    """
    live = await round_of(turn, pressed)
    check_lead(turn, live)
    return live


def check_lead(turn: Turn, live: Live) -> None:
    """Let pass whoever may lead the round.

    Raises:
        Refusal: they may not.
    """
    manages = turn.incoming.place.manages or turn.learner.is_admin
    hosting.check(live, turn.user_id, manages=manages)


async def give(turn: Turn, live: Live, name: str) -> Answer:
    """Make the player of that name the host."""
    check_lead(turn, live)
    to = await hosting.player_called(turn.conn, live, name.strip().removeprefix("@"))
    await hosting.hand_over(turn.conn, live, turn.user_id, to, turn.now)
    return Reply(turn.say("{name} is the host now.", name=name.strip()), private=False)


@registry.control("lv.go")
async def go_on(turn: Turn, pressed: Control) -> Answer:
    """Start, close the question, or show the next one."""
    live = await led(turn, pressed)
    if pressed.argument not in {stage_of(live.at), ""}:
        raise Refusal(N_("The quiz has moved on already."))
    await hosting.go_on(turn.conn, live, turn.user_id, turn.now)
    return _told(turn.say("Done."))


@registry.control("lv.pause")
async def pause(turn: Turn, pressed: Control) -> Answer:
    """Rest."""
    await hosting.pause(turn.conn, await led(turn, pressed), turn.user_id, turn.now)
    return _told(turn.say("Paused. It can go on within 30 days."))


@registry.control("lv.resume")
async def resume(turn: Turn, pressed: Control) -> Answer:
    """Go on after a rest."""
    await hosting.resume(turn.conn, await led(turn, pressed), turn.user_id, turn.now)
    return _told(turn.say("It goes on."))


@registry.control("lv.extend")
async def extend(turn: Turn, pressed: Control) -> Answer:
    """Half a minute more for everybody."""
    await hosting.extend(turn.conn, await led(turn, pressed), turn.user_id, turn.now)
    return _told(turn.say("30 seconds more for everybody."))


@registry.control("lv.void")
async def void(turn: Turn, pressed: Control) -> Answer:
    """Take a question out of the scores, or put it back."""
    live = await led(turn, pressed)
    is_void = await hosting.void(turn.conn, live, turn.user_id, pressed.number, turn.now)
    if is_void:
        return _told(turn.say("Question {number} does not count.", number=pressed.number + 1))
    return _told(turn.say("Question {number} counts again.", number=pressed.number + 1))


@registry.control("lv.stop")
async def stop(turn: Turn, pressed: Control) -> Answer:
    """End; the scores so far stay."""
    await hosting.stop(turn.conn, await led(turn, pressed), turn.user_id, turn.now)
    return _told(turn.say("Ended. The scores stay."))
