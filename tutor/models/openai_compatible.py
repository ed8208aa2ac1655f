"""Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM, a gateway.

Written on aiohttp alone, since the part of the protocol that a tutor needs is one request and one
stream of server-sent events.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from datetime import timedelta

import aiohttp

from tutor.models.prompt import OUTPUT_TOKENS, build
from tutor.models.protocol import (
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
from tutor.models.transport import opened, said, translated, unreadable

# Servers have names of their own for a usual end.
_FINISHED: dict[str, Finished] = {
    "length": "length",
    "content_filter": "blocked",
    "tool_calls": "other",
    "function_call": "other",
}
_LONGEST_LINE = 1_000_000  # bytes of one event


class OpenAICompatible:
    """One model of one server; a `tutor.models.protocol.Provider`."""

    def __init__(self, *, url: str, model: str, key: str | None, name: str = "server") -> None:
        """Nothing is opened yet.

        Args:
            url: base address with the version, such as "http://127.0.0.1:11434/v1".
            model: its name, as the server knows it.
            key: sent as a bearer token; None: none.
            name: the key of the destination.
        """
        self.name = name
        self.model = model
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._session: aiohttp.ClientSession | None = None
        # What not every server takes; each is left out once one has refused it.
        self._extras: dict[str, object] = {
            "max_tokens": OUTPUT_TOKENS,
            "stream_options": {"include_usage": True},
            "user": "",
        }

    async def stream(self, request: TutorRequest, *, timeout_s: float) -> AsyncIterator[Part]:
        """The answer as it comes; see `tutor.models.protocol.Provider`."""
        prompt = build(request)
        body: dict[str, object] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "stream": True,
            **self._extras,
        }
        if "user" in body:
            body["user"] = request.conversation or "learner"
        finish: Finish | None = None
        limit = aiohttp.ClientTimeout(total=timeout_s)
        with translated(meant):
            async with self._opened().post(
                f"{self._url}/chat/completions", json=body, timeout=limit
            ) as response:
                try:
                    await refuse_errors(response)
                except Rejected as error:
                    raise self._adapted(error) from None
                async with aclosing(_events(response)) as events:
                    async for event in events:
                        text, reason = _read(event)
                        if text:
                            yield Delta(text)
                        if reason:
                            finish = Finish(_FINISHED.get(reason, "stop"), reason)
                        if (usage := _usage(event)) is not None:
                            yield usage
        if finish is None:
            raise Retryable("the answer was cut off")
        yield finish

    async def ask_name(self, *, timeout_s: float) -> str:
        """What the server calls the model, from its list of models.

        Raises:
            ModelError: the server did not answer, or does not know the key or the model.
        """
        with translated(meant):
            async with asyncio.timeout(timeout_s), self._opened().get(f"{self._url}/models") as got:
                await refuse_errors(got)
                listed = await got.json(content_type=None)
        names = [
            entry.get("id")
            for entry in (listed.get("data") or [] if isinstance(listed, dict) else [])
            if isinstance(entry, dict)
        ]
        # Ollama lists "name:latest" for what answers to "name".
        if names and not {self.model, f"{self.model}:latest"} & set(names):
            raise Misconfigured(f"404: the server has no model {self.model}")
        return self.model

    async def close(self) -> None:
        """Close the connections; the next question opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _adapted(self, error: Rejected) -> ModelError:
        """Leave out what the server has just refused by its name, so that a second try may work."""
        refused = [name for name in self._extras if name in str(error)]
        if not refused:
            return error
        for name in refused:
            del self._extras[name]
        if "max_tokens" in refused and "max_completion_tokens" in str(error):
            self._extras["max_completion_tokens"] = OUTPUT_TOKENS
        return Retryable(str(error), timedelta(0))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = opened(self._headers)
        return self._session


def meant(error: Exception) -> ModelError | None:
    """What a fault means: an answer that is no JSON, or no text at all."""
    return unreadable(error) if isinstance(error, ValueError) else None


async def refuse_errors(response: aiohttp.ClientResponse) -> None:
    """Raise what an answer with an error status means; it is a `ModelError`."""
    if response.status == 200:
        return
    page = (await response.content.read(10_000)).decode(errors="replace")
    error = _error_of(page)
    raise _explained(response.status, error, response.headers)


def _error_of(page: str) -> str:
    try:
        body = json.loads(page)
    except ValueError:
        return "no JSON"
    error = body.get("error", body) if isinstance(body, dict) else body
    return str(error.get("message", "") if isinstance(error, dict) else error)


def _explained(status: int, message: str, headers: Mapping[str, str]) -> ModelError:
    words = f"{status}: {said(message)}"
    after = headers.get("Retry-After", "")
    wait = timedelta(seconds=int(after)) if re.fullmatch(r"\d{1,7}", after) else None
    if status == 429:
        return Exhausted(words, wait)
    if status in {401, 403, 404}:
        return Misconfigured(words)
    if status == 408 or status >= 500 or status < 400:
        return Retryable(words, wait)
    return Rejected(words)


async def _events(response: aiohttp.ClientResponse) -> AsyncGenerator[Mapping[str, object]]:
    """The objects of a stream of server-sent events, up to "[DONE]".

    Raises:
        Retryable: an event is an error or too long.
        ValueError: an event is no JSON object.
    """
    held = b""
    async for piece in response.content.iter_any():
        *lines, held = (held + piece).split(b"\n")
        if len(held) > _LONGEST_LINE:
            raise Retryable("unreadable answer: a line without an end")
        for line in lines:
            if (event := _event(line)) is not None:
                if not event:
                    return
                yield event
    if (event := _event(held)) is not None and event:
        yield event


def _event(line: bytes) -> Mapping[str, object] | None:
    """One line's object; {} for "[DONE]", None for what carries nothing."""
    text = line.decode().strip()
    if not text.startswith("data:"):
        if text[:1] in {"<", "{"}:
            raise ValueError("not an event")
        return None
    data = text.removeprefix("data:").strip()
    if data == "[DONE]":
        return {}
    event = json.loads(data)
    if not isinstance(event, dict):
        raise ValueError("not an object")
    if "error" in event:
        raise _explained(_status_of(event["error"]), _error_of(data), {})
    return event


def _status_of(error: object) -> int:
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else 500


def _read(event: Mapping[str, object]) -> tuple[str, str]:
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(choice, dict):
        raise ValueError("not a choice")
    delta = choice.get("delta") or {}
    text = delta.get("content") if isinstance(delta, dict) else ""
    return str(text or ""), str(choice.get("finish_reason") or "")


def _usage(event: Mapping[str, object]) -> Usage | None:
    counted = event.get("usage")
    if not isinstance(counted, dict):
        return None
    thought = counted.get("completion_tokens_details") or {}
    cached = counted.get("prompt_tokens_details") or {}
    output = int(counted.get("completion_tokens") or 0)
    thoughts = int(thought.get("reasoning_tokens") or 0) if isinstance(thought, dict) else 0
    return Usage(
        prompt=int(counted.get("prompt_tokens") or 0),
        output=max(output - thoughts, 0),
        thought=thoughts,
        cached=int(cached.get("cached_tokens") or 0) if isinstance(cached, dict) else 0,
    )
