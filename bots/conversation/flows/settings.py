"""/settings: how the learner is spoken to."""

from bots.conversation import texts
from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.identity import service as identity
from domain.identity.rules import DISPLAYS, day_end_from, find_timezone, zone_words
from domain.motivation.journey import remember_setting
from domain.notifications.reminders_own import reckon_again

SUGGESTED_ZONES = ("Europe/London", "Europe/Warsaw", "America/New_York", "Asia/Kolkata")


@command("settings")
async def settings(turn: Turn, arguments: str) -> Reply:
    """Show the settings, or change the one that is named."""
    name, _, value = arguments.partition(" ")
    value = value.strip()
    match name.lower():
        case "":
            return _overview(turn)
        case "time":
            return await _set_zone(turn, value) if value else _ask_zone(turn)
        case "day":
            return await _set_day_end(turn, value)
        case "language":
            return await _set_language(turn, value)
        case "display":
            return await _set_display(turn, value)
        case "pictures":
            return await _set_pictures(turn, value.lower())
        case _:
            raise Refusal(
                N_("No setting “{name}”. There are time, day, language, display and pictures."),
                {"name": name[:20]},
                choices=("/settings",),
            )


def _overview(turn: Turn) -> Reply:
    learner = turn.learner
    zone = zone_words(learner.timezone)
    if not learner.timezone_is_known:
        zone = turn.say("UTC (you have not told me yours)")
    lines = [
        turn.say("Name: {name}", name=escape(learner.name)),
        turn.say(
            "Time zone: {zone}; it is {time} there",
            zone=zone,
            time=turn.texts.time(turn.now, learner.timezone),
        ),
        turn.say("Your day ends at: {hour}", hour=learner.day_ends.strftime("%H:%M")),
        turn.say("Language: {name} ({code})", name=turn.texts.name, code=turn.texts.language),
        turn.say("Display: {display}", display=learner.display),
    ]
    other = "compact" if learner.display == "full" else "full"
    return Reply(
        turn.say("Your settings:") + "\n\n" + "\n".join(f"- {line}" for line in lines),
        rows=(
            (
                line_button(turn.say("Time zone"), "/settings time"),
                line_button(turn.say("Language"), "/settings language"),
                line_button(
                    turn.say("Display {display}", display=other), f"/settings display {other}"
                ),
                line_button(turn.say("Privacy"), "/privacy"),
            ),
        ),
    )


def _ask_zone(turn: Turn) -> Reply:
    turn.expect("settings.time")
    buttons = tuple(line_button(zone, f"/settings time {zone}") for zone in SUGGESTED_ZONES)
    return Reply(
        turn.say("Where are you? Type a city, such as Warsaw, or an offset, such as +2."),
        rows=(buttons,),
        prompt=Prompt(
            turn.say("City or offset"), "Warsaw", payload=control("say", None, "settings time")
        ),
    )


@typed("settings.time")
async def zone_typed(turn: Turn, text: str) -> Reply:
    """Take the city or offset that was asked for."""
    return await _set_zone(turn, text)


async def _set_zone(turn: Turn, value: str) -> Reply:
    zone = find_timezone(value, turn.now)
    await remember_setting(turn.conn, turn.user_id, turn.now)
    await identity.change_profile(turn.conn, turn.user_id, "timezone", zone)
    await reckon_again(turn.conn, turn.user_id, turn.now)
    turn.expect_nothing()
    return Reply(
        turn.say(
            "Your time zone is {zone}. It is {time} there now.",
            zone=zone_words(zone),
            time=turn.texts.time(turn.now, zone),
        ),
        rows=((line_button(turn.say("Continue"), "/learn"), _back(turn)),),
    )


async def _set_day_end(turn: Turn, value: str) -> Reply:
    hour = day_end_from(value)
    await remember_setting(turn.conn, turn.user_id, turn.now)
    await identity.change_setting(turn.conn, turn.user_id, "day_ends", hour)
    return Reply(
        turn.say("Your day ends at {hour} from now on.", hour=hour.strftime("%H:%M")),
        rows=((_back(turn),),),
    )


async def _set_language(turn: Turn, value: str) -> Reply:
    spoken = texts.available()
    code = texts.find(value)
    if code is None:
        raise Refusal(
            N_("I speak these languages: {languages}. Type one, such as /settings language en."),
            {"languages": ", ".join(spoken)},
            choices=tuple(f"/settings language {language}" for language in spoken),
        )
    await identity.change_profile(turn.conn, turn.user_id, "locale", code)
    turn.texts = texts.texts_for(code)
    return Reply(turn.say("I speak this language with you now."), rows=((_back(turn),),))


async def _set_display(turn: Turn, value: str) -> Reply:
    value = value.lower()
    if value not in DISPLAYS:
        raise Refusal(
            N_("Display can be full or compact. It is {display} now."),
            {"display": turn.learner.display},
            choices=tuple(f"/settings display {display}" for display in DISPLAYS),
        )
    await identity.change_setting(turn.conn, turn.user_id, "text_size", value)
    return Reply(turn.say("Display is {display} now.", display=value), rows=((_back(turn),),))


async def _set_pictures(turn: Turn, value: str) -> Reply:
    if value not in {"on", "off"}:
        raise Refusal(
            N_("Pictures can be on or off. What they show is always in words, too."),
            choices=("/settings pictures on", "/settings pictures off"),
        )
    await identity.change_setting(turn.conn, turn.user_id, "images", value == "on")
    text = turn.say("Pictures are on.") if value == "on" else turn.say("Pictures are off.")
    return Reply(text, rows=((_back(turn),),))


def _back(turn: Turn) -> Button:
    return line_button(turn.say("All settings"), "/settings")
