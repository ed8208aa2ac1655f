"""Searching the course by meaning as well as by words: after the commit, and never for long.

What words find is there already. The question becomes a vector only where the learner has agreed
that their words go to that service, where the course has vectors to compare it with, and where the
day's tokens allow it. Whatever goes wrong, what words found is the answer; the learner sees no
difference, and the log says how it was found.
"""

from uuid import UUID

from bots.conversation.flows.tutor.leave import BUDGET, NO_CONSENT
from bots.conversation.turn import Turn
from domain.tutoring import budgets, consent, vectors_kept
from domain.tutoring.budgets import Limits
from domain.tutoring.destinations import destinations
from domain.tutoring.passages import Found
from domain.tutoring.passages_near import find_near
from tutor.models.embedding import Embeddings
from tutor.models.protocol import ModelError
from tutor.question import Question

WORDS, MEANING = "words", "meaning"


async def by_meaning(
    turn: Turn, course: UUID | None, question: Question
) -> tuple[list[Found] | None, str]:
    """Passages that answer a question by their words and by their meaning.

    Args:
        turn: whose unit of work is over.
        course: where to look; None: nowhere.
        question: with the services that the learner agreed to, or why there is none.

    Returns:
        The passages, or None when those that words found are all there is; and how it went, for the
        log: "meaning", "words", or "words: " with the reason.
    """
    embeddings, text = turn.services.embeddings, question.text
    if embeddings is None or course is None or not text:
        return None, WORDS
    if embeddings.name not in question.allowed:
        return None, f"{WORDS}: {question.reason or NO_CONSENT}"
    if reason := await _refused(turn, embeddings, course, text):
        return None, f"{WORDS}: {reason}"
    try:
        asked = await embeddings.question(text)
    except ModelError as error:
        return None, f"{WORDS}: {error}"
    async with turn.services.database.unit_of_work(turn.user_id) as conn:
        found = await find_near(conn, course=course, user=turn.user_id, text=text, asked=asked)
    return found, MEANING


async def _refused(turn: Turn, embeddings: Embeddings, course: UUID, text: str) -> str:
    """Why the question stays here, in a word, or ""; looked at just before it would leave."""
    services = turn.services
    limits = Limits.from_settings(services.settings)
    async with services.database.unit_of_work(turn.user_id) as conn:
        standing = await consent.standing(conn, turn.user_id, destinations(services.settings))
        if embeddings.name not in standing.allowed:
            return NO_CONSENT
        if not await vectors_kept.has_any(conn, course, embeddings.model):
            return "no vectors"
        tokens, now = embeddings.tokens(text), services.clock.now()
        if not await budgets.spend(conn, tokens=tokens, now=now, limits=limits):
            return BUDGET
    return ""
