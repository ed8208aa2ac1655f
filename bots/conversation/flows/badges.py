"""/badges: what has been earned, and what is near."""

from bots.conversation.dialogue import Reply
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.motivation.achievements import Badge, Standing, standings

NEXT = 5
MOST_EARNED = 20
RARITIES = {
    "common": N_("common"),
    "uncommon": N_("uncommon"),
    "rare": N_("rare"),
    "epic": N_("epic"),
    "legendary": N_("legendary"),
}


@command("badges", aside=True)
async def badges(turn: Turn, arguments: str) -> Reply:  # noqa: ARG001 - the handlers' signature
    """List earned achievements, and how near the next ones are."""
    found = await standings(turn.conn, turn.user_id)
    if not found:
        raise Refusal(N_("There are no badges here yet."), choices=("/progress",))
    earned = [one for one in found if one.earned_at]
    ahead = sorted(
        (one for one in found if not one.earned_at),
        key=lambda one: (-one.value / one.target, one.target),
    )
    parts = [turn.count("{n} badge earned.", "{n} badges earned.", len(earned))]
    if earned:
        parts.append("\n".join(_earned(turn, one) for one in earned[:MOST_EARNED]))
    if ahead:
        parts.append(turn.say("Next:"))
        parts.append("\n".join(_ahead(turn, one) for one in ahead[:NEXT]))
    return Reply(
        "\n\n".join(parts),
        rows=(
            (
                line_button(turn.say("Continue"), "/learn"),
                line_button(turn.say("My progress"), "/progress"),
            ),
        ),
    )


def _earned(turn: Turn, one: Standing) -> str:
    day = turn.texts.day(one.earned_at, turn.learner.timezone) if one.earned_at else ""
    return turn.say(
        "- **{name}**, {rarity}, {day}: {what}",
        name=one.name,
        rarity=turn.say(RARITIES[one.rarity]),
        day=day,
        what=one.description,
    )


def _ahead(turn: Turn, one: Standing) -> str:
    text = turn.say(
        "- **{name}**: {value} of {target}. {what}",
        name=one.name,
        value=one.value,
        target=one.target,
        what=one.description,
    )
    if one.freezes:
        text += " " + turn.count(
            "Brings {xp} XP and {n} freeze.",
            "Brings {xp} XP and {n} freezes.",
            one.freezes,
            xp=one.points,
        )
    elif one.points:
        text += " " + turn.say("Brings {xp} XP.", xp=one.points)
    return text


def badge_line(turn: Turn, one: Badge) -> str:
    """A badge that was earned just now, and what it brought."""
    if one.freezes:
        return turn.count(
            "Badge: {name}, +{xp} XP and {n} freeze. See all: /badges",
            "Badge: {name}, +{xp} XP and {n} freezes. See all: /badges",
            one.freezes,
            name=one.name,
            xp=one.points,
        )
    if one.points:
        return turn.say("Badge: {name}, +{xp} XP. See all: /badges", name=one.name, xp=one.points)
    return turn.say("Badge: {name}. See all: /badges", name=one.name)
