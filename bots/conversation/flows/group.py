"""/group: what a group has agreed on, changed by those who manage it; what the bot may do."""

from dataclasses import replace
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bots.conversation.dialogue import Reply
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command
from bots.conversation.texts import available
from bots.conversation.turn import Answer, Turn
from domain.community import service as community
from domain.community.rules import Agreement
from domain.errors import N_, Refusal


@command("group", aside=True)
async def group(turn: Turn, arguments: str) -> Answer:
    """Show what the group has agreed on, or change it."""
    ident = await of_this_chat(turn)
    agreed = await community.agreed(turn.conn, ident)
    words = arguments.split()
    if not words:
        return _shown(turn, agreed)
    if words[0].casefold() == "check":
        return _checked(turn, agreed)
    if not (turn.incoming.place.manages or turn.learner.is_admin):
        raise Refusal(N_("Only those who manage this group can change that."))
    changed = _changed(turn, agreed, words[0].casefold(), words[1:])
    await community.agree(turn.conn, ident, changed)
    return _shown(turn, changed)


async def of_this_chat(turn: Turn) -> UUID:
    """The group of this chat, made at its first use.

    Raises:
        Refusal: this is a private chat.
    """
    place = turn.incoming.place
    if place.kind == "private":
        raise Refusal(N_("That is for groups. Type it in a server's channel or in a group."))
    platform = turn.incoming.actor.platform
    return await community.enter(turn.conn, platform, place.group or place.id, place.title)


def _shown(turn: Turn, agreed: Agreement) -> Reply:
    hosts = turn.say("those who manage it") if agreed.managers_host else turn.say("everybody")
    where = agreed.channel or turn.say("every chat")
    quiet = turn.say("never")
    if agreed.quiet:
        begin, end = (one.isoformat("minutes") for one in agreed.quiet)
        quiet = f"{begin}-{end} ({agreed.zone})"
    lines = [
        turn.say("**This group**"),
        "",
        "- " + turn.say("Who may host a quiz: {who}", who=hosts),
        "- " + turn.say("Language: {language}", language=agreed.language or "en"),
        "- " + turn.say("Where quizzes are played: {where}", where=where),
        "- " + turn.say("Board of the group: {state}", state="on" if agreed.board else "off"),
        "- " + turn.say("Quiet hours: {hours}", hours=quiet),
    ]
    check = line_button(turn.say("What may the bot do?"), "/group check")
    return Reply("\n".join(lines), rows=((check,),), private=False)


def _checked(turn: Turn, agreed: Agreement) -> Reply:
    place = turn.incoming.place
    lines = []
    if place.lacking:
        lines.append(
            turn.say("I lack these permissions here: {names}.", names=", ".join(place.lacking))
        )
    elif place.lacking is not None:
        lines.append(turn.say("I may do all that quizzes need here."))
    if place.overhears:
        lines.append(turn.say("I get every message of this chat, and read only what is for me."))
    else:
        lines.append(
            turn.say("I hear commands, buttons, and replies to my messages. That is enough.")
        )
    if agreed.channel and agreed.channel != place.id:
        lines.append(turn.say("Quizzes are played in another chat: {where}.", where=agreed.channel))
    return Reply("\n\n".join(lines), private=False)


def _changed(turn: Turn, agreed: Agreement, name: str, values: list[str]) -> Agreement:
    value = values[0].casefold() if values else ""
    match name, value:
        case "host", "everyone" | "everybody":
            return replace(agreed, managers_host=False)
        case "host", "managers":
            return replace(agreed, managers_host=True)
        case "language", code if code in available():
            return replace(agreed, language=code)
        case "channel", "any":
            return replace(agreed, channel="")
        case "channel", "here":
            return replace(agreed, channel=turn.incoming.place.id)
        case "board", "on" | "off":
            return replace(agreed, board=value == "on")
        case "quiet", "off":
            return replace(agreed, quiet=None)
        case "quiet", hours if "-" in hours:
            return _quiet(turn, agreed, hours, values[1] if len(values) > 1 else "")
    raise Refusal(
        N_(
            "Type /group host everyone or managers, language pl, channel here or any, "
            "board on or off, quiet 22:00-08:00 Europe/Warsaw, or check."
        )
    )


def _quiet(turn: Turn, agreed: Agreement, hours: str, zone: str) -> Agreement:
    try:
        begin, end = (time.fromisoformat(one) for one in hours.split("-"))
        chosen = zone or (agreed.zone if agreed.zone != "UTC" else turn.learner.timezone)
        ZoneInfo(chosen)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Refusal(N_("Type it like this: /group quiet 22:00-08:00 Europe/Warsaw")) from error
    return replace(agreed, quiet=(begin, end), zone=chosen)


def check_hosting(turn: Turn, agreed: Agreement) -> None:
    """Let pass whoever may host a quiz here and now.

    Raises:
        Refusal: not here, not now, or not they.
    """
    place = turn.incoming.place
    if place.manages or turn.learner.is_admin:
        return
    if agreed.managers_host:
        raise Refusal(N_("In this group those who manage it host quizzes. Ask one of them."))
    if agreed.channel and agreed.channel not in {place.id, place.id.partition(":")[0]}:
        raise Refusal(N_("In this group quizzes are played in another chat."))
    if agreed.is_quiet(turn.now):
        raise Refusal(N_("These are the quiet hours of this group. Host a quiz later."))
