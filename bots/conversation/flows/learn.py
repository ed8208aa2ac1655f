"""/learn: continue exactly where the learner stopped; lesson pages."""

from collections.abc import Sequence
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, File, Reply, escape
from bots.conversation.flows import next as suggesting
from bots.conversation.flows.badges import badge_line
from bots.conversation.flows.general import line_button
from bots.conversation.flows.streak import kept_line
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain.activity import queries as activity_queries
from domain.activity import service as activity
from domain.catalog import queries as catalog
from domain.catalog.rules import CourseCard, Item, next_item
from domain.errors import N_, Refusal
from domain.lessons import service as lessons
from domain.motivation.service import Outcome

LONGEST_LABEL = 64
MOST_BUTTONS = 5
OPENERS = suggesting.OPENERS


@command("learn")
async def learn(turn: Turn, arguments: str) -> Answer:
    """Open the next thing in a course, joining it when it is named; "next" suggests one."""
    word, _, rest = arguments.partition(" ")
    if word.lower() == "next":
        return await suggesting.suggest(turn, await _course(turn, rest))
    if arguments:
        card = await catalog.course_named(turn.conn, turn.user_id, arguments)
        return await join_and_continue(turn, card)
    return await continue_course(turn, await _course(turn, ""))


async def _course(turn: Turn, named: str) -> UUID:
    """The course that is named, or the one that was worked in last."""
    if named.strip():
        return (await catalog.course_named(turn.conn, turn.user_id, named)).id
    course = await activity_queries.latest_course(turn.conn, turn.user_id)
    if course is None:
        raise Refusal(
            N_("You have no open course. Choose one, and I will remember your place in it."),
            choices=("/courses",),
        )
    return course


async def join_and_continue(turn: Turn, card: CourseCard) -> Answer:
    """Enrol if needed, then open the next thing in the course."""
    joined = await activity.enroll(turn.conn, turn.user_id, card.id, turn.now)
    answer = await continue_course(turn, card.id)
    if joined and isinstance(answer, Reply):
        welcome = turn.say("You joined **{course}**.", course=card.title)
        return Reply(
            f"{welcome}\n\n{answer.text}",
            rows=answer.rows,
            files=answer.files,
            prompt=answer.prompt,
        )
    return answer


async def continue_course(turn: Turn, course: UUID) -> Answer:
    """Open the item that was open, or the next unfinished one; or say that all is done."""
    items = await catalog.outline(turn.conn, turn.user_id, course)
    last = await activity_queries.last_component(turn.conn, turn.user_id, course)
    item = next_item(items, last)
    if item is not None:
        return await open_item(turn, item)
    card = await catalog.card(turn.conn, turn.user_id, course)
    return Reply(
        turn.say("You have finished everything in **{course}**. Well done.", course=card.title),
        rows=(
            (
                Button(turn.say("Contents"), control("outline", course)),
                line_button(turn.say("My progress"), "/progress"),
                line_button(turn.say("Other courses"), "/courses"),
            ),
        ),
    )


async def open_item(turn: Turn, item: Item) -> Answer:
    """Open a component with the flow of its kind."""
    action = OPENERS[item.kind]
    return await registry.controls[action](turn, Control(action, item.id))


def item_button(turn: Turn, item: Item, *, primary: bool = False) -> Button:
    """The button that opens a component, named for what it is."""
    words = {
        "lesson": turn.say("Next lesson"),
        "quiz": turn.say("Take quiz"),
        "challenge": turn.say("Try the challenge"),
    }
    return Button(words[item.kind], control(OPENERS[item.kind], item.id), primary=primary)


@registry.control("lesson")
async def lesson_page(turn: Turn, pressed: Control) -> Reply:
    """Show one page; without an argument, the page where the learner stopped."""
    number = pressed.number if pressed.argument else None
    try:
        page = await lessons.open_page(
            turn.conn,
            turn.learner,
            pressed.target,
            number,
            turn.incoming.actor.platform,
            turn.now,
        )
    except lessons.Locked as locked:
        return _locked(turn, locked)
    turn.expect_nothing()
    parts = [_heading(turn, page), page.text]
    pictures = [File(picture.name, picture.content, picture.alt) for picture in page.pictures]
    if page.media and not page.page:
        parts.insert(1, _media_line(turn, page.media))
        if page.media.transcript:
            transcript = page.media.transcript.encode()
            pictures.append(File("transcript.txt", transcript, turn.say("Transcript")))
    return Reply(
        "\n\n".join(parts),
        rows=(_page_buttons(turn, page),),
        files=tuple(pictures),
        edits=number is not None,
    )


def _locked(turn: Turn, locked: lessons.Locked) -> Reply:
    """Nothing was written; the buttons lead to what comes first."""
    buttons = [
        Button(title[:LONGEST_LABEL], control("lesson", key)) for key, title in locked.missing
    ]
    return Reply(turn.refusal(locked), rows=(tuple(buttons[:MOST_BUTTONS]),))


def _media_line(turn: Turn, media: lessons.Media) -> str:
    link = turn.say("[Play it]({url})", url=media.url)
    if not media.seconds:
        return link
    minutes = turn.count("{n} minute", "{n} minutes", max(1, round(media.seconds / 60)))
    return f"{link} · {minutes}"


def _heading(turn: Turn, page: lessons.Page) -> str:
    parts = [
        f"**{page.title}**",
        turn.say("Lesson {number} of {total}", number=page.number, total=page.lessons),
    ]
    if page.pages > 1:
        parts.append(turn.say("page {number} of {total}", number=page.page + 1, total=page.pages))
    return " · ".join(parts)


def _page_buttons(turn: Turn, page: lessons.Page) -> tuple[Button, ...]:
    buttons = []
    if page.page:
        buttons.append(Button(turn.say("Back"), control("lesson", page.lesson_id, page.page - 1)))
    if page.is_last:
        done = turn.say("Continue") if page.is_done else turn.say("Finish lesson")
        buttons.append(Button(done, control("lesson.done", page.lesson_id), primary=True))
    else:
        forward = control("lesson", page.lesson_id, page.page + 1)
        buttons.append(Button(turn.say("Next page"), forward, primary=True))
    buttons.append(Button(turn.say("Save"), control("save", page.lesson_id, page.page)))
    buttons.append(Button(turn.say("Contents"), control("outline", page.course_id)))
    return tuple(buttons)


@registry.control("lesson.done")
async def lesson_done(turn: Turn, pressed: Control) -> Reply:
    """Finish a lesson: say what came of it, and offer what comes next."""
    done = await lessons.finish(
        turn.conn, turn.learner, pressed.target, turn.incoming.actor.platform, turn.now
    )
    items = await catalog.outline(turn.conn, turn.user_id, done.page.course_id)
    lines = [_finished_line(turn, done)]
    if done.outcome:
        lines += reward_lines(turn, done.outcome)
    rows = []
    offered = _offers(items, pressed.target)
    if offered:
        first, *others = offered
        rows.append(
            (
                item_button(turn, first, primary=True),
                *(item_button(turn, item) for item in others),
            )
        )
    if done.progress and done.progress.just_finished:
        lines.append(turn.say("You have finished the whole course. Well done."))
    if done.outcome and not turn.learner.timezone_is_known:
        lines.append(turn.say("Your days are counted in UTC until you tell me where you are."))
        rows.append((line_button(turn.say("Set my time zone"), "/settings time"),))
    return Reply("\n\n".join(lines), rows=tuple(rows))


def _finished_line(turn: Turn, done: lessons.Finished) -> str:
    if done.progress is None:
        return turn.say("You have read **{title}** before.", title=done.page.title)
    if not done.progress.total:
        return turn.say("That was **{title}**, a free preview.", title=done.page.title)
    return turn.say(
        "**{title}** is finished. {done} of {total} steps ({percent}).",
        title=done.page.title,
        done=done.progress.done,
        total=done.progress.total,
        percent=turn.texts.percent(done.progress.percentage),
    )


def _offers(items: Sequence[Item], finished: UUID) -> list[Item]:
    """The lesson's own quiz and challenges first, then the next lesson; one of each kind."""
    own = [item for item in items if item.lesson_id == finished and not item.is_done]
    where = next((n for n, item in enumerate(items) if item.id == finished), -1)
    ahead = [item for item in items[where + 1 :] if not item.is_done and not item.missing]
    offers: dict[str, Item] = {}
    for item in [*own, *ahead]:
        offers.setdefault(item.kind, item)
    return list(offers.values())


def reward_lines(turn: Turn, outcome: Outcome) -> list[str]:
    """Points, level and streak that a finished piece of learning brought; nothing on a repeat."""
    if not outcome.counted:
        return []
    own = outcome.total_xp - sum(badge.points for badge in outcome.badges)
    lines = [turn.say("+{xp} XP, {total} in all.", xp=outcome.xp, total=own)]
    if outcome.reached_level:
        lines.append(turn.say("You reached level {level}.", level=outcome.level))
    if outcome.streak:
        days = outcome.streak.current
        if days == 1:
            lines.append(turn.say("Your streak starts today: day 1."))
        else:
            lines.append(turn.count("{n} day in a row.", "{n} days in a row.", days))
        if kept := kept_line(turn, outcome.streak.just_kept, days):
            lines.append(kept)
    return [
        *lines,
        *(badge_line(turn, one) for one in outcome.badges),
        *(turn.say("Goal reached: {title}.", title=escape(one.title)) for one in outcome.goals),
    ]
