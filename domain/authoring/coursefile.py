"""course.yaml: what the card of a course says."""

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from domain.authoring.documents import Context, read_yaml_file
from domain.authoring.fields import MAX_TAG, MAX_TAGS, Fields, bad_id, is_id
from domain.authoring.markdown import check_markdown

PATH = "course.yaml"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class CourseFile:
    """The fields of `Course` that course.yaml holds, and the fields for their lines."""

    values: dict[str, object]
    fields: Fields


def read_course_file(context: Context) -> CourseFile:
    """Read course.yaml."""
    fields = read_yaml_file(PATH, context, "course.yaml")
    slug = fields.identifier("slug")
    description = fields.text("description", required=True, limit=3_000)
    check_markdown(description, fields.spot("description"), context.files)
    values: dict[str, object] = {
        "slug": slug,
        "title": fields.text("title", required=True, limit=80),
        "summary": fields.text("summary", required=True, limit=200),
        "description": description,
        "language": _language(fields),
        "level": fields.integer("level", 1, 5, required=True) or 1,
        "license": fields.text("license", required=True, limit=100),
        "authors": fields.texts("authors", limit=50, size=100),
        "tags": fields.texts("tags", limit=MAX_TAGS, size=MAX_TAG),
        "prerequisites": _prerequisites(fields, slug),
        "certificate_pass": _certificate(fields),
        "objectives": fields.table("objectives"),
        "domains": fields.table("domains"),
    }
    if fields.node("authors", required=True) is not None and not values["authors"]:
        fields.spot("authors").error('a course has authors: write authors: ["Name"]')
    fields.finish()
    return CourseFile(values, fields)


def _language(fields: Fields) -> str:
    code = fields.text("language", required=True)
    if code and (not _LANGUAGE.fullmatch(code) or code.split("-")[0] not in language_names()):
        fields.spot("language").error(
            f"'{code}' is not a language code: write one such as en, pl, es or pt-BR"
        )
    return code


def language_names() -> dict[str, str]:
    """English names of languages by their code."""
    return dict(Locale("en").languages)


def language_name(code: str) -> str:
    """The English name of a language with its region, such as "Portuguese (Brazil)"."""
    try:
        name = Locale.parse(code, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError):
        name = None
    return name or language_names().get(code.split("-")[0]) or code


def _prerequisites(fields: Fields, slug: str) -> tuple[str, ...]:
    words = fields.texts_with_lines("prerequisites", limit=20)
    for word, line in words:
        if not is_id(word):
            fields.spot("prerequisites").at(line).error(bad_id(word))
        if word == slug:
            fields.spot("prerequisites").at(line).error("a course cannot require itself: remove it")
    return tuple(word for word, _ in words)


def _certificate(fields: Fields) -> int | None:
    node = fields.node("certificate")
    if node is None:
        return None
    inner = Fields(node, fields.spot("certificate"), "'certificate'")
    value = inner.integer("pass", 0, 100, required=True)
    inner.finish()
    return value
