"""What a question to the tutor is about, and everything an answer may be made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bots.conversation.turn import Turn
from domain import ids
from domain.activity import queries as activity
from domain.catalog import queries as catalog
from domain.catalog.rules import Item
from domain.challenges import helping
from domain.challenges import queries as challenges
from domain.challenges.helping import Material
from domain.challenges.queries import Challenge
from domain.challenges.rules import next_hint
from domain.errors import Refusal
from domain.settings import encryption_secret
from domain.tutoring import climbing, guidance, log, passages, rungs
from domain.tutoring.guidance import Guidance
from domain.tutoring.log import Kind
from domain.tutoring.passages import Found
from domain.tutoring.rungs import SOLVED, Rung
from tutor.judging import KINDS_OF_CHANGE
from tutor.models.protocol import Exchange, Passage
from tutor.question import Program, Question
from tutor.redaction import pseudonym

OTHERS = 4  # exercises of the course that an answer must not give away either
CONVERSATION = timedelta(hours=2)  # so far back an earlier turn belongs to this one
_BEFORE_ALL = bytes(10)


@dataclass(frozen=True, slots=True)
class About:
    """An item, or none.

    Args:
        component: the item; None: outside of any.
        course: its course; None: the learner has none.
        title: the item's.
        challenge: the item, when it is a challenge.
        material: of the challenge.
    """

    component: UUID | None = None
    course: UUID | None = None
    title: str = ""
    challenge: Challenge | None = None
    material: Material | None = None

    @property
    def attempt(self) -> UUID | None:
        """The submission that is asked about."""
        newest = self.material.newest if self.material is not None else None
        return newest.attempt if newest is not None else None


async def challenge_about(turn: Turn, component: UUID, attempt: UUID | None = None) -> About:
    """A challenge that is open for the learner.

    Args:
        turn: whose.
        component: the challenge.
        attempt: the submission that is asked about; None: the newest.

    Raises:
        Refusal: it is not open, or not there.
    """
    found = await challenges.challenge(turn.conn, turn.user_id, component)
    material = await helping.material(turn.conn, turn.user_id, found.id, found.version, attempt)
    return About(found.id, found.course_id, found.title, found, material)


async def open_about(turn: Turn) -> About:
    """What the learner has open: what typed text answers now, else the last place in a course."""
    data = turn.expecting.data if turn.expecting is not None else {}
    if "challenge" in data:
        return await component_about(turn, UUID(str(data["challenge"])))
    course = await activity.latest_course(turn.conn, turn.user_id)
    if course is None:
        return About()
    last = await activity.last_component(turn.conn, turn.user_id, course)
    if last is None:
        return About(course=course)
    return await component_about(turn, last, course)


async def component_about(turn: Turn, component: UUID, course: UUID | None = None) -> About:
    """An item by its id; a challenge that is not open counts as a lesson without a name."""
    try:
        return await challenge_about(turn, component)
    except Refusal:
        pass
    course = course or await activity.latest_course(turn.conn, turn.user_id)
    items: list[Item] = []
    if course is not None:
        items = list(await catalog.outline(turn.conn, turn.user_id, course))
    item = next((one for one in items if one.id == component), None)
    return About(component if item else None, course, item.title if item else "")


async def rung_for(turn: Turn, about: About, kind: Kind, wanted: Guidance) -> Rung:
    """The rung of this request; climbs when work or time allows it."""
    challenge, material = about.challenge, about.material
    if challenge is None or material is None:
        return Rung(wanted.support_level, None)
    if challenge.is_done or kind == "code_review":
        return Rung(SOLVED, None)
    most = wanted.support_level
    if kind != "hint_request" and next_hint(challenge.hints) is not None:
        most = min(most, rungs.FREELY)  # what is above waits for the author's own hints
    return await climbing.climb(
        turn.conn,
        learner=turn.user_id,
        component=challenge.id,
        submissions=rungs.distinct(material.failing),
        most=most,
        now=turn.now,
    )


async def wishes(turn: Turn, about: About) -> Guidance:
    """What instructors want of the tutor here."""
    if about.component is not None:
        return await guidance.notes_for(turn.conn, about.component)
    if about.course is not None:
        return await guidance.course_notes(turn.conn, about.course)
    return Guidance()


async def question(
    turn: Turn,
    about: About,
    kind: Kind,
    text: str,
    rung: Rung,
    wanted: Guidance,
    found: Sequence[Found],
    key: UUID,
) -> Question:
    """Everything an answer may be made from; no name and no platform id is in it.

    Args:
        turn: who asks.
        about: what.
        kind: what for.
        text: the learner's words.
        rung: that was decided.
        wanted: by instructors.
        found: passages of the course.
        key: of the row in the log.
    """
    since = ids.uuid7(turn.now - CONVERSATION, _BEFORE_ALL)
    history = await log.history(
        turn.conn,
        turn.seals,
        learner=turn.user_id,
        component=about.component,
        before=key,
        since=since,
    )
    secret = encryption_secret(turn.services.settings)
    return Question(
        kind=kind,
        level=rung.level,
        text=text,
        language=turn.texts.language,
        program=await _program(turn, about, kind, rung.level),
        others=await _others(turn, about),
        item=_item(about),
        passages=quotable(found),
        history=tuple(Exchange(asked, answered) for asked, answered in history),
        notes=wanted.notes,
        style=wanted.style,
        conversation=pseudonym(secret, turn.user_id, about.component),
        has_course=about.course is not None,
    )


def quotable(found: Sequence[Found]) -> tuple[Passage, ...]:
    """Passages as an answer may cite them."""
    return tuple(Passage(one.key, f"{one.lesson}: {one.title}", one.text) for one in found)


async def _program(turn: Turn, about: About, kind: Kind, level: int) -> Program | None:
    challenge, material = about.challenge, about.material
    if challenge is None or material is None:
        return None
    newest = material.newest
    accepted: tuple[str, ...] = ()
    if newest is not None and newest.status != "passed" and kind != "code_review":
        main = material.task.main
        accepted = await helping.lent(turn.conn, challenge.id, newest.version, main)
    return Program(
        task=material.task,
        files=newest.files if newest is not None else challenge.starter,
        solutions=_texts(material),
        result=newest.result if newest is not None else None,
        show_hidden=challenge.show_hidden,
        level=level,
        accepted=accepted,
    )


def _texts(material: Material) -> tuple[str, ...]:
    found = material.solution.get(material.task.main)
    return (found,) if found else tuple(material.solution.values())


async def _others(turn: Turn, about: About) -> tuple[Program, ...]:
    """Unsolved exercises of the course, where no exercise of its own is talked about."""
    if about.course is None or about.challenge is not None:
        return ()
    found = await helping.unsolved(turn.conn, turn.user_id, about.course, None, OTHERS)
    return tuple(
        Program(
            material.task,
            material.newest.files if material.newest is not None else starter,
            _texts(material),
            # Of what was not begun only a whole solution tells much: any example may help a test.
            level=rungs.FREELY if material.newest is not None else KINDS_OF_CHANGE,
        )
        for material, starter in found
    )


def _item(about: About) -> str:
    challenge = about.challenge
    if challenge is None:
        return about.title
    return "\n\n".join(
        part for part in (challenge.title, challenge.context, challenge.instructions) if part
    )


async def found_for(turn: Turn, about: About, text: str) -> list[Found]:
    """Passages of the course that a question may be answered from."""
    if about.course is None or not text:
        return []
    return await passages.find(turn.conn, course=about.course, user=turn.user_id, text=text)
