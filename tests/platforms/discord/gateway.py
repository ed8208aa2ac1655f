"""The gateway, version 10 (events/gateway): sessions, heartbeats, RESUME with replay, shards."""

import asyncio
import json
import secrets
import time
import zlib
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web
from zstandard import COMPRESSOBJ_FLUSH_BLOCK, ZstdCompressor

from tests.platforms.discord import limits, shapes
from tests.platforms.discord.errors import Json
from tests.platforms.discord.world import World

# Opcodes (topics/opcodes-and-status-codes).
DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, MEMBERS, INVALID, HELLO, ACK = 7, 8, 9, 10, 11
_OTHERS = frozenset({PRESENCE, VOICE, MEMBERS})  # taken, without effect here
_TAIL = 5000  # events kept for a RESUME


class _Closed(Exception):
    """The connection is refused with a close code (topics/opcodes: gateway close codes)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Line:
    """One connection: JSON in text frames, or in one stream that is compressed as a whole."""

    def __init__(self, socket: web.WebSocketResponse, compression: str) -> None:
        self.socket, self.compression = socket, compression
        self._zlib = zlib.compressobj() if compression == "zlib-stream" else None
        self._zstd = ZstdCompressor().compressobj() if compression == "zstd-stream" else None
        self.sends: deque[float] = deque()

    async def send(self, text: str) -> None:
        """Send one payload; a connection that is gone is gone."""
        with suppress(ConnectionError):
            if self._zlib is not None:
                data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)
            elif self._zstd is not None:
                begun = self._zstd.compress(text.encode())
                await self.socket.send_bytes(begun + self._zstd.flush(COMPRESSOBJ_FLUSH_BLOCK))
            else:
                await self.socket.send_str(text)

    def abort(self) -> None:
        """Cut the wire without a word."""
        request = self.socket._req
        if request is not None and request.transport is not None:
            request.transport.abort()


@dataclass(eq=False, slots=True)
class Session:
    """What RESUME comes back to."""

    id: str
    shard: tuple[int, int]
    intents: int
    line: Line | None
    sequence: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_TAIL))
    closing: bool = False

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event, or keep it until the client is back."""
        self.sequence += 1
        text = json.dumps(
            {"op": DISPATCH, "t": event, "s": self.sequence, "d": data}, separators=(",", ":")
        )
        self.sent.append((self.sequence, text))
        if self.line is not None:
            await self.line.send(text)


class Gateway:
    """All sessions of the one bot.

    Args:
        world: what there is.
        identify_every: seconds between two IDENTIFY of one bucket.
        max_concurrency: buckets.
        shards: that clients are recommended.
        heartbeat: seconds between heartbeats that clients are told.
        privileged: intents that were approved.
    """

    def __init__(
        self,
        world: World,
        *,
        identify_every: float = limits.IDENTIFY_S,
        max_concurrency: int = 1,
        shards: int = 1,
        heartbeat: float = 41.25,
        privileged: int = 0,
    ) -> None:
        self.world = world
        self.identify_every, self.max_concurrency = identify_every, max_concurrency
        self.shards = shards
        self.heartbeat, self.privileged = heartbeat, privileged
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.doubles = False  # every event twice, as after a lost acknowledgement
        self.acknowledges = True
        self.identified, self.resumed, self.refused = 0, 0, 0
        self.closed: list[int] = []  # close codes that clients sent
        self._identified: dict[int, float] = {}

    # --- what tests do to it

    @property
    def live(self) -> list[Session]:
        """The sessions that are connected."""
        return [one for one in self.sessions.values() if one.line is not None]

    def drop(self) -> None:
        """Cut all connections; sessions can be resumed."""
        for session in self.live:
            if session.line is not None:
                session.line.abort()
            session.line = None

    async def ask_to_reconnect(self) -> None:
        """Opcode 7 to all."""
        for session in self.live:
            if session.line is not None:
                await session.line.send(json.dumps({"op": RECONNECT, "d": None}))

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Opcode 9 to all; sessions that cannot be resumed are forgotten."""
        for session in self.live:
            if session.line is not None:
                await session.line.send(json.dumps({"op": INVALID, "d": resumable}))
            if not resumable:
                self.sessions.pop(session.id, None)

    def forget_sessions(self) -> None:
        """What RESUME would come back to is gone."""
        self.drop()
        self.sessions.clear()

    # --- what it does

    async def dispatch(
        self, event: str, data: Json, *, guild_id: int | None = None, intent: int = 0
    ) -> int:
        """Send an event to the sessions of its shard; how many there are."""
        told = 0
        for session in list(self.sessions.values()):
            shard, count = session.shard
            mine = 0 if guild_id is None else (guild_id >> 22) % count
            if mine != shard or (intent and not session.intents & intent):
                continue
            told += 1
            await session.dispatch(event, data)
            if self.doubles:
                await session.dispatch(event, data)
        return told

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from its beginning to its end."""
        wished = request.query
        socket = web.WebSocketResponse(compress=False, max_msg_size=1 << 20, autoping=True)
        await socket.prepare(request)
        line = Line(socket, wished.get("compress", ""))
        if wished.get("v") != "10" or wished.get("encoding") != "json":
            await socket.close(code=4012, message=b"Invalid API version")
            return socket
        hello = {"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}}
        await line.send(json.dumps(hello))
        session: Session | None = None
        try:
            async for frame in socket:
                if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                session = await self._hear(line, session, frame.data)
        except _Closed as closed:
            self.refused += 1
            await socket.close(code=closed.code, message=closed.reason.encode())
        self._end(line, session, socket.close_code)
        return socket

    def _end(self, line: Line, session: Session | None, code: int | None) -> None:
        if code is not None:
            self.closed.append(code)
        if session is None or session.line is not line:
            return
        session.line = None
        if code in (1000, 1001):  # the client is done: its session ends
            self.sessions.pop(session.id, None)

    async def _hear(self, line: Line, session: Session | None, data: str | bytes) -> Session | None:
        now = time.monotonic()
        line.sends.append(now)
        while line.sends and now - line.sends[0] > limits.SENDS_S:
            line.sends.popleft()
        if len(line.sends) > limits.SENDS:
            raise _Closed(4008, "You are being rate limited.")
        if len(data) > limits.PAYLOAD_BYTES:
            raise _Closed(4002, "Payload too large.")
        try:
            given = json.loads(data)
        except ValueError as error:
            raise _Closed(4002, "Error while decoding payload.") from error
        op = given.get("op")
        if op == HEARTBEAT:
            if self.acknowledges:
                await line.send(json.dumps({"op": ACK}))
        elif op == IDENTIFY:
            if session is not None:
                raise _Closed(4005, "Already authenticated.")
            return await self._identify(line, given["d"])
        elif op == RESUME:
            return await self._resume(line, given["d"])
        elif op not in _OTHERS:
            raise _Closed(4001, "Unknown opcode.")
        elif session is None:
            raise _Closed(4003, "Not authenticated.")
        return session

    async def _identify(self, line: Line, given: Json) -> Session | None:
        if given.get("token") != self.world.token:
            raise _Closed(4004, "Authentication failed.")
        shard, count = given.get("shard") or (0, 1)
        if not 0 <= shard < count:
            raise _Closed(4010, "Invalid shard.")
        intents = given.get("intents")
        if not isinstance(intents, int) or intents < 0:
            raise _Closed(4013, "Invalid intent(s).")
        if intents & limits.PRIVILEGED_INTENTS & ~self.privileged:
            raise _Closed(4014, "Disallowed intent(s).")
        bucket, now = shard % self.max_concurrency, time.monotonic()
        if now - self._identified.get(bucket, float("-inf")) < self.identify_every:
            await line.send(json.dumps({"op": INVALID, "d": False}))
            return None
        self._identified[bucket] = now
        self.identified += 1
        session = Session(secrets.token_hex(16), (shard, count), intents, line)
        self.sessions[session.id] = session
        guilds = [
            one
            for one in self.world.guilds.values()
            if one.installed and (one.id >> 22) % count == shard
        ]
        ready = {
            "v": 10,
            "user": shapes.myself(self.world.bot),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [shard, count],
            "application": {"id": str(self.world.bot.id), "flags": 0},
            "private_channels": [],
            "relationships": [],
        }
        await session.dispatch("READY", ready)
        if intents & limits.GUILDS:
            for one in guilds:
                await session.dispatch("GUILD_CREATE", shapes.guild(self.world, one))
        return session

    async def _resume(self, line: Line, given: Json) -> Session | None:
        if given.get("token") != self.world.token:
            raise _Closed(4004, "Authentication failed.")
        session = self.sessions.get(given.get("session_id", ""))
        sequence = given.get("seq") or 0
        if session is None or (session.sent and sequence < session.sent[0][0] - 1):
            await line.send(json.dumps({"op": INVALID, "d": False}))
            return None
        if sequence > session.sequence:
            raise _Closed(4007, "Invalid seq.")
        if session.line is not None:
            session.line.abort()
        session.line = line
        self.resumed += 1
        for number, text in list(session.sent):
            if number > sequence:
                await line.send(text)
        await session.dispatch("RESUMED", {})
        return session

    async def close(self) -> None:
        """End all connections."""
        for session in self.live:
            if session.line is not None:
                with suppress(asyncio.TimeoutError, ConnectionError):
                    await asyncio.wait_for(session.line.socket.close(code=1001), 1)
