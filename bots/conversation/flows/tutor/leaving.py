"""How a learner is asked whether their words may leave for a model: the same words everywhere."""

import hashlib
from collections.abc import Sequence

from bots.conversation.controls import StaleControl
from bots.conversation.dialogue import escape
from bots.conversation.turn import Turn
from domain.tutoring.destinations import Destination, searcher


def question(turn: Turn, about: Destination) -> str:
    """Whether the service may be asked: what it gets, and what it does with it."""
    name = escape(about.title)
    words = [
        turn.say("May I ask {name}, a model outside of Stoa?", name=name),
        turn.say(
            "It gets your question, your program, the exercise, and your last questions about it."
        ),
    ]
    if about == searcher(turn.services.settings):
        words.append(
            turn.say("It also gets each question alone, to search your course by its meaning.")
        )
    words.append(
        turn.say("It never gets your name or your account. Keys and addresses are taken out.")
    )
    if about.trains:
        words.append(
            turn.say(
                "{name} may use what you write to train its models, and people there may read it.",
                name=name,
            )
        )
        words.append(turn.say("Agree only if you want that. The tutor works without it, too."))
    else:
        words.append(
            turn.say("The people who run this Stoa say that it trains no models with your words.")
        )
    return " ".join(words)


def labels(turn: Turn, about: Destination) -> tuple[str, str]:
    """Of the button that agrees, and of the one that does not."""
    yes = turn.say("I agree") if about.trains else turn.say("Yes, ask it")
    return yes, turn.say("No, stay offline")


def answer(about: Destination, *, allow: bool) -> str:
    """What a button carries, since a service's key may be too long for one.

    It tells what the learner was told, too: a yes to a service that does not learn from what it
    gets is none to the same service when it does.
    """
    written = f"{about.key}\n{about.trains}"
    return ("y" if allow else "n") + hashlib.sha256(written.encode()).hexdigest()[:8]


def answered(carried: str, found: Sequence[Destination]) -> tuple[Destination, bool]:
    """The service a button was about, and whether it agrees.

    Args:
        carried: what `answer` made.
        found: the configured services.

    Raises:
        StaleControl: the service, or what it does with words, is another now.
    """
    for about in found:
        for allow in (True, False):
            if carried == answer(about, allow=allow):
                return about, allow
    raise StaleControl
