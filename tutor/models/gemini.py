"""Gemini through `google-genai`, which is imported only when it is first asked.

What its library does not do for us, measured with version 3.4 and noted where it is handled:
errors of the connection come through unwrapped, without retry options it waits up to ten seconds
and asks again, a blocked prompt is no exception, and a reason to stop stands in the last chunk.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp

from tutor.models.prompt import OUTPUT_TOKENS, build
from tutor.models.protocol import (
    Blocked,
    Delta,
    Exhausted,
    Finish,
    Finished,
    Misconfigured,
    ModelError,
    Part,
    Rejected,
    Retryable,
    TutorRequest,
    Usage,
)
from tutor.models.pumped import pumped
from tutor.models.transport import opened, said, translated, unreadable

if TYPE_CHECKING:
    from google.genai import errors, types
    from google.genai.client import Client

# The time-out also goes to the service as a header, and it answers 500 to short ones; the router
# keeps the real deadline.
_LEAST_TIMEOUT_S = 10.0
# Named, since otherwise a variable of the library's own could lead the words somewhere else than
# where the learner agreed to.
_GOOGLE = "https://generativelanguage.googleapis.com"
_FINISHED: dict[str, Finished] = {"STOP": "stop", "MAX_TOKENS": "length"}
_BLOCKED = {
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "MODEL_ARMOR",
}  # fmt: skip
_KEY_IS_WRONG = re.compile(r"API_KEY_INVALID|API key (?:not valid|expired)", re.IGNORECASE)
# Names that end in -latest are known to the older version only, and some proxies know no other.
_OTHER_VERSION = "v1beta"
_BUDGETED = re.compile(r"gemini-2\.5-flash")
_LEVELLED = re.compile(r"gemini-(?:[3-9]|\d\d)")


class Gemini:
    """One Gemini model; a `tutor.models.protocol.Provider`."""

    def __init__(
        self, *, key: str, model: str, url: str | None, thinking: str = "auto", name: str = "gemini"
    ) -> None:
        """Nothing is opened and nothing imported yet.

        Args:
            key: of the Gemini API.
            model: its name, such as "gemini-3.8-flash".
            url: base address without the version; None: Google's.
            thinking: as `STOA_TUTOR_THINKING` describes it.
            name: the key of the destination.
        """
        self.name = name
        self.model = model
        self._key = key
        self._url = url
        self._thinking = thinking
        self._version: str | None = None  # the library's own choice
        self._session: aiohttp.ClientSession | None = None
        self._client: Client | None = None
        self._opening = asyncio.Lock()

    async def stream(self, request: TutorRequest, *, timeout_s: float) -> AsyncIterator[Part]:
        """The answer as it comes; see `tutor.models.protocol.Provider`."""
        finish: Finish | None = None
        with translated(self._meant):
            client = await self._opened()
            prompt = build(request)
            chunks = await client.aio.models.generate_content_stream(
                model=self.model,
                contents=prompt.user,
                config=self._config(prompt.system, timeout_s),
            )
            async with aclosing(pumped(chunks)) as received:
                async for chunk in received:
                    if (usage := _usage(chunk)) is not None:  # also of a question that is blocked
                        yield usage
                    text, finish_now = _read(chunk)
                    finish = finish_now or finish
                    if text:
                        yield Delta(text)
        if finish is None:
            raise Retryable("the answer was cut off")
        yield finish

    async def ask_name(self, *, timeout_s: float) -> str:
        """What the service calls the model: a question that costs nothing and needs the key.

        Raises:
            ModelError: the service did not answer, or does not know the key or the model.
        """
        before = self._version
        try:
            return await self._asked_name(timeout_s)
        except Retryable:
            if before == self._version:
                raise
            return await self._asked_name(timeout_s)

    async def _asked_name(self, timeout_s: float) -> str:
        from google.genai import types

        config = types.GetModelConfig(http_options=types.HttpOptions(api_version=self._version))
        with translated(self._meant):
            async with asyncio.timeout(timeout_s):
                client = await self._opened()
                found = await client.aio.models.get(model=self.model, config=config)
        return found.display_name or found.name or self.model

    async def close(self) -> None:
        """Close the connections; the next question opens new ones."""
        client, self._client = self._client, None
        session, self._session = self._session, None
        if client is not None:
            await client.aio.aclose()
            client.close()
        if session is not None:
            await session.close()

    async def _opened(self) -> "Client":
        async with self._opening:
            if self._session is None:
                # A session of our own: then it is plain which transport is used, and who closes it.
                self._session = opened()
            if self._client is None:
                # Importing and setting up take half a second: not on the loop that all share.
                self._client = await asyncio.to_thread(self._made, self._session)
            return self._client

    def _made(self, session: aiohttp.ClientSession) -> "Client":
        from google.genai import client, types

        return client.Client(
            api_key=self._key,
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=self._url or _GOOGLE,
                aiohttp_client=session,
                # Without these it sleeps up to 10 s and asks again by itself.
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )

    def _meant(self, error: Exception) -> ModelError:
        """What a fault of the library means; HTML and other JSON make it fail in its own ways."""
        from google.genai import errors

        return self._explained(error) if isinstance(error, errors.APIError) else unreadable(error)

    def _config(self, system: str, timeout_s: float) -> "types.GenerateContentConfig":
        from google.genai import types

        return types.GenerateContentConfig(
            system_instruction=system,
            max_output_tokens=OUTPUT_TOKENS,
            thinking_config=self._thought(),
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            automatic_continuation=False,
            http_options=self._options(timeout_s),
        )

    def _options(self, timeout_s: float) -> "types.HttpOptions":
        from google.genai import types

        return types.HttpOptions(
            api_version=self._version,
            timeout=int(max(timeout_s, _LEAST_TIMEOUT_S) * 1000),
            retry_options=types.HttpRetryOptions(attempts=1),
        )

    def _thought(self) -> "types.ThinkingConfig | None":
        from google.genai import types

        wish = self._thinking
        if wish == "auto":
            if _LEVELLED.match(self.model):
                wish = "low"
            else:
                wish = "0" if _BUDGETED.match(self.model) else "none"
        if wish == "none":
            return None
        if wish.isdigit():
            return types.ThinkingConfig(thinking_budget=int(wish))
        return types.ThinkingConfig(thinking_level=types.ThinkingLevel(wish.upper()))

    def _explained(self, error: "errors.APIError") -> ModelError:
        """What an answer with an error status means for the next request."""
        code = error.code or 0
        message = said(str(error.message or ""))
        is_page = message.startswith("<")
        words = f"{code} with a page" if is_page else f"{code} {error.status or ''}: {message}"
        details = json.dumps(error.details, default=str)
        if code == 429:
            return Exhausted(words, _asked_to_wait(error))
        if code == 400 and self._thinking != "none" and "thinking" in message.lower():
            # The model does not know this way of thinking: from now on nothing is said about it.
            self._thinking = "none"
            return Retryable(words, timedelta(0))
        if self._version is None and (code == 404 or (code == 400 and "Unknown name" in message)):
            self._version = _OTHER_VERSION
            return Retryable(words, timedelta(0))
        if code in {401, 403, 404} or _KEY_IS_WRONG.search(details):
            return Misconfigured(words)
        if code == 400 and error.status == "FAILED_PRECONDITION":  # country, billing
            return Misconfigured(words)
        if code == 408 or code >= 500 or code < 400:
            return Retryable(words, _asked_to_wait(error))
        return Rejected(words)


def _read(chunk: "types.GenerateContentResponse") -> tuple[str, Finish | None]:
    """Text and, in the last chunk, why it ends. `chunk.text` would log what is no text."""
    feedback = chunk.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise Blocked(f"the question was blocked: {feedback.block_reason.name}")
    if not chunk.candidates:
        return "", None
    candidate = chunk.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    if candidate.finish_reason is None:
        return text, None
    reason = candidate.finish_reason.name
    told: Finished = "blocked" if reason in _BLOCKED else _FINISHED.get(reason, "other")
    return text, Finish(told, reason)


def _usage(chunk: "types.GenerateContentResponse") -> Usage | None:
    counted = chunk.usage_metadata
    if counted is None or counted.prompt_token_count is None:
        return None
    return Usage(
        prompt=counted.prompt_token_count,
        output=counted.candidates_token_count or 0,
        thought=counted.thoughts_token_count or 0,
        cached=counted.cached_content_token_count or 0,
    )


def _asked_to_wait(error: "errors.APIError") -> timedelta | None:
    """From `google.rpc.RetryInfo` in the body, else from the header Retry-After in seconds."""
    body = error.details if isinstance(error.details, dict) else {}
    inner = body.get("error", body)
    entries = inner.get("details", []) if isinstance(inner, dict) else []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and str(entry.get("@type", "")).endswith("RetryInfo"):
            found = re.fullmatch(r"(\d{1,7}(?:\.\d+)?)s", str(entry.get("retryDelay", "")))
            if found is not None:
                return timedelta(seconds=float(found[1]))
    headers = getattr(error.response, "headers", None) or {}
    after = str(headers.get("Retry-After", ""))
    return timedelta(seconds=int(after)) if re.fullmatch(r"\d{1,7}", after) else None
