"""What the doors and the tutor need, as far as it can be told without asking anybody."""

import re
from urllib.parse import urlsplit

from domain.operations.findings import Finding, good, note, problem
from domain.operations.tutor_findings import look_at_tutor
from domain.settings import Settings

# As the platforms give them out now; a proxy before them may want something else.
_DISCORD = re.compile(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{25,}")
_TELEGRAM = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
# Of a webhook, as the Bot API's description of setWebhook has them.
WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})


def look_at_doors(settings: Settings) -> list[Finding]:
    """The doors, the tutor, health and metrics, and the administrators; never a secret."""
    findings = [_discord(settings), _telegram(settings)]
    if settings.telegram_webhook_url is not None and settings.telegram_token is not None:
        findings.append(_webhook(settings.telegram_webhook_url, settings.telegram_api_url is None))
    findings += look_at_tutor(settings)
    if settings.metrics_listen is None:
        findings.append(note("Health", "not served, because STOA_METRICS_LISTEN is not set."))
    else:
        findings.append(good("Health", f"/health and /metrics at {settings.metrics_listen}."))
    if settings.admins:
        people = ", ".join(f"{admin.provider}:{admin.subject}" for admin in settings.admins)
        findings.append(good("Administrators", people))
    else:
        findings.append(note("Administrators", "nobody. Name some in STOA_ADMINS."))
    return findings


def _discord(settings: Settings) -> Finding:
    if settings.discord_token is None:
        return note("Discord", "off, because STOA_DISCORD_TOKEN is not set.")
    if settings.discord_api_url is not None:
        return good("Discord", f"STOA_DISCORD_TOKEN is set, for {_host(settings.discord_api_url)}.")
    if not _DISCORD.fullmatch(settings.discord_token.get_secret_value()):
        return problem(
            "Discord",
            "STOA_DISCORD_TOKEN does not look like a bot's token: three parts with dots between "
            "them. Copy it from the Developer Portal, page Bot: not the application's id, and not "
            "the client secret.",
        )
    return good("Discord", "STOA_DISCORD_TOKEN is set and has the shape of one.")


def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return note("Telegram", "off, because STOA_TELEGRAM_TOKEN is not set.")
    if not _TELEGRAM.fullmatch(settings.telegram_token.get_secret_value()):
        return problem(
            "Telegram",
            "STOA_TELEGRAM_TOKEN does not look like a bot's token: a number, a colon, and 35 "
            "characters. Copy the whole line that @BotFather gave you.",
        )
    if settings.telegram_api_url is not None:
        host = _host(settings.telegram_api_url)
        return good("Telegram", f"STOA_TELEGRAM_TOKEN is set, for {host}.")
    return good("Telegram", "STOA_TELEGRAM_TOKEN is set and has the shape of one.")


def _webhook(address: str, is_telegrams_own: bool) -> Finding:
    parts = urlsplit(address)
    if is_telegrams_own and parts.scheme != "https":
        return problem("Telegram webhook", "STOA_TELEGRAM_WEBHOOK_URL must begin with https://.")
    if is_telegrams_own and (parts.port or 443) not in WEBHOOK_PORTS:
        ports = ", ".join(map(str, sorted(WEBHOOK_PORTS)))
        return problem("Telegram webhook", f"Telegram calls these ports only: {ports}.")
    return good("Telegram webhook", f"updates are received at {parts.hostname}.")


def _host(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]
