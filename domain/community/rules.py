"""What a group has agreed on: who hosts, its language, where quizzes are played, and when not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Agreement:
    """The settings of one group; the defaults are what a new group has.

    Args:
        managers_host: only those who manage the group may host a quiz.
        language: of what is said to all; "" is English.
        channel: the only chat in which quizzes are hosted; "" is every chat.
        board: whether /top shows this group.
        quiet: from when until when nobody but managers hosts, in `zone`; None: never.
        zone: an IANA name.
    """

    managers_host: bool = False
    language: str = ""
    channel: str = ""
    board: bool = True
    quiet: tuple[time, time] | None = None
    zone: str = "UTC"

    def is_quiet(self, now: datetime) -> bool:
        """Whether it is quiet at an instant; the hours may go over midnight."""
        if self.quiet is None:
            return False
        begin, end = self.quiet
        here = now.astimezone(ZoneInfo(self.zone)).time()
        if begin <= end:
            return begin <= here < end
        return here >= begin or here < end

    def as_json(self) -> dict[str, Any]:
        """The `settings` column of a community."""
        quiet = [one.isoformat("minutes") for one in self.quiet] if self.quiet else None
        return {
            "managers_host": self.managers_host,
            "language": self.language,
            "channel": self.channel,
            "board": self.board,
            "quiet": quiet,
            "zone": self.zone,
        }


def agreement(settings: Mapping[str, Any]) -> Agreement:
    """Read the `settings` column; what is missing is as in a new group."""
    quiet = settings.get("quiet")
    return Agreement(
        managers_host=bool(settings.get("managers_host", False)),
        language=str(settings.get("language", "")),
        channel=str(settings.get("channel", "")),
        board=bool(settings.get("board", True)),
        quiet=(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None,
        zone=str(settings.get("zone", "UTC")),
    )
