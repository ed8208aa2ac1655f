"""/progress: what has been done, in words."""

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows import pictured
from bots.conversation.flows.general import line_button
from bots.conversation.flows.goals.commands import daily_of
from bots.conversation.flows.goals.screens import daily_line
from bots.conversation.flows.inbox import inbox
from bots.conversation.flows.skills import skills
from bots.conversation.flows.streak import days_of, streak_line
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.activity import queries as activity
from domain.errors import N_, Refusal
from domain.motivation import queries as motivation
from domain.motivation.levels import xp_of_level

WORDS = ("", "days", "courses", "skills", "inbox")


@command("progress", aside=True)
async def progress(turn: Turn, arguments: str) -> Reply:
    """Show the learner's courses, points, time and days; "days" and "courses" as pictures.

    "skills" shows what is believed of them in the latest course, "inbox" what was sent to them.
    """
    word = arguments.strip().lower()
    if word not in WORDS:
        raise Refusal(
            N_("After /progress I know days, courses, skills, inbox."), choices=("/progress",)
        )
    if word == "inbox":
        return await inbox(turn)
    if word == "days":
        return await pictured.heatmap(turn)
    standing = await activity.dashboard(turn.conn, turn.user_id)
    if not standing:
        raise Refusal(
            N_("You have not joined a course yet. Choose one, and your progress shows here."),
            choices=("/courses",),
        )
    if word == "courses":
        return await pictured.courses(turn, standing)
    if word == "skills":
        return await skills(turn, standing[0])
    totals = await motivation.totals(turn.conn, turn.user_id)
    days = await days_of(turn)
    lines = [
        f"- **{course.title}**: "
        + turn.say(
            "{done} of {total} steps ({percent}), {time}",
            done=course.done,
            total=course.total,
            percent=turn.texts.percent(course.percentage),
            time=duration(turn, course.seconds),
        )
        for course in standing
    ]
    facts = [
        turn.say(
            "Level {level}, {xp} XP; level {next} begins at {needed}.",
            level=totals.level,
            xp=totals.xp,
            next=totals.level + 1,
            needed=xp_of_level(totals.level + 1),
        ),
        ", ".join(
            [
                turn.count("{n} lesson read", "{n} lessons read", totals.lessons),
                turn.count("{n} quiz passed", "{n} quizzes passed", totals.quizzes),
                turn.count("{n} challenge solved", "{n} challenges solved", totals.challenges),
            ]
        )
        + ".",
    ]
    daily = await daily_of(turn)
    if daily.minutes is not None:
        facts.append(daily_line(turn, daily))
    if days.is_shown:
        facts.append(streak_line(turn, days))
    text = "\n\n".join([turn.say("Your courses:"), "\n".join(lines), *facts])
    buttons = (
        Button(turn.say("Continue"), control("join", standing[0].id), primary=True),
        Button(turn.say("Contents"), control("outline", standing[0].id)),
        line_button(turn.say("My days"), "/streak"),
    )
    more = (
        line_button(turn.say("Picture of my days"), "/progress days"),
        line_button(turn.say("Picture of my courses"), "/progress courses"),
        line_button(turn.say("My topics"), "/progress skills"),
        line_button(turn.say("My messages"), "/progress inbox"),
    )
    return Reply(text, rows=(buttons, more))


def duration(turn: Turn, seconds: int) -> str:
    """A length of time in hours and minutes: "1 h 5 min"."""
    minutes = seconds // 60
    if minutes < 60:
        return turn.say("{minutes} min", minutes=minutes)
    return turn.say("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
