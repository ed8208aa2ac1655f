"""/code and /hint: challenges, handing in, hints, giving up, the history."""

from collections.abc import Sequence
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, File, Reply, Upload, escape
from bots.conversation.flows.cards import files as cards_files
from bots.conversation.flows.code import result, screens
from bots.conversation.flows.code.hints import TYPED
from bots.conversation.flows.learn import item_button, reward_lines
from bots.conversation.flows.tutor import care as tutor_care
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Later, Turn
from domain import ids
from domain.catalog import queries as catalog
from domain.catalog.rules import next_item
from domain.challenges import attempts, grading, lists, queries, running, service, understanding
from domain.challenges.grading import Graded
from domain.challenges.queries import Challenge
from domain.challenges.rules import Locked
from domain.challenges.understanding import Blocks, Understood
from domain.errors import N_, Refusal
from domain.grading import SandboxError
from domain.notifications import outbox
from tutor.care import needs_a_person

KEPT = N_(
    "I cannot run code at the moment. Yours is kept, and I will run it when that works again. "
    "Look later with /code history."
)


@command("code")
async def code(turn: Turn, arguments: str) -> Answer:
    """Open a challenge, list them, or show what was handed in."""
    words = arguments.split()
    if not words:
        return await _open_last_or_list(turn)
    if words[0].lower() == "list":
        return await _list(turn)
    if words[0].lower() == "history":
        one = await lists.named(turn.conn, turn.user_id, words[1]) if len(words) > 1 else None
        return await _past(turn, one.id if one else None, 0)
    if words[0].lower() == "submit":
        raise Refusal(
            N_("Say which file: /code submit two_fer.py. Or send your code between lines of ```."),
            choices=("/code",),
        )
    found = await lists.named(turn.conn, turn.user_id, arguments)
    return await _open(turn, found.id)


async def _open_last_or_list(turn: Turn) -> Answer:
    last = await queries.opened_last(turn.conn, turn.user_id)
    if last is not None:
        found = await queries.challenge(turn.conn, turn.user_id, last)
        if not found.is_done:
            return await _open(turn, last)
    return await _list(turn)


async def _list(turn: Turn) -> Reply:
    found, total = await lists.mine(turn.conn, turn.user_id)
    if not found:
        raise Refusal(
            N_("None of your courses has a challenge for you yet. Join a course first."),
            choices=("/courses", "/learn"),
        )
    return screens.listing(turn, found, total)


@registry.control("code.open")
async def opened(turn: Turn, pressed: Control) -> Answer:
    """Show the statement."""
    return await _open(turn, pressed.target)


async def _open(turn: Turn, challenge_id: UUID) -> Answer:
    platform = turn.incoming.actor.platform
    try:
        found = await service.open_challenge(
            turn.conn, turn.learner, challenge_id, platform, turn.now
        )
    except Locked as locked:
        raise screens.locked(locked) from locked
    turn.expect(TYPED, challenge=str(found.id))
    cut_off = await attempts.unfinished(turn.conn, turn.user_id, found.id, turn.now)
    if cut_off is not None:
        text = turn.say("Your last submission was not finished. I am running it now.")
        return _run(turn, found, cut_off, text)
    return screens.statement(turn, found)


@registry.typed(TYPED)
async def typed(turn: Turn, text: str) -> Answer:
    """Code in a message."""
    if needs_a_person(text) and not understanding.is_code(text):
        return await tutor_care.told(turn)
    found = await _expected(turn)
    understood = understanding.from_text(text, found.wanted)
    if isinstance(understood, Blocks):
        return _which(turn, found, understood)
    got = turn.count(
        "Got {n} line of {language}. Running…",
        "Got {n} lines of {language}. Running…",
        understood.lines,
        language=screens.LANGUAGES[found.language],
    )
    return await _submit(turn, found, understood, got)


@registry.upload(TYPED)
async def uploaded(turn: Turn) -> Answer:
    """Files for the open challenge, unless they are decks."""
    if cards_files.are_decks(turn.incoming.action):
        return await cards_files.take(turn)
    return await _take_files(turn, await _expected(turn))


@registry.upload("")
async def uploaded_unasked(turn: Turn) -> Answer:
    """Decks go to the cards; other files that nothing asked for, to the challenge opened last."""
    if cards_files.are_decks(turn.incoming.action):
        return await cards_files.take(turn)
    last = await queries.opened_last(turn.conn, turn.user_id)
    if last is None:
        raise Refusal(
            N_("I do not know what these files are for. Open a challenge first, with /code."),
            choices=("/code", "/learn"),
        )
    return await _take_files(turn, await queries.challenge(turn.conn, turn.user_id, last))


async def _take_files(turn: Turn, found: Challenge) -> Answer:
    action = turn.incoming.action
    files = action.files if isinstance(action, Upload) else ()
    understood = understanding.from_files(
        [(file.name, file.content) for file in files], found.wanted
    )
    got = turn.count(
        "Got {names}, {n} line. Running…",
        "Got {names}, {n} lines. Running…",
        understood.lines,
        names=escape(", ".join(_names(turn, found, understood))),
    )
    return await _submit(turn, found, understood, got)


def _names(turn: Turn, found: Challenge, understood: Understood) -> list[str]:
    """What was understood; a file of another name says as what it is taken."""
    if not understood.sent_as:
        return list(understood.files)
    taken = turn.say("{name} as {main}", name=understood.sent_as, main=found.main)
    return [taken, *(name for name in understood.files if name != found.main)]


async def _expected(turn: Turn) -> Challenge:
    data = turn.expecting.data if turn.expecting else {}
    challenge_id = UUID(str(data["challenge"])) if "challenge" in data else None
    if challenge_id is None:
        challenge_id = await queries.opened_last(turn.conn, turn.user_id)
    if challenge_id is None:
        raise Refusal(N_("Open a challenge first, with /code."), choices=("/code",))
    return await queries.challenge(turn.conn, turn.user_id, challenge_id)


def _which(turn: Turn, found: Challenge, several: Blocks) -> Reply:
    """More than one block: nothing is handed in before the learner says which."""
    turn.expect(TYPED, challenge=str(found.id), blocks=list(several.blocks))
    lines = [
        turn.count(
            "There is {n} piece of code.",
            "There are {n} pieces of code. Which one?",
            len(several.blocks),
        )
    ]
    for number, block in enumerate(several.blocks, start=1):
        first = next(line for line in block.splitlines() if line.strip())
        lines.append(f"{number}. {escape(first.strip()[:60])}")
    buttons = tuple(
        Button(turn.say("Piece {number}", number=number), control("code.block", found.id, number))
        for number in range(1, min(len(several.blocks), 5) + 1)
    )
    return Reply("\n".join(lines), rows=(buttons,))


@registry.control("code.block")
async def block_chosen(turn: Turn, pressed: Control) -> Answer:
    """Hand in one of several pieces."""
    data = turn.expecting.data if turn.expecting else {}
    found = await queries.challenge(turn.conn, turn.user_id, pressed.target)
    blocks = data.get("blocks", []) if data.get("challenge") == str(found.id) else []
    understood = understanding.chosen_block(blocks, pressed.number - 1, found.wanted)
    got = turn.say("Got piece {number}. Running…", number=pressed.number)
    return await _submit(turn, found, understood, got)


async def _submit(turn: Turn, found: Challenge, understood: Understood, got: str) -> Answer:
    incoming = turn.incoming
    attempt = ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id)
    submitted = await service.submit(
        turn.conn, turn.learner, found, understood.files, attempt, turn.now, incoming.place.id
    )
    turn.expect(TYPED, challenge=str(found.id))
    return _run(turn, found, submitted.attempt, got)


def _run(turn: Turn, found: Challenge, attempt: UUID, text: str) -> Later:
    """Grade after the commit; whatever happens then, the submission is stored."""

    async def work() -> Reply:
        services = turn.services
        try:
            graded = await running.grade(
                services.database, services.grader, services.clock, attempt, turn.user_id
            )
        except SandboxError as broken:
            raise Refusal(KEPT, choices=("/code history", "/learn")) from broken
        return await _result(turn, found, attempt, graded)

    return Later(Reply(text), work)


async def _take_back(turn: Turn, attempt_id: UUID) -> bool:
    """Keep the message of whoever graded it from being sent, since it is shown here now."""
    async with turn.services.database.worker_unit_of_work() as conn:
        return await outbox.withdraw(conn, turn.user_id, grading.news_key(attempt_id))


async def _result(turn: Turn, found: Challenge, attempt_id: UUID, graded: Graded | None) -> Reply:
    look = Button(turn.say("Look again"), control("code.mine", attempt_id))
    async with turn.services.database.unit_of_work(turn.user_id) as conn:
        attempt = await attempts.attempt(conn, turn.user_id, attempt_id)
        if attempt.finished_at is None:
            return Reply(
                turn.say("It is still running. I tell you when it is done."), rows=((look,),)
            )
        if graded is None and not await _take_back(turn, attempt_id):
            return Reply(
                turn.say("It is checked. The result has a message of its own."), rows=((look,),)
            )
        challenge = await queries.challenge(conn, turn.user_id, found.id)
        rewards = reward_lines(turn, graded.outcome) if graded and graded.outcome else []
        if graded and graded.progress and graded.progress.just_finished:
            rewards.append(turn.say("You have finished the whole course. Well done."))
        onward: Sequence[Button] = ()
        if attempt.status == "passed":
            items = await catalog.outline(conn, turn.user_id, found.course_id)
            following = next_item(items, found.id)
            if following is not None:
                onward = (item_button(turn, following, primary=True),)
        return result.result(turn, attempt, challenge, rewards, onward)


async def _past(turn: Turn, challenge_id: UUID | None, offset: int) -> Reply:
    page, total = await attempts.history(turn.conn, turn.user_id, challenge_id, offset)
    size = attempts.HISTORY_PAGE
    return result.past(
        turn,
        page,
        total,
        offset,
        older=control("code.past", challenge_id, offset + size),
        newer=control("code.past", challenge_id, max(0, offset - size)),
    )


@registry.control("code.past")
async def past(turn: Turn, pressed: Control) -> Answer:
    """A page of the history."""
    return await _past(turn, pressed.id, pressed.number)


@registry.control("code.mine")
async def my_attempt(turn: Turn, pressed: Control) -> Answer:
    """One old attempt: its result and its files."""
    one = await attempts.attempt(turn.conn, turn.user_id, pressed.target)
    if one.finished_at is None:
        found = await queries.challenge(turn.conn, turn.user_id, one.component_id)
        return _run(turn, found, one.id, turn.say("It is not finished yet. One moment…"))
    shown = result.result(turn, one, None, (), ())
    files = tuple(File(name, text.encode()) for name, text in one.files.items())
    return Reply(shown.text, rows=shown.rows, files=(*files, *shown.files))


@registry.control("code.log")
async def full_log(turn: Turn, pressed: Control) -> Answer:
    """Everything about an attempt as a file."""
    one = await attempts.attempt(turn.conn, turn.user_id, pressed.target)
    text = turn.say("The log of your attempt at “{title}”.", title=one.title)
    again = Button(turn.say("Try again"), control("code.open", one.component_id))
    return Reply(text, rows=((again,),), files=(result.log_file(turn, one),))
