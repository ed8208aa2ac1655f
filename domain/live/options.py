"""What a host can choose: the words after /host, and the options they stand for. Pure."""

import re
from dataclasses import dataclass, replace

from domain.errors import N_, Refusal
from domain.live.rules import MODES, Mode

MOST_QUESTIONS = 50
USUAL_SECONDS = 30
LEAST_SECONDS, MOST_SECONDS = 5, 600
MOST_TEAMS = 4
_OPTION = re.compile(r"(?<!\S)([a-z]+):(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Options:
    """What the host chose before the start.

    Args:
        mode: how points are given.
        seconds: of each question; None: no timer.
        teams: how many; 0: none.
        typed: everybody types, also where buttons would do.
        count: how many questions at most.
        domain, level, tag, course: which questions of the banks; "" and 0 do not filter.
    """

    mode: Mode = "accuracy"
    seconds: int | None = USUAL_SECONDS
    teams: int = 0
    typed: bool = False
    count: int | None = None
    domain: str = ""
    level: int = 0
    tag: str = ""
    course: str = ""

    @property
    def filters(self) -> bool:
        """Whether they choose from the banks."""
        return bool(self.domain or self.level or self.tag or self.course)


def understand(words: str, before: Options | None = None) -> tuple[str, Options]:
    """Read `quiz mode:timed time:30 teams:2 n:10 domain:1.0`: the words, and the options.

    Args:
        words: what was typed.
        before: what stays as it is unless it is named.

    Raises:
        Refusal: an option that is not known, or a value it cannot have.
    """
    chosen = before or Options()
    for found in _OPTION.finditer(words):
        chosen = _set(chosen, found[1].lower(), found[2].lower())
    return " ".join(_OPTION.sub(" ", words).split()), chosen


def _set(chosen: Options, name: str, value: str) -> Options:
    match name:
        case "mode" if value == "type":
            return replace(chosen, typed=True)
        case "mode" if value in MODES:
            return replace(chosen, mode=value)
        case "typed" if value in {"yes", "no"}:
            return replace(chosen, typed=value == "yes")
        case "time" if value in {"no", "none", "off", "0"}:
            return replace(chosen, seconds=None)
        case "time":
            return replace(chosen, seconds=_number(name, value, LEAST_SECONDS, MOST_SECONDS))
        case "teams" if value in {"no", "none", "off"}:
            return replace(chosen, teams=0)
        case "teams":
            return replace(chosen, teams=_number(name, value, 2, MOST_TEAMS))
        case "n":
            return replace(chosen, count=_number(name, value, 1, MOST_QUESTIONS))
        case "level":
            return replace(chosen, level=_number(name, value, 1, 5))
        case "domain" | "tag" | "course":
            return replace(chosen, **{name: value})  # type: ignore[arg-type]
    if name == "mode":
        raise Refusal(
            N_("“{value}” is no mode. Modes are accuracy, timed, first, survival and type."),
            {"value": value[:20]},
        )
    raise Refusal(
        N_("I do not know “{name}:”. Use mode, time, teams, n, domain, level, tag or course."),
        {"name": name[:20]},
    )


def _number(name: str, value: str, low: int, high: int) -> int:
    digits = value.removesuffix("s")
    if not digits.isascii() or not digits.isdecimal() or not low <= int(digits[:6]) <= high:
        raise Refusal(
            N_("“{name}:” takes a number from {low} to {high}."),
            {"name": name, "low": low, "high": high},
        )
    return int(digits)
