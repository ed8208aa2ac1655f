"""Markdown as authors may write it: no HTML, links that lead somewhere, pictures with words."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from domain.authoring.problems import Spot


class _Parser(MarkdownIt):
    """Sees every link, also those that would silently be shown as text, so as to report them."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the library's own name
        return True


# html is switched on only to see it and refuse it.
_PARSER = _Parser("commonmark", {"html": True}).enable("table")
# The parser's time grows with the square of a paragraph's length, and of its brackets most of all.
LINE_LIMIT, PARAGRAPH_LIMIT, BRACKET_LIMIT = 2_000, 4_000, 200
_NEW_BLOCK = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)]|#{1,6})(?:\s|$)")
_LINK_SCHEMES = {"https", "http", "mailto"}


def blocks(text: str) -> list[Token]:
    """The block tokens of a Markdown text."""
    return _PARSER.parse(text)


def is_short(text: str, spot: Spot) -> bool:
    """Whether every line and paragraph is short enough to be parsed; the first that is not counts.

    Args:
        text: Markdown.
        spot: the place of its first line.
    """
    size = brackets = 0
    for number, row in enumerate(text.split("\n")):
        if not row.strip() or _NEW_BLOCK.match(row):
            size = brackets = 0
        size += len(row) + 1
        brackets += row.count("[")
        if len(row) > LINE_LIMIT or size > PARAGRAPH_LIMIT or brackets > BRACKET_LIMIT:
            spot.at(spot.line + number).error(
                f"a line has at most {LINE_LIMIT:,} characters, a paragraph {PARAGRAPH_LIMIT:,} "
                f"and {BRACKET_LIMIT} brackets: put a blank line in between"
            )
            return False
    return True


def check_markdown(text: str, spot: Spot, files: frozenset[str]) -> None:
    """Report HTML, broken links and unusable pictures.

    Args:
        text: the Markdown.
        spot: the place of its first line.
        files: all paths of the course, for links and pictures.
    """
    if not is_short(text, spot):
        return
    known: dict[str, dict[str, Any]] = {}
    _check_tokens(_PARSER.parse(text, known), spot, files)
    for reference in known.get("references", {}).values():
        if not (_split(reference["href"]) or ("", ""))[0]:
            line = spot.line + reference["map"][0]
            spot.at(line).error("write the address of a file in the link itself: [words](path)")


def _check_tokens(tokens: Sequence[Token], spot: Spot, files: frozenset[str]) -> None:
    start = 0
    for token in tokens:
        if token.map:
            start = token.map[0]
        here = spot.at(spot.line + start)
        if token.type == "html_block":
            _refuse_html(token.content.strip(), here)
        elif token.type == "inline":
            _check_inline(token, here, files)


def _check_inline(block: Token, spot: Spot, files: frozenset[str]) -> None:
    raw = block.content
    cursor = 0
    for token in block.children or ():
        if token.type == "code_inline":
            opening = raw.find(token.markup, cursor)
            closing = raw.find(token.markup, opening + len(token.markup))
            cursor = max(cursor, closing + len(token.markup))
        elif token.type in {"softbreak", "hardbreak"}:
            cursor = max(cursor, raw.find("\n", cursor) + 1)
        elif token.content and token.type in {"text", "html_inline"}:
            cursor = max(cursor, raw.find(token.content, cursor))
        here = spot.at(spot.line + raw.count("\n", 0, cursor))
        if token.type == "html_inline":
            _refuse_html(token.content, here)
        elif token.type == "link_open":
            _check_link(str(token.attrGet("href") or ""), here, files)
        elif token.type == "image":
            _check_image(token, here, files)


def _refuse_html(html: str, spot: Spot) -> None:
    shown = html.splitlines()[0][:40] if html else "<"
    spot.error(f"HTML is not allowed ({shown}): write Markdown, or `code` to show a tag")


def _check_link(href: str, spot: Spot, files: frozenset[str]) -> None:
    parts = _split(href)
    if parts is None:
        spot.error(f"'{href}' is not a valid address: correct it")
    elif parts[0]:
        if parts[0] not in _LINK_SCHEMES:
            spot.error(f"links start with https://, not '{parts[0]}:': change it")
    elif href.startswith("//"):
        spot.error("write https:// in front of this address")
    elif not parts[1]:
        spot.error("the link leads nowhere: write a file of this course or https://...")
    else:
        target = resolve(spot.path, parts[1])
        if target not in files:
            spot.error(f"the link leads to '{parts[1]}', which is not in this course: correct it")


def _check_image(token: Token, spot: Spot, files: frozenset[str]) -> None:
    source = str(token.attrGet("src") or "")
    if not token.content.strip():
        spot.error("the picture has no words: write ![what it shows](...)")
    parts = _split(source)
    if parts is None or parts[0] not in {"", "https"} or source.startswith("//"):
        spot.error("pictures come from media/ or from an https:// address: change it")
    elif not parts[0]:
        target = resolve(spot.path, parts[1])
        if not target.startswith("media/"):
            spot.error(f"pictures of the course are kept in media/, not in '{target}': move it")
        elif target not in files:
            spot.error(f"there is no '{target}' in this course: add it or correct the name")


def _split(address: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.scheme, unquote(parts.path)


def resolve(path: str, target: str) -> str:
    """A link's target as a path from the course's root; "" when it leaves the course."""
    steps: list[str] = [] if target.startswith("/") else list(PurePosixPath(path).parts[:-1])
    for step in target.split("/"):
        if step == "..":
            if not steps:
                return ""
            steps.pop()
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


_LINK = re.compile(r'(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)')


def rebase(text: str, path: str, commands: Mapping[str, str]) -> str:
    """Rewrite links to files of the course, which a chat cannot open.

    A picture gets its path from the course's root. A link becomes its words, with the command
    that opens the thing behind them: "the exam (`/quiz exam`)".

    Args:
        text: Markdown that has passed `check_markdown`.
        path: the file it stands in.
        commands: path of a file -> the command that opens it, or "".
    """

    def replace(found: re.Match[str]) -> str:
        parts = _split(found[3])
        if parts is None or parts[0] or found[3].startswith("//"):
            return found[0]
        target = resolve(path, parts[1])
        if target.startswith("media/"):
            return f"{found[1]}[{found[2]}]({target})"
        command = commands.get(target, "")
        return f"{found[2]} (`{command}`)" if command else found[2]

    return _LINK.sub(replace, text)
