"""/teach stats: which tasks of a course are harder than they say, and what work on them is like."""

from datetime import timedelta

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.flows.teach.tutor import require_private
from bots.conversation.turn import Turn
from domain.analytics import calibration
from domain.analytics.calibration import LEAST, Task, Verdict, Work
from domain.errors import N_, NotFound
from domain.tutoring import instructors
from domain.tutoring.instructors import Taught

MOST = 8  # tasks in a list
OVER = timedelta(days=30)
KINDS = {"quiz": N_("quiz"), "challenge": N_("challenge"), "question": N_("question")}
VERDICTS: dict[Verdict, str] = {
    "too hard": N_("too hard: {rate} % pass"),
    "too easy": N_("too easy: {rate} % pass"),
    "harder": N_("harder than level {level}: {rate} % pass, more like level {believed}"),
    "easier": N_("easier than level {level}: {rate} % pass, more like level {believed}"),
    "": N_("{rate} % pass"),
}


async def stats(turn: Turn, wish: str) -> Reply:
    """How hard the tasks of a course turn out, over five learners and more.

    Raises:
        NotFound: whoever asks teaches no such course, or several.
    """
    return await _show(turn, await instructors.require_taught(turn.conn, wish))


@registry.control("teach.stats")
async def pressed_stats(turn: Turn, pressed: Control) -> Reply:
    """The same by a button."""
    require_private(turn)
    courses = await instructors.taught(turn.conn)
    course = next((one for one in courses if one.id == pressed.target), None)
    if course is None:
        raise NotFound(instructors.NOBODY, choices=("/courses",))
    return await _show(turn, course)


async def _show(turn: Turn, course: Taught) -> Reply:
    tasks = await calibration.calibrate(turn.conn, course.id)
    done = await calibration.work(turn.conn, course.id, turn.now - OVER)
    parts = [turn.say("**{course}**: how hard its tasks turn out", course=escape(course.title))]
    remarkable = [task for task in tasks if task.verdict]
    if not tasks:
        parts.append(turn.say("Tasks show here when {n} learners have tried them.", n=LEAST))
    elif not remarkable:
        parts.append(turn.say("No task stands out. These are the ones that fewest pass:"))
    parts.append("\n".join(_task(turn, task) for task in (remarkable or tasks)[:MOST]))
    if done:
        parts.append(turn.say("For each try in the last 30 days, on average:"))
        parts.append("\n".join(_work(turn, one) for one in done[:MOST]))
    tutor = Button(turn.say("The tutor"), control("tt.open", course.id))
    return Reply("\n\n".join(part for part in parts if part), rows=((tutor,),))


def _task(turn: Turn, task: Task) -> str:
    words = turn.say(
        VERDICTS[task.verdict],
        rate=round(100 * task.pass_rate),
        level=task.level,
        believed=task.believed_level,
    )
    title, kind = escape(task.title), turn.say(KINDS[task.kind])
    return f"- **{title}** ({kind}): {words}, " + turn.count(
        "{n} learner", "{n} learners", task.learners
    )


def _work(turn: Turn, one: Work) -> str:
    return f"- **{escape(one.title)}**: " + turn.say(
        "{minutes} min, {errors} errors, {help} times help, {percent} % right",
        minutes=round(one.seconds / 60, 1),
        errors=round(one.errors, 1),
        help=round(one.help, 1),
        percent=round(one.completion or 0),
    )
