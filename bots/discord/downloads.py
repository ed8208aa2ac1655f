"""Files that somebody sent, fetched from where Discord keeps them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from bots.conversation.dialogue import File
from domain.errors import N_, Refusal

LARGEST = 10 * 1024 * 1024  # bytes of one file; the domain has stricter limits of its own
MOST = 20  # files of one message
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as Discord describes it."""

    name: str
    url: str
    size: int


async def fetch(session: aiohttp.ClientSession, wanted: Sequence[Wanted]) -> tuple[File, ...]:
    """The files' contents.

    Raises:
        Refusal: too many or too large, or they cannot be fetched.
    """
    if len(wanted) > MOST:
        raise Refusal(
            N_("Send at most {most} files at once; you sent {count}."),
            {"most": MOST, "count": len(wanted)},
        )
    for one in wanted:
        if one.size > LARGEST:
            raise _too_large(one)
    return tuple(await asyncio.gather(*(_one(session, one) for one in wanted)))


def _too_large(one: Wanted) -> Refusal:
    return Refusal(
        N_("{name} is over {most} MiB. Send a smaller file."),
        {"name": one.name[:80], "most": LARGEST // 1024 // 1024},
    )


async def _one(session: aiohttp.ClientSession, wanted: Wanted) -> File:
    try:
        async with asyncio.timeout(TIMEOUT_S), session.get(wanted.url) as response:
            response.raise_for_status()
            content = await response.content.read(LARGEST + 1)
            while len(content) <= LARGEST and (more := await response.content.read(LARGEST)):
                content += more
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Refusal(
            N_("I could not fetch {name} from Discord. Please send it again."),
            {"name": wanted.name[:80]},
        ) from error
    if len(content) > LARGEST:
        raise _too_large(wanted)
    return File(wanted.name, content)
