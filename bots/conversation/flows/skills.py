"""/progress skills: what is believed of the learner's skills, and how surely."""

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.turn import Turn
from domain.activity.queries import CourseStanding
from domain.adaptivity import queries, rules
from domain.adaptivity.rules import SkillLevel
from domain.errors import N_

MOST = 12
CLEAR = 0.1  # a trend that is worth a word
HOW_SURE = ((0.5, N_("quite sure")), (0.25, N_("fairly sure")), (0.0, N_("a first guess")))


async def skills(turn: Turn, course: CourseStanding) -> Reply:
    """The learner's skills in a course, in percent of usual tasks, with the confidence in words."""
    found = await queries.skills_of(turn.conn, turn.user_id, course.id)
    buttons = (
        line_button(turn.say("What fits me now?"), "/learn next"),
        Button(turn.say("Contents"), control("outline", course.id)),
    )
    if not found:
        text = turn.say("Answer a quiz or try a challenge, and your topics show here.")
        return Reply(text, rows=(buttons,))
    lines = [_line(turn, one) for one in found[:MOST]]
    parts = [
        turn.say("**{course}**: what you would solve of usual tasks.", course=course.title),
        "\n".join(lines),
        *_trend(turn, (await queries.state_of(turn.conn, turn.user_id, course.id)).trend),
        turn.say("Reading never counts against you, nor does trying again."),
    ]
    return Reply("\n\n".join(parts), rows=(buttons,))


def _line(turn: Turn, one: SkillLevel) -> str:
    sure = next(words for least, words in HOW_SURE if one.confidence >= least)
    return f"- {one.title}: {round(100 * one.level)} %, {turn.say(sure)}, " + turn.count(
        "{n} answer", "{n} answers", one.answers
    )


def _trend(turn: Turn, trend: rules.Trend) -> list[str]:
    slope = rules.slope(trend)
    if abs(slope) < CLEAR:
        return []
    if slope > 0:
        return [turn.say("Lately you solve more than I expected.")]
    return [turn.say("Lately the tasks were harder than I expected. That changes again.")]
