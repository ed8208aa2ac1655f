"""What /link and /unlink show."""

from datetime import datetime, timedelta

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.turn import Turn
from domain.errors import N_
from domain.identity import codes
from domain.identity.linking import Claim, Link, Offer

PLATFORMS = {"discord": "Discord", "telegram": "Telegram", "terminal": "Terminal"}
MINUTE = timedelta(minutes=1)

DECLINED: dict[Claim, str] = {
    "unknown": N_(
        "I do not know this code. Look at it again, or ask for a new one: /link there. "
        "After five wrong codes you wait an hour."
    ),
    "too many": N_(
        "Too many wrong codes. Wait an hour, then ask for a new one on the other account."
    ),
    "self": N_(
        "This code is from the account you are writing with. Type it on your other account."
    ),
    "used": N_("This code was used already. Ask for a new one: /link on the other account."),
    "expired": N_(
        "This code is too old; each works for 10 minutes. Ask for a new one: /link on the other "
        "account."
    ),
    "taken": N_(
        "Both accounts are on one platform already. One learner has one account on each. "
        "See /unlink."
    ),
    "resting": N_(
        "One of these accounts was parted from another. 24 hours later it can be joined again."
    ),
    "closing": N_("One of these accounts is being closed, so nothing can be joined with it."),
}
ASKED = N_(
    "**{name}** on {platform} has entered your code and wants to join this account. Was it you? "
    "What was done there then counts here, too; of two results the better one. "
    "This account's settings stay. /unlink parts them again."
)
NOT_JOINED = N_("The other account said no. Nothing was joined.")
JOINED = N_(
    "This account and yours on {platform} are one learner now. Everything is kept. "
    "/unlink parts them again."
)
PART_ASKED = N_(
    "On {platform} you asked what parting your accounts does. Nothing has changed yet. "
    "Was it not you? Then look who else can use that account."
)
PARTED = N_(
    "This account and the one on {platform} are parted. Each has its own points and progress again."
)


def place(platform: str | None) -> str:
    """A platform's name as people write it."""
    return PLATFORMS.get(platform or "", platform or "")


def offered(turn: Turn, offer: Offer, bot: str | None) -> Reply:
    """The code, once, and what it does."""
    lines = [
        turn.say("Type this on your other account, within 10 minutes:"),
        f"`/link {codes.shown(offer.code)}`",
        turn.say(
            "There you see who asks. Then both accounts agree, and they are one learner: "
            "everything done on either of them is kept."
        ),
        turn.say("Give this code to nobody. Whoever enters it asks to join your account."),
    ]
    buttons = []
    if bot is not None and turn.incoming.actor.platform != "telegram":
        link = f"https://t.me/{bot}?start={codes.START_PREFIX}{offer.token}"
        buttons.append(Button(turn.say("Open Telegram"), url=link, primary=True))
    buttons.append(Button(turn.say("Cancel"), control("link.no", offer.link)))
    return Reply("\n\n".join(lines), rows=(tuple(buttons),), protect=True, secret=True)


def who_asks(turn: Turn, link: Link) -> Reply:
    """The joining account sees whose code it entered."""
    lines = [
        turn.say(
            "**{name}** on {platform} asks to join with this account.",
            name=escape(link.first_name),
            platform=place(link.first_platform),
        )
        + " "
        + _asked_ago(turn, link.created_at),
        turn.say("Is that you? Say yes only if you asked for the code yourself."),
        turn.say(
            "If both agree, all you did here moves there: lessons, answers, code, points, days. "
            "Where both have a result, the better one counts. The other account's settings stay."
        ),
        turn.say(
            "/unlink parts them again. This account then gets back what it had before; "
            "what you learn meanwhile stays with the other one."
        ),
    ]
    return Reply("\n\n".join(lines), rows=(_yes_no(turn, link),), protect=True)


def who_joins(turn: Turn, link: Link) -> Reply:
    """The first account is asked, in answer to something it wrote."""
    text = turn.say(
        ASKED, name=escape(link.joining_name or ""), platform=place(link.joining_platform)
    )
    return Reply(text, rows=(_yes_no(turn, link),), protect=True)


def waits_for_first(turn: Turn, link: Link) -> Reply:
    """The joining account has agreed."""
    return Reply(
        turn.say(
            "Thank you. Now agree on {platform}, too: I have sent you a message there. "
            "If it does not come, type /link there. You have 10 minutes.",
            platform=place(link.first_platform),
        ),
        rows=(cancel_row(turn, link),),
    )


def joined(turn: Turn, link: Link) -> Reply:
    """The first account has agreed, and it is done."""
    return Reply(
        turn.say(JOINED, platform=place(link.joining_platform)),
        rows=(
            (
                line_button(turn.say("Continue"), "/learn", primary=True),
                line_button(turn.say("My progress"), "/progress"),
            ),
        ),
    )


def declined(turn: Turn, why: Claim) -> Reply:
    """A code that leads nowhere; not a refusal, because the try was counted."""
    text = turn.say(DECLINED[why])
    return Reply(
        text,
        rows=((line_button(turn.say("Menu"), "/start"), line_button(turn.say("Help"), "/help")),),
        prompt=Prompt(turn.say("Code"), "7KQ4-X2M9") if why == "unknown" else None,
        notice=text[:200],
    )


def before_parting(turn: Turn, link: Link) -> Reply:
    """What parting does, before it is done."""
    names = {
        "joining": place(link.joining_platform),
        "first": place(link.first_platform),
        "name": escape(link.joining_name or ""),
        "date": turn.texts.day(link.joined_at or link.created_at, turn.learner.timezone),
    }
    lines = [
        turn.say("**{name}** on {joining} joined {first} on {date}. Parting them means:", **names),
        "\n".join(
            f"- {line}"
            for line in (
                turn.say("{joining} gets back what it brought: its progress and points.", **names),
                turn.say("What you learned since then stays with {first}.", **names),
                turn.say("They can be joined again 24 hours later."),
            )
        ),
    ]
    return Reply(
        "\n\n".join(lines),
        rows=(
            (
                Button(turn.say("Part them"), control("unlink.yes", link.id)),
                line_button(turn.say("Keep them joined"), "/start", primary=True),
            ),
        ),
    )


def choose_parting(turn: Turn, links: list[Link]) -> Reply:
    """Which of several accounts to part."""
    buttons = tuple(
        Button(
            turn.say("Part {platform}", platform=place(link.joining_platform)),
            control("unlink.ask", link.id),
        )
        for link in links
    )
    return Reply(turn.say("Which account do you want to part?"), rows=(buttons,))


def parted(turn: Turn, link: Link) -> Reply:
    """It is done."""
    here = link.joining_identity == turn.identity_id
    other = link.first_platform if here else link.joining_platform
    return Reply(
        turn.say(PARTED, platform=place(other)),
        rows=(
            (
                line_button(turn.say("Continue"), "/learn", primary=True),
                line_button(turn.say("My progress"), "/progress"),
            ),
        ),
    )


def cancel_row(turn: Turn, link: Link) -> tuple[Button, ...]:
    """The way out while the other side is waited for."""
    return (Button(turn.say("Cancel"), control("link.no", link.id)),)


def _asked_ago(turn: Turn, at: datetime) -> str:
    minutes = int((turn.now - at) / MINUTE)
    if minutes < 1:
        return turn.say("That was begun less than a minute ago.")
    return turn.count("That was begun {n} minute ago.", "That was begun {n} minutes ago.", minutes)


def _yes_no(turn: Turn, link: Link) -> tuple[Button, ...]:
    return (
        Button(turn.say("Yes, that is me"), control("link.yes", link.id)),
        Button(turn.say("No"), control("link.no", link.id)),
    )
