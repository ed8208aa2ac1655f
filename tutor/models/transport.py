"""The way to a model's service: a session that goes nowhere else, and what its faults mean."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace

import aiohttp

from tutor.models.protocol import ModelError, Retryable
from tutor.redaction import redact

_MESSAGE = 200  # characters of what a service says about a fault


def opened(headers: Mapping[str, str] | None = None) -> aiohttp.ClientSession:
    """A session that uses the proxy of the environment and follows no redirection.

    A learner has agreed to one address. A redirection would carry their words, and the key, to
    another one.
    """
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_refuse)
    return aiohttp.ClientSession(headers=headers, trust_env=True, trace_configs=[tracing])


async def _refuse(
    _session: aiohttp.ClientSession,
    _context: SimpleNamespace,
    redirected: aiohttp.TraceRequestRedirectParams,
) -> None:
    raise Retryable(
        f"{redirected.response.status}: it sends requests elsewhere, which none follows"
    )


@contextmanager
def translated(explained: Callable[[Exception], ModelError | None]) -> Iterator[None]:
    """Every fault of a connection, and of what reads the answer, as a `ModelError`.

    Args:
        explained: what a fault means that is not the connection's; None: it is not foreseen.
    """
    try:
        yield
    except ModelError:
        raise
    except (TimeoutError, OSError, aiohttp.ClientError) as error:
        raise Retryable(f"no connection: {type(error).__name__}") from None
    except Exception as error:
        meant = explained(error)
        if meant is None:
            raise
        raise meant from None


def unreadable(error: Exception) -> Retryable:
    """An answer of another form. Its message may hold the whole page, so it is only named."""
    return Retryable(f"unreadable answer: {type(error).__name__}")


def said(message: str) -> str:
    """What a service says about a fault, for the log: short, in one line, without secrets."""
    return redact(" ".join(message.split())).text[:_MESSAGE]
