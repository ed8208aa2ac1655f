"""Code in a message: between runs of backticks, or of what keyboards make of them. Pure."""

import ast
import re

from domain.challenges import pages
from domain.errors import N_, Refusal
from domain.syntax import parse

TICKS = "`´'‘’‛′ʹʼ＇‵"  # what phones and keyboards make of a backtick
_LANGUAGES = "python3?|py3?|html?|css|javascript|js|text|txt"
_FOREIGN = {"python": re.compile(r"html?|css|javascript|js"), "web": re.compile(r"python3?|py3?")}
_NAMES = {"python": "Python", "web": "HTML, CSS, JavaScript"}


def _fence(ticks: str) -> re.Pattern[str]:
    """A block between runs of three or more of these ticks, at the beginning of a line."""
    return re.compile(
        rf"^[ \t]*[{ticks}]{{3,}}[ \t]*(?:(?P<tag>{_LANGUAGES})(?=[ \t]*\n))?[ \t]*\n?"
        rf"(?P<code>.*?)(?:[{ticks}]{{3,}}[ \t]*$|\Z)",
        re.DOTALL | re.MULTILINE | re.IGNORECASE,
    )


_FENCE, _FENCE_OF_QUOTES = _fence(TICKS.replace("'", "")), _fence(TICKS)
_REAL_FENCE = re.compile(
    rf"(?P<ticks>`{{3,}})[ \t]*(?:(?P<tag>{_LANGUAGES})(?=[ \t]*\n))?[ \t]*\n?"
    r"(?P<code>.*?)(?:(?P=ticks)`*|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def pieces(text: str) -> list[tuple[str, str]]:
    """Tag and code of each piece of a web page in a message.

    Raises:
        Refusal: there is none, or it is marked as another language.
    """
    for fence in (_REAL_FENCE, _FENCE):
        if _found(fence, text, "web"):
            found = [(each["tag"] or "", each["code"]) for each in fence.finditer(text)]
            return [
                (tag, code.strip("\n"))
                for tag, code in found
                if code.strip() and not _FOREIGN["web"].fullmatch(tag.lower())
            ]
    if pages.kind_of("", text):
        return [("", text)]
    raise Refusal(
        N_("I see no code in that. Put your code between two lines of ```, or send a file.")
    )


def blocks(text: str, language: str) -> list[str]:
    """The blocks of code in a message; none where the whole message may be the program.

    Raises:
        Refusal: all of them are marked as another language.
    """
    for fence in (_REAL_FENCE, _FENCE):
        if found := _found(fence, text, language):
            return found
    if language == "python" and is_program(text):
        return []  # three apostrophes are Python's own
    if found := _found(_FENCE_OF_QUOTES, text, language):
        return found
    whole = text.strip()
    if len(whole) > 2 and whole[0] in TICKS and whole[-1] in TICKS and is_program(whole[1:-1]):
        return [whole[1:-1]]
    return []


def _found(fence: re.Pattern[str], text: str, language: str) -> list[str]:
    blocks = [found for found in fence.finditer(text) if found["code"].strip()]
    foreign = [
        found for found in blocks if _FOREIGN[language].fullmatch((found["tag"] or "").lower())
    ]
    if foreign and len(foreign) == len(blocks):
        raise Refusal(
            N_("That is marked as {tag}, but this challenge takes {language}. Nothing is counted."),
            {"tag": foreign[0]["tag"], "language": _NAMES[language]},
        )
    return [found["code"].strip("\n") for found in blocks if found not in foreign]


def is_program(text: str) -> bool:
    """Whether Python reads it, and it is more than words that happen to be an expression."""
    try:
        body = parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        not isinstance(statement, ast.Expr) or isinstance(statement.value, ast.Call | ast.Await)
        for statement in body
    )
