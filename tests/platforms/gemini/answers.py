"""Answers of the loopback model in Google's and in OpenAI's form."""

import json
from collections.abc import Iterator
from typing import Any, Protocol

from aiohttp import web

from tests.platforms.gemini.scenarios import Scenario

Object = dict[str, Any]
_BROKEN = frozenset({"stall", "cut", "unfinished", "error_inside", "not_utf8"})
_OPENAI_FINISH = {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "content_filter"}


class Form(Protocol):
    """One way to say the same."""

    @property
    def is_streamed(self) -> bool:
        """Whether the client wants events."""
        ...

    def error(self, scenario: Scenario) -> web.Response:
        """An error status with its body."""
        ...

    def whole(self, scenario: Scenario) -> Object:
        """The answer at once."""
        ...

    def events(self, scenario: Scenario) -> Iterator[bytes]:
        """The answer in pieces."""
        ...


def pieces_of(scenario: Scenario) -> list[str]:
    """The text, cut in about equal pieces that together are the text."""
    text, size = scenario.text, max(1, -(-len(scenario.text) // max(scenario.pieces, 1)))
    return [text[start : start + size] for start in range(0, len(text), size)]


def event(body: Object, end: str = "\r\n") -> bytes:
    """One server-sent event; Google ends lines as HTTP does."""
    return f"data: {json.dumps(body)}{end}{end}".encode()


def google_body(
    status: int, reason: str, message: str, *, retry_s: float | None = None, info: str = ""
) -> Object:
    """The body of an error, with the details that Google adds."""
    details: list[Object] = []
    if info:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        details.append({"@type": kind, "reason": info, "domain": "googleapis.com"})
    if retry_s is not None:
        kind = "type.googleapis.com/google.rpc.RetryInfo"
        details.append({"@type": kind, "retryDelay": f"{retry_s:g}s"})
    error = {"code": status, "message": message, "status": reason, "details": details}
    return {"error": error}


def google_error(status: int, reason: str, message: str, *, info: str = "") -> web.Response:
    """An error as Google says it."""
    return web.json_response(google_body(status, reason, message, info=info), status=status)


def openai_error(status: int, message: str, retry_s: float | None = None) -> web.Response:
    """An error as OpenAI says it."""
    headers = {} if retry_s is None else {"Retry-After": f"{retry_s:g}"}
    body = {"error": {"message": message, "type": "error", "code": None}}
    return web.json_response(body, status=status, headers=headers)


class Google:
    """Google's form.

    Args:
        body: of the request, for the count of tokens.
    """

    def __init__(self, body: Object, *, is_streamed: bool = True) -> None:
        self.is_streamed = is_streamed
        self._prompt = len(json.dumps(body)) // 4

    def error(self, scenario: Scenario) -> web.Response:
        """An error status with its body."""
        told = google_body(
            scenario.status, scenario.reason, scenario.message, retry_s=scenario.retry_s
        )
        return web.json_response(told, status=scenario.status)

    def whole(self, scenario: Scenario) -> Object:
        """The answer at once."""
        return self._chunk(scenario, scenario.text, is_last=True)

    def events(self, scenario: Scenario) -> Iterator[bytes]:
        """The answer in pieces."""
        if scenario.kind == "blocked_prompt":
            feedback = {"blockReason": "PROHIBITED_CONTENT"}
            yield event({"promptFeedback": feedback, "usageMetadata": self._usage("")})
            return
        if scenario.kind == "garbage":
            yield b'data: {"candidates": [\r\n\r\n'
            return
        if scenario.kind == "no_candidates":
            yield event({"candidates": [], "usageMetadata": self._usage("")})
            return
        if scenario.kind == "tool_call":
            call = {"functionCall": {"name": "run_shell", "args": {"command": "id"}}}
            content = {"role": "model", "parts": [call]}
            yield event({"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]})
            return
        if scenario.thought:
            part = {"text": scenario.thought, "thought": True}
            yield event({"candidates": [{"content": {"role": "model", "parts": [part]}}]})
        pieces = pieces_of(scenario)
        is_broken = scenario.kind in _BROKEN
        for number, piece in enumerate(pieces):
            is_last = number == len(pieces) - 1 and not is_broken
            yield event(self._chunk(scenario, piece, is_last=is_last))
        if not pieces and not is_broken:
            yield event(self._chunk(scenario, "", is_last=True))
        if scenario.kind == "error_inside":
            yield event(google_body(scenario.status, scenario.reason, scenario.message))
        if scenario.kind == "not_utf8":
            said = event(self._chunk(scenario, "?", is_last=True))
            yield said.replace(b"?", b"\xff\xfe\xc3(")

    def _chunk(self, scenario: Scenario, text: str, *, is_last: bool) -> Object:
        candidate: Object = {"index": 0}
        if text:
            candidate["content"] = {"role": "model", "parts": [{"text": text}]}
        chunk: Object = {"candidates": [candidate], "modelVersion": "loopback"}
        if is_last:
            candidate["finishReason"] = scenario.finish
            chunk["usageMetadata"] = self._usage(scenario.text)
        return chunk

    def _usage(self, text: str) -> Object:
        output = len(text) // 4
        return {
            "promptTokenCount": self._prompt,
            "candidatesTokenCount": output,
            "thoughtsTokenCount": 7,
            "cachedContentTokenCount": 5,
            "totalTokenCount": self._prompt + output + 7,
        }


class OpenAI:
    """OpenAI's form of chat completions.

    Args:
        body: of the request.
    """

    def __init__(self, body: Object) -> None:
        self.is_streamed = bool(body.get("stream"))
        self._prompt = len(json.dumps(body)) // 4
        self._counts = bool(body.get("stream_options", {}).get("include_usage"))

    def error(self, scenario: Scenario) -> web.Response:
        """An error status with its body."""
        return openai_error(scenario.status, scenario.message, scenario.retry_s)

    def whole(self, scenario: Scenario) -> Object:
        """The answer at once."""
        message = {"role": "assistant", "content": scenario.text}
        return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}

    def events(self, scenario: Scenario) -> Iterator[bytes]:
        """The answer in pieces."""
        if scenario.kind == "garbage":
            yield b"data: [1, 2\n\n"
            return
        if scenario.kind == "blocked_prompt":
            yield self._piece({}, "content_filter")
            return
        if scenario.kind == "no_candidates":
            yield event({"choices": []}, "\n")
            return
        if scenario.kind == "tool_call":
            call = {"index": 0, "function": {"name": "run_shell", "arguments": "{}"}}
            yield self._piece({"tool_calls": [call]}, None)
            yield self._piece({}, "tool_calls")
            return
        yield self._piece({"role": "assistant", "content": ""}, None)
        for piece in pieces_of(scenario):
            yield self._piece({"content": piece}, None)
        if scenario.kind == "error_inside":
            error = {"message": scenario.message, "code": scenario.status}
            yield event({"error": error}, "\n")
        if scenario.kind == "not_utf8":
            yield self._piece({"content": "?"}, "stop").replace(b"?", b"\xff\xfe\xc3(")
        if scenario.kind in _BROKEN:
            return
        yield self._piece({}, _OPENAI_FINISH.get(scenario.finish, scenario.finish.lower()))
        if self._counts:
            counted = {
                "prompt_tokens": self._prompt,
                "completion_tokens": len(scenario.text) // 4 + 7,
                "completion_tokens_details": {"reasoning_tokens": 7},
                "prompt_tokens_details": {"cached_tokens": 5},
            }
            yield event({"choices": [], "usage": counted}, "\n")
        yield b"data: [DONE]\n\n"

    def _piece(self, delta: Object, finish: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return event({"object": "chat.completion.chunk", "choices": [choice]}, "\n")
