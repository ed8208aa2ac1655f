"""A lesson file: front matter and pages."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from domain.authoring.documents import Context, Document, read_document
from domain.authoring.fields import Fields
from domain.authoring.markdown import blocks, check_markdown
from domain.authoring.models import Lesson, Unit
from domain.authoring.problems import Spot

PAGE_LIMIT = 1_800
LESSON_TYPES = ("text", "video", "audio", "exercise", "assignment")
_RULE = re.compile(r" {0,3}-(?:[ \t]*-){2,}[ \t]*")


def read_common(fields: Fields, minutes: int | None = None) -> dict[str, object]:
    """The fields every component has: id, slug, title, level, minutes and so on.

    Args:
        fields: the front matter.
        minutes: the default; None makes `minutes` required.
    """
    key = fields.identifier()
    return {
        "key": key,
        "slug": fields.identifier("slug", required=False) or key,
        "title": fields.text("title", required=True, limit=80),
        "level": fields.integer("level", 1, 5),
        "minutes": fields.integer("minutes", 1, 600, minutes, required=minutes is None) or 1,
        "required": fields.boolean("required", default=True),
        "prerequisites": fields.texts("prerequisites"),
        "objectives": fields.texts("objectives"),
    }


def read_lesson(path: str, context: Context) -> Lesson:
    """Compile one lesson file. Links in the pages are left as the author wrote them."""
    document = read_document(path, context, "a lesson")
    fields = document.fields
    common = read_common(fields)
    kind = fields.choice("type", LESSON_TYPES, "text")
    lesson = Lesson.model_validate(
        common
        | {
            "lesson_type": kind,
            "preview": fields.boolean("preview", default=False),
            "url": _url(fields, kind),
            "seconds": fields.integer("seconds", 1, 86_400),
            "points": fields.integer("points", 1, 1_000),
            "pages": tuple(_pages(document, context)),
        }
    )
    fields.finish()
    return lesson


def read_unit(path: str, context: Context) -> Unit:
    """Compile one unit.md."""
    document = read_document(path, context, "a unit")
    fields = document.fields
    text = document.body.strip()
    spot = context.spot(path, document.body_line)
    check_markdown(document.body, spot, context.files)
    if len(text) > PAGE_LIMIT:
        spot.error(
            f"a unit's text has at most {PAGE_LIMIT:,} characters: move the rest to a lesson"
        )
    unit = Unit(
        key=fields.identifier(),
        title=fields.text("title", required=True, limit=80),
        domain=fields.text("domain") or None,
        text=text,
    )
    fields.finish()
    return unit


def _url(fields: Fields, kind: str) -> str | None:
    url = fields.text("url", required=kind in {"video", "audio"}, limit=2_000)
    if url and (urlsplit(url).scheme != "https" or not urlsplit(url).netloc):
        fields.spot("url").error("the address of a video or sound starts with https://")
    return url or None


def _pages(document: Document, context: Context) -> Iterator[str]:
    spot = context.spot(document.path, document.body_line)
    check_markdown(document.body, spot, context.files)
    lines = document.body.split("\n")
    starts = [0]
    for token in blocks(document.body):
        if token.level or not token.map:
            continue
        first, last = token.map
        if token.type == "hr" and _RULE.fullmatch(lines[first]):
            _check_break(lines, first, spot)
            starts.append(first + 1)
        elif token.type == "heading_open" and token.markup == "-":
            spot.at(spot.line + last - 1).error(
                "put a blank line before '---': without it the line above becomes a heading"
            )
    for number, start in enumerate(starts, 1):
        end = starts[number] - 1 if number < len(starts) else len(lines)
        page = "\n".join(lines[start:end])
        _check_page(page, number, spot.at(spot.line + start))
        yield page.strip("\n").rstrip()


def _check_break(lines: list[str], at: int, spot: Spot) -> None:
    before = at == 0 or not lines[at - 1].strip()
    after = at + 1 >= len(lines) or not lines[at + 1].strip()
    if not (before and after):
        spot.at(spot.line + at).error("put a blank line before and after '---'")


def _check_page(page: str, number: int, spot: Spot) -> None:
    text = page.strip()
    if not text:
        spot.error(f"page {number} is empty: write it, or remove the '---' beside it")
        return
    if len(text) <= PAGE_LIMIT:
        return
    spot.at(spot.line + _split_line(page)).error(
        f"page {number} has {len(text):,} characters, at most {PAGE_LIMIT:,}: "
        "put a line '---' between blank lines before this one, or shorten the page"
    )


def _split_line(page: str) -> int:
    """The first line of the last block that still begins a page of allowed length."""
    lines = page.split("\n")
    skip = next(number for number, line in enumerate(lines) if line.strip())
    size, over = 0, len(lines) - 1
    for number in range(skip, len(lines)):
        size += len(lines[number]) + 1
        if size - 1 > PAGE_LIMIT:
            over = next((n for n in range(number, len(lines)) if lines[n].strip()), number)
            break
    tops = [token.map[0] for token in blocks(page) if token.map and token.level == 0]
    candidates = [top for top in tops if skip < top <= over]
    return max(candidates, default=over)
