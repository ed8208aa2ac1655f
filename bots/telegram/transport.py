"""HTTP for python-telegram-bot by aiohttp, which spends a fifth of the default's processor time.

The token is part of every address, so no address ever gets into an error message.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 15.0
UPLOAD_TIMEOUT_S = 60.0  # to read the answer to a request with files
CONNECTIONS = 64
LARGEST_ANSWER = 21 * 1024 * 1024  # bytes; the Bot API gives files of at most 20 MB
PAUSE_S = 3.0  # after a 429 that does not say for how long
_CHUNK = 64 * 1024
_JSON = MappingProxyType({"Content-Type": "application/json"})


class NotSent(NetworkError):
    """No connection could be made, so the request surely did not arrive."""


class Flood(TelegramError):
    """Telegram asks for a pause (429).

    The library's own `RetryAfter` warns about its coming type whenever it is read.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too Many Requests: retry after {seconds:g} s")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API.

    Args:
        connections: kept and used at the same time, at most.
        read_timeout: seconds to wait for an answer, unless the call says otherwise.
    """

    def __init__(
        self, connections: int = CONNECTIONS, read_timeout: float = READ_TIMEOUT_S
    ) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer when a call does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            jar = aiohttp.DummyCookieJar()  # the Bot API has no cookies
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON.

        Raises:
            TelegramError: it is something else, such as a proxy's error page.
        """
        try:
            found = json.loads(payload)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise TelegramError("Invalid server response")
        return found

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp has none
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; the status and the body.

        Raises:
            NotSent: no connection could be made.
            TimedOut: no answer came in time; the request may have arrived.
            NetworkError: the connection broke; the request may have arrived.
            Flood: too many requests.
        """
        data: bytes | aiohttp.FormData | None = None
        slowest = self._read_timeout
        if request_data is not None and request_data.contains_files:
            data, slowest = _form(request_data), max(slowest, UPLOAD_TIMEOUT_S)
        elif request_data is not None:
            data = json.dumps(request_data.parameters).encode()
        timeout = _timeout(
            _seconds(pool_timeout, None),
            _seconds(connect_timeout, CONNECT_TIMEOUT_S),
            _seconds(read_timeout, slowest),
        )
        return await self._request(url, method, data, timeout)

    async def call(self, url: str, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """A call whose parameters are JSON already, without what the library does around one.

        The library looks into every parameter for files and objects of its own.

        Args:
            url: of the method.
            values: its parameters; None stands for one that is left out.

        Raises:
            TelegramError: as `do_request`, and whatever the library makes of a refusal.
        """
        body = {name: value for name, value in values.items() if value is not None}
        data = json.dumps(body).encode()
        timeout = _timeout(None, CONNECT_TIMEOUT_S, self._read_timeout)
        status, answer = await self._request(url, "POST", data, timeout)
        if status != HTTPStatus.OK:
            return await _Told(status, answer).post(url)
        return self.parse_json_payload(answer)["result"]

    async def _request(
        self,
        url: str,
        method: str,
        data: bytes | aiohttp.FormData | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - of the parts of a request
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the transport was not opened")
        headers = _JSON if isinstance(data, bytes) else None
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                status, body = response.status, await _read(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"no connection ({type(error).__name__})") from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"the connection broke ({type(error).__name__})") from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Flood(_pause(body))
        return status, body


class _Told(AiohttpRequest):
    """An answer that came already, for the library to say what it means."""

    def __init__(self, status: int, answer: bytes) -> None:
        super().__init__()
        self._told = status, answer

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        """The answer."""
        return self._told


@lru_cache(maxsize=64)
def _timeout(
    pool: float | None, connect: float | None, read: float | None
) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=pool, sock_connect=connect, sock_read=read)


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # names of files stay readable
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The whole body, as long as it is no larger than anything the Bot API gives."""
    length = response.content_length
    if length is not None and length <= LARGEST_ANSWER:
        return await response.read()
    parts, total = [], 0
    async for part in response.content.iter_chunked(_CHUNK):
        parts.append(part)
        total += len(part)
        if total > LARGEST_ANSWER:
            raise NetworkError("the answer is too large")
    return b"".join(parts)


def _pause(body: bytes) -> float:
    """The seconds that an answer asks for."""
    try:
        wish = json.loads(body)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError):
        wish = None
    return float(wish) if isinstance(wish, int | float) else PAUSE_S


def _seconds(wish: object, default: float | None) -> float | None:
    if wish is BaseRequest.DEFAULT_NONE:
        return default
    return float(wish) if isinstance(wish, int | float) else None
