"""/privacy: what is stored and why, who sees it, what goes to a model, and the switches."""

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.tutor import leaving
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.identity import service as identity
from domain.privacy import queries
from domain.privacy.queries import Choices
from domain.tutoring import consent
from domain.tutoring.destinations import Destination, destinations, searcher

SETTINGS = {
    "boards": "show_on_boards",
    "history": "tutor_history",
    "programs": "lends_programs",
}
NO_SERVICE = N_("No model is connected here. The tutor works without one, and nothing is sent.")


@command("privacy", aside=True)
async def privacy(turn: Turn, arguments: str) -> Reply:
    """Show the screen, or turn a switch."""
    name, _, value = arguments.strip().lower().partition(" ")
    if not name:
        return await _screen(turn)
    if name not in {*SETTINGS, "tutor"} or value not in {"on", "off"}:
        raise Refusal(
            N_("Type /privacy with boards, history, programs or tutor, and on or off."),
            choices=("/privacy",),
        )
    if name == "tutor":
        return await _switch_tutor(turn, on=value == "on")
    await identity.change_setting(turn.conn, turn.user_id, SETTINGS[name], value == "on")
    return await _screen(turn)


@registry.control("privacy.tutor")
async def decided(turn: Turn, pressed: Control) -> Reply:
    """Keep a yes or a no to one service."""
    about, allow = leaving.answered(pressed.argument, destinations(turn.services.settings))
    await consent.decide(turn.conn, turn.user_id, about, allow=allow, now=turn.now)
    return await _screen(turn)


async def _switch_tutor(turn: Turn, *, on: bool) -> Reply:
    services = destinations(turn.services.settings)
    if not services:
        raise Refusal(NO_SERVICE, choices=("/privacy",))
    if not on:
        for service in services:
            await consent.decide(turn.conn, turn.user_id, service, allow=False, now=turn.now)
        return await _screen(turn)
    said = await consent.answers(turn.conn, turn.user_id, services)
    missing = [service for service in services if said[service.key] != "yes"]
    if not missing:
        return await _screen(turn)
    return _ask(turn, missing[0])


def _ask(turn: Turn, about: Destination) -> Reply:
    yes, no = leaving.labels(turn, about)
    buttons = (
        Button(yes, control("privacy.tutor", None, leaving.answer(about, allow=True))),
        Button(no, control("privacy.tutor", None, leaving.answer(about, allow=False))),
    )
    return Reply(leaving.question(turn, about), rows=(buttons,))


async def _screen(turn: Turn) -> Reply:
    counts = await queries.stored(turn.conn, turn.user_id)
    chosen = await queries.choices(turn.conn, turn.user_id)
    services = destinations(turn.services.settings)
    said = await consent.answers(turn.conn, turn.user_id, services)
    lines = [
        f"- {name}: {turn.texts.number(counts[table])}"
        for table, name in _names(turn).items()
        if table in counts
    ]
    text = [
        turn.say("This is stored about you, so that you can continue anywhere:"),
        "\n".join(lines),
        turn.say(
            "Also your name as {platform} gives it, your settings, and when you were last "
            "here. No password, no e-mail and no address of your device.",
            platform=turn.incoming.actor.platform,
        ),
        turn.say(
            "Only you see it. The people who run this Stoa keep the database, "
            "and its row rules let no learner read another learner's rows."
        ),
        turn.say(
            "What you ask the tutor and what it answers is stored encrypted. "
            "The key is not in the database."
        ),
        _shared(turn, chosen),
        _sent(turn, services, said),
    ]
    allowed = any(answer == "yes" for answer in said.values())
    return Reply("\n\n".join(text), rows=_switches(turn, chosen, services, allowed=allowed))


def _names(turn: Turn) -> dict[str, str]:
    return {
        "identities": turn.say("accounts you write from"),
        "enrollments": turn.say("courses you joined"),
        "user_progress": turn.say("lessons, quizzes and challenges you opened"),
        "assessment_attempts": turn.say("quiz attempts, with your answers"),
        "challenge_attempts": turn.say("code you handed in, with its results"),
        "activity_ledger": turn.say("finished pieces of learning, for points and days"),
        "learning_sessions": turn.say("stretches of study time"),
        "bookmarks": turn.say("saved pages, with your notes"),
        "flashcard_reviews": turn.say("looks at flashcards"),
        "study_goals": turn.say("goals you set"),
        "ai_interactions": turn.say("questions to the tutor, with its answers"),
    }


def _shared(turn: Turn, chosen: Choices) -> str:
    """What others see, as it is set now."""
    if chosen.boards:
        boards = turn.say("Boards show your name and your points to other learners.")
    else:
        boards = turn.say("Boards leave you out.")
    if chosen.history:
        history = turn.say(
            "Instructors of your courses may read your questions to the tutor, without your name."
        )
    else:
        history = turn.say("Instructors do not see your questions to the tutor.")
    if chosen.programs:
        programs = turn.say(
            "The tutor compares other learners' programs with yours that pass. "
            "It never shows yours to anybody."
        )
    else:
        programs = turn.say("The tutor uses your programs for nobody but you.")
    return f"{boards} {history} {programs}"


def _sent(turn: Turn, services: tuple[Destination, ...], said: dict[str, consent.Answer]) -> str:
    """What leaves this Stoa, by service."""
    if not services:
        return turn.say("Nothing is sent to any other service. The tutor works without a model.")
    parts = []
    for service in services:
        name = escape(service.title)
        match said[service.key]:
            case "yes":
                parts.append(
                    turn.say(
                        "When you ask the tutor, {service} gets your question, your program, the "
                        "exercise, and your last questions about it.",
                        service=name,
                    )
                )
                if service == searcher(turn.services.settings):
                    parts.append(
                        turn.say(
                            "It also gets the question alone, to search your course by meaning, "
                            "even where the offline tutor answers."
                        )
                    )
                parts.append(
                    turn.say("Never your name or your account. Keys and addresses are taken out.")
                )
                if service.trains:
                    parts.append(turn.say("You agreed that it may train its models with them."))
            case "no":
                parts.append(turn.say("Nothing of yours goes to {service}.", service=name))
            case "unasked":
                parts.append(
                    turn.say(
                        "Nothing of yours goes to {service} unless you agree first.", service=name
                    )
                )
    return " ".join(parts)


def _switches(
    turn: Turn, chosen: Choices, services: tuple[Destination, ...], *, allowed: bool
) -> tuple[tuple[Button, ...], ...]:
    row = []
    if chosen.boards:
        row.append(line_button(turn.say("Leave boards"), "/privacy boards off"))
    else:
        row.append(line_button(turn.say("Show me on boards"), "/privacy boards on"))
    if chosen.history:
        row.append(line_button(turn.say("Hide my questions"), "/privacy history off"))
    else:
        row.append(line_button(turn.say("Show my questions"), "/privacy history on"))
    if chosen.programs:
        row.append(line_button(turn.say("Keep my programs"), "/privacy programs off"))
    else:
        row.append(line_button(turn.say("Lend my programs"), "/privacy programs on"))
    if services and allowed:
        row.append(line_button(turn.say("Tutor without a model"), "/privacy tutor off"))
    elif services:
        row.append(line_button(turn.say("Tutor with a model"), "/privacy tutor on"))
    return (tuple(row), (line_button(turn.say("All settings"), "/settings"),))
