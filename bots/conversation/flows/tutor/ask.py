"""/ask, and the tutor's buttons: explain an error, review a program, rate an answer."""

from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl
from bots.conversation.dialogue import Reply
from bots.conversation.flows.code.hints import TYPED as CODE
from bots.conversation.flows.tutor import about as tutor_about
from bots.conversation.flows.tutor import answer, care, leaving, words
from bots.conversation.flows.tutor.about import About
from bots.conversation.flows.tutor.answer import TYPED
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain.challenges import attempts, queries, understanding
from domain.challenges.helping import Tried
from domain.errors import N_, Refusal
from domain.tutoring import consent, log
from domain.tutoring.destinations import destinations
from tutor.care import needs_a_person

LONGEST = 2_000  # characters of a question
EMPTY = N_("There is no question in that. Write what you want to know, in your own words.")
TOO_LONG = N_("A question can have {most} characters, and yours has {n}. Please ask for less.")
NO_TRY = N_("Hand in your program first. Then I can look at it.")
NOTHING_FAILS = N_("Your last try passed all its tests: there is no error to explain.")
NOT_PASSED = N_("I review programs that pass. Your last try does not pass all tests yet.")
NO_ANSWER = N_("There is no such answer of yours.")


@command("ask", aside=True)
async def ask(turn: Turn, arguments: str) -> Answer:
    """Ask about what is open, or in general; alone, it asks for the question."""
    if not arguments:
        return await _form(turn, None)
    if arguments.lower() in {"explain", "review"}:
        challenge = await _open_challenge(turn)
        work = _explain if arguments.lower() == "explain" else _review
        return await work(turn, challenge, None)
    return await _question(turn, None, arguments)


@registry.control("ask.open")
async def asked(turn: Turn, pressed: Control) -> Answer:
    """Ask for the question."""
    return await _form(turn, pressed.id)


async def _form(turn: Turn, component: UUID | None) -> Reply:
    await answer.refuse_in_exam(turn)
    about = await _about(turn, component)
    answer.expect_question(turn, about)
    return words.asked_for(turn, about.title, about.component)


@registry.typed(TYPED)
async def typed(turn: Turn, text: str) -> Answer:
    """What is typed after an answer: a further question, or the next try."""
    data = turn.expecting.data if turn.expecting is not None else {}
    if "challenge" in data:
        if understanding.is_code(text):
            return await registry.typed_texts[CODE](turn, text)
        return await _question(turn, UUID(str(data["challenge"])), text)
    return await _question(turn, None, text)


async def _question(turn: Turn, component: UUID | None, text: str) -> Answer:
    text = text.strip()
    if not text:
        raise Refusal(EMPTY, choices=("/ask",))
    if needs_a_person(text):
        return await care.told(turn)
    if len(text) > LONGEST:
        raise Refusal(TOO_LONG, {"most": LONGEST, "n": len(text)}, choices=("/ask",))
    return await answer.ask(turn, await _about(turn, component), "question", text)


async def _about(turn: Turn, component: UUID | None) -> About:
    if component is None:
        return await tutor_about.open_about(turn)
    return await tutor_about.component_about(turn, component)


async def _open_challenge(turn: Turn) -> UUID:
    if turn.expecting is not None and "challenge" in turn.expecting.data:
        return UUID(str(turn.expecting.data["challenge"]))
    found = await queries.opened_last(turn.conn, turn.user_id)
    if found is None:
        raise Refusal(N_("Open a challenge first, with /code."), choices=("/code",))
    return found


@registry.control("ask.explain")
async def explained(turn: Turn, pressed: Control) -> Answer:
    """Explain why an attempt fails."""
    one = await attempts.attempt(turn.conn, turn.user_id, pressed.target)
    return await _explain(turn, one.component_id, one.id)


async def _explain(turn: Turn, challenge: UUID, attempt: UUID | None) -> Answer:
    about, newest = await _tried(turn, challenge, attempt)
    if newest.status == "passed":
        raise Refusal(NOTHING_FAILS, choices=("/learn",))
    return await answer.ask(turn, about, "explanation")


async def _tried(turn: Turn, challenge: UUID, attempt: UUID | None) -> tuple[About, Tried]:
    """A challenge with the submission that is asked about; None: the newest.

    Raises:
        Refusal: nothing was handed in.
    """
    about = await tutor_about.challenge_about(turn, challenge, attempt)
    newest = about.material.newest if about.material is not None else None
    if newest is None:
        raise Refusal(NO_TRY, choices=("/code",))
    return about, newest


@registry.control("ask.hint")
async def hinted(turn: Turn, pressed: Control) -> Answer:
    """A hint of the tutor's, where the author has no more."""
    return await hint(turn, pressed.target)


async def hint(turn: Turn, challenge: UUID) -> Answer:
    """The tutor's next hint for a challenge."""
    about, _ = await _tried(turn, challenge, None)
    return await answer.ask(turn, about, "hint_request")


@registry.control("ask.review")
async def reviewed(turn: Turn, pressed: Control) -> Answer:
    """Review a program that passes."""
    one = await attempts.attempt(turn.conn, turn.user_id, pressed.target)
    return await _review(turn, one.component_id, one.id)


async def _review(turn: Turn, challenge: UUID, attempt: UUID | None) -> Answer:
    about, newest = await _tried(turn, challenge, attempt)
    if newest.status != "passed":
        raise Refusal(NOT_PASSED, choices=("/code",))
    return await answer.ask(turn, about, "code_review")


@registry.control("ask.show")
async def shown(turn: Turn, pressed: Control) -> Answer:
    """An answer that was asked for before."""
    row = await log.look(turn.conn, turn.seals, turn.user_id, pressed.target)
    if row is None:
        raise Refusal(NO_ANSWER, choices=("/ask",))
    return await answer.shown(turn, row)


@registry.control("ask.rating")
async def to_rate(turn: Turn, pressed: Control) -> Reply:
    """Show the words for an answer."""
    if await log.look(turn.conn, turn.seals, turn.user_id, pressed.target) is None:
        raise Refusal(NO_ANSWER, choices=("/ask",))
    return words.rating(turn, pressed.target)


@registry.control("ask.rate")
async def rated(turn: Turn, pressed: Control) -> Reply:
    """Keep how good an answer was; pressed again it changes."""
    quality = pressed.number
    if not 1 <= quality <= len(words.RATINGS):
        raise StaleControl
    if not await log.rate(turn.conn, turn.user_id, pressed.target, quality):
        raise Refusal(NO_ANSWER, choices=("/ask",))
    return words.rated(turn, quality)


@registry.control("ask.allow")
async def allowed(turn: Turn, pressed: Control) -> Answer:
    """Keep whether a service may get the learner's words; after a yes the question is asked."""
    found = destinations(turn.services.settings)
    destination, is_yes = leaving.answered(pressed.argument, found)
    await consent.decide(turn.conn, turn.user_id, destination, allow=is_yes, now=turn.now)
    row = await log.look(turn.conn, turn.seals, turn.user_id, pressed.target)
    if is_yes and row is None:  # the question was deleted meanwhile
        return await _form(turn, None)
    if not is_yes or row is None:
        text = turn.say("Nothing leaves this server then. You can change that with /privacy.")
        return Reply(text, quiet=True, notice=text)
    return await answer.again(turn, row)
