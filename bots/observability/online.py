"""Asking the platforms whether they know our tokens: `stoa doctor --online`."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from domain.operations.findings import Finding, good, note, problem
from domain.settings import Settings

DISCORD = "https://discord.com"
TELEGRAM = "https://api.telegram.org"
PATIENCE_S = 10.0
UNAUTHORIZED = frozenset({401, 403, 404})  # Telegram answers 404 to a token it never gave out


async def ask_platforms(settings: Settings) -> list[Finding]:
    """One question to each platform whose token is set; changes nothing there."""
    findings = []
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
        if settings.discord_token is not None:
            findings.append(await _ask_discord(session, settings))
        if settings.telegram_token is not None:
            findings += await _ask_telegram(session, settings)
    return findings


async def _ask_discord(session: aiohttp.ClientSession, settings: Settings) -> Finding:
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    base = (settings.discord_api_url or DISCORD).rstrip("/")
    status, answer = await _get(
        session, f"{base}/api/v10/users/@me", {"Authorization": f"Bot {token}"}
    )
    if status == 200:
        return good("Discord online", f"it knows the bot: {answer.get('username')}.")
    return _failed("Discord online", "STOA_DISCORD_TOKEN", status, answer)


async def _ask_telegram(session: aiohttp.ClientSession, settings: Settings) -> list[Finding]:
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    base = f"{(settings.telegram_api_url or TELEGRAM).rstrip('/')}/bot{token}"
    status, answer = await _get(session, f"{base}/getMe")
    if status != 200:
        return [_failed("Telegram online", "STOA_TELEGRAM_TOKEN", status, answer)]
    name = answer.get("result", {}).get("username")
    findings = [good("Telegram online", f"it knows the bot: @{name}.")]
    status, answer = await _get(session, f"{base}/getWebhookInfo")
    told = answer.get("result", {})
    if status == 200 and told.get("url") and settings.telegram_webhook_url is None:
        text = "updates go to a webhook now; the next start changes that to long polling."
        findings.append(note("Telegram webhook", text))
    if status == 200 and told.get("last_error_message"):
        findings.append(note("Telegram webhook", f"Telegram says: {told['last_error_message']}"))
    return findings


async def _get(
    session: aiohttp.ClientSession, address: str, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and JSON; status 0 when nobody answers. The address may hold the token: never told."""
    try:
        async with session.get(address, headers=headers) as response:
            body = await response.json(content_type=None)
            return response.status, body if isinstance(body, dict) else {}
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
        return 0, {"error": type(error).__name__}


def _failed(topic: str, name: str, status: int, answer: Mapping[str, Any]) -> Finding:
    if status == 0:
        return problem(topic, f"it cannot be reached from here ({answer.get('error')}).")
    if status in UNAUTHORIZED:
        return problem(topic, f"it does not know this token. Make a new one and set {name}.")
    return problem(topic, f"it answered with status {status}. Try again later.")
