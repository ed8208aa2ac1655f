"""Every kind of message, once: its name, its words, and what is worse, missed or doubled. Pure.

What nobody asked for at that moment would rather be missed than come twice (`at_most_once`). An
answer that somebody waits for would rather come twice than never (`at_least_once`).
"""

from dataclasses import dataclass

from domain.errors import N_, Refusal
from domain.notifications.rules import Policy


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    Attributes:
        name: in the outbox, in `muted_kinds` and after /mute.
        label: what people call it.
        policy: when a send's outcome is unknown.
        is_scheduled: it comes at a time, not as an answer; people may mute it, and a local date
            has one message of all these together.
    """

    name: str
    label: str
    policy: Policy
    is_scheduled: bool = True


REMINDER = "reminder"
NOT_ASKED_FOR: Policy = "at_most_once"
WAITED_FOR: Policy = "at_least_once"

# In the order in which a merged message says them.
_ALL = (
    Kind("freeze", N_("freezes used"), NOT_ASKED_FOR),
    Kind(REMINDER, N_("your reminder"), NOT_ASKED_FOR),
    Kind("streak", N_("days in a row"), NOT_ASKED_FOR),
    Kind("cards", N_("cards due"), NOT_ASKED_FOR),
    Kind("goal", N_("goals"), NOT_ASKED_FOR),
    Kind("news", N_("news of courses"), NOT_ASKED_FOR),
    Kind("live", N_("reports of live quizzes"), NOT_ASKED_FOR),
    Kind("graded", N_("results"), WAITED_FOR, is_scheduled=False),
    Kind("link", N_("linked accounts"), WAITED_FOR, is_scheduled=False),
)
KINDS = {kind.name: kind for kind in _ALL}
SCHEDULED = tuple(kind.name for kind in _ALL if kind.is_scheduled)


def scheduled(word: str) -> Kind:
    """The kind that somebody means by a word.

    Raises:
        Refusal: there is none that can be muted; the message lists them.
    """
    found = KINDS.get(word.strip().lower())
    if found is None or not found.is_scheduled:
        raise Refusal(
            N_("I know these kinds: {kinds}. For example: /mute news"),
            {"kinds": ", ".join(SCHEDULED)},
            choices=("/mute",),
        )
    return found
