"""/start: hello to somebody new, the menu for everybody else."""

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.flows.learn import LONGEST_LABEL
from bots.conversation.flows.link import commands as link
from bots.conversation.flows.streak import days_of, kept_line
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain.activity import queries as activity
from domain.catalog import queries as catalog
from domain.catalog.rules import Search
from domain.identity import codes

COURSE_LINK = "c_"  # deep links name a course: /start c_net_plus


@command("start")
async def start(turn: Turn, arguments: str) -> Answer:
    """Offer courses to a newcomer, and to others what they were doing."""
    if arguments.startswith(COURSE_LINK):
        slug = arguments.removeprefix(COURSE_LINK).replace("_", "-")
        card = await catalog.course_named(turn.conn, turn.user_id, slug)
        return Reply(
            turn.say(
                "Hi {name}. You came for **{course}**: {summary}",
                name=escape(turn.learner.name),
                course=card.title,
                summary=card.summary,
            ),
            rows=(
                (
                    Button(turn.say("Start first lesson"), control("join", card.id), primary=True),
                    line_button(turn.say("Look around"), "/courses"),
                ),
            ),
        )
    token = codes.read_start(arguments)
    if token is not None:
        return await link.entered_by_link(turn, token)
    if (asked := await link.waiting(turn)) is not None:
        return asked
    standing = await activity.dashboard(turn.conn, turn.user_id)
    if not standing:
        return await _welcome(turn)
    current = standing[0]
    days = await days_of(turn)
    lines = [
        turn.say("Welcome back, {name}.", name=escape(turn.learner.name)),
        turn.say(
            "**{course}**: {done} of {total} steps done ({percent}).",
            course=current.title,
            done=current.done,
            total=current.total,
            percent=turn.texts.percent(current.percentage),
        ),
    ]
    if days.streak.current and days.is_shown:
        lines.append(
            turn.count("{n} day in a row.", "{n} days in a row.", days.streak.current)
            + " "
            + (turn.say("Today is done.") if days.today_is_done else turn.say("Today is open."))
        )
        if kept := kept_line(turn, days.streak.just_kept, days.streak.current):
            lines.append(kept)
    return Reply(
        "\n\n".join(lines),
        rows=(
            (
                Button(turn.say("Continue"), control("join", current.id), primary=True),
                line_button(turn.say("Courses"), "/courses"),
                line_button(turn.say("My progress"), "/progress"),
                line_button(turn.say("Saved pages"), "/saved"),
                line_button(turn.say("Settings"), "/settings"),
                line_button(turn.say("Help"), "/help"),
            ),
        ),
    )


async def _welcome(turn: Turn) -> Reply:
    found, _ = await catalog.search(turn.conn, turn.user_id, Search())
    lines = [
        turn.say(
            "Hi {name}. This is Stoa, a study hall in your chat.", name=escape(turn.learner.name)
        ),
        turn.say("What do you want to learn?"),
    ]
    lines += [f"- **{card.title}**: {card.summary}" for card in found]
    if not found:
        lines.append(turn.say("There are no courses here yet. Ask the people who run this Stoa."))
    buttons = [Button(card.title[:LONGEST_LABEL], control("join", card.id)) for card in found]
    return Reply(
        "\n\n".join(lines[:2]) + ("\n\n" + "\n".join(lines[2:]) if lines[2:] else ""),
        rows=(tuple(buttons), (line_button(turn.say("Browse"), "/courses"),))
        if buttons
        else ((line_button(turn.say("Help"), "/help"),),),
    )
