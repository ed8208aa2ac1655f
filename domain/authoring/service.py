"""Importing, publishing and rolling back courses.

Each use case runs in the caller's transaction, as `stoa_worker` (content belongs to nobody's
row policy), and first locks the row of the course: imports and publications of one course go
one after another. Whatever fails rolls all of it back.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authoring.apply_content import apply_content
from domain.authoring.apply_structure import LANGUAGE, apply_structure
from domain.authoring.apply_ties import apply_ties
from domain.authoring.coursefile import language_name
from domain.authoring.diff import Diff, compare
from domain.authoring.models import Course
from domain.authoring.outline import outline
from domain.authoring.queries import no_course
from domain.errors import N_, Refusal
from domain.sql import sql
from domain.tutoring.passages import index

_NEW_COURSE = sql("""
    INSERT INTO courses (slug, title, summary, description, language_code, difficulty, license,
                         owner_id)
    VALUES (:slug, :title, :summary, :description, :language, :level, :license, :by)
    ON CONFLICT (slug) DO NOTHING
""")
_LOCK = sql("""
    SELECT id, slug, title, active_version FROM courses
    WHERE slug = :slug AND deleted_at IS NULL FOR NO KEY UPDATE
""")
_DRAFT = sql("""
    SELECT id, tree_hash, content FROM course_versions
    WHERE course_id = :course AND status = 'draft'
""")
_VERSION = sql("""
    SELECT id, tree_hash, content FROM course_versions
    WHERE course_id = :course AND version = :version
""")
_SAVE_DRAFT = sql(
    """
    INSERT INTO course_versions (course_id, content, tree_hash, created_by)
    VALUES (:course, :content, :hash, :by)
    ON CONFLICT (course_id) WHERE status = 'draft' DO UPDATE
        SET content = excluded.content, tree_hash = excluded.tree_hash, created_at = now(),
            created_by = excluded.created_by
""",
    content=JSONB(),
)
_DROP_DRAFT = sql("DELETE FROM course_versions WHERE course_id = :course AND status = 'draft'")
_NUMBER = sql("""
    UPDATE course_versions
    SET status = 'published', published_at = now(), published_by = :by,
        version = 1 + coalesce((SELECT max(version) FROM course_versions
                                WHERE course_id = :course), 0)
    WHERE id = :draft RETURNING version
""")
_ACTIVATE = sql("""
    UPDATE courses SET active_version = :version, status = 'published' WHERE id = :course
""")
_AUDIT = sql(
    """
    INSERT INTO audit_log (actor_id, action, target_type, target_id, details)
    VALUES (:by, :action, 'course', :course, :details)
""",
    details=JSONB(),
)
_KNOWN_SLUGS = sql(
    "SELECT slug FROM courses WHERE slug = ANY (:slugs) AND deleted_at IS NULL",
    slugs=ARRAY(TEXT()),
)
_OTHER_KINDS = sql(
    """
    SELECT r.key, k.kind AS was, r.kind AS now
    FROM jsonb_to_recordset(:rows) AS r(key text, kind text)
    JOIN components k ON k.course_id = :course AND k.key = r.key AND k.kind <> r.kind
    UNION ALL
    SELECT r.key, q.kind, r.kind FROM jsonb_to_recordset(:questions) AS r(key text, kind text)
    JOIN question_bank q ON q.course_id = :course AND q.key = r.key AND q.kind <> r.kind
    ORDER BY 1
""",
    rows=JSONB(),
    questions=JSONB(),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of an import. `diff` is against what learners see now."""

    course_id: UUID
    slug: str
    changed: bool
    diff: Diff


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome of publishing or rolling back: the version that is served now."""

    course_id: UUID
    slug: str
    version: int
    diff: Diff


@dataclass(frozen=True, slots=True)
class _Locked:
    id: UUID
    slug: str
    active_version: int | None


async def import_course(
    conn: AsyncConnection, course: Course, tree_hash: str, by: UUID | None = None
) -> Imported:
    """Keep a compiled course as the draft of its slug; the same files change nothing.

    Args:
        conn: a transaction of the worker.
        course: compiled without errors.
        tree_hash: of the files it was compiled from.
        by: the instructor; None for the operator of the machine.

    Raises:
        Refusal: an id is used for another kind of thing than before.
    """
    await conn.execute(LANGUAGE, {"code": course.language, "name": language_name(course.language)})
    card = {name: getattr(course, name) for name in ("slug", "title", "summary", "description")}
    card |= {"language": course.language, "level": course.level, "license": course.license}
    await conn.execute(_NEW_COURSE, card | {"by": by})
    locked = await _lock(conn, course.slug)
    await _check_kinds(conn, locked.id, course)
    served = await _served(conn, locked)
    draft = (await conn.execute(_DRAFT, {"course": locked.id})).one_or_none()
    diff = compare(served[1] if served else None, course)
    if draft is not None and draft.tree_hash == tree_hash:
        return Imported(locked.id, course.slug, changed=False, diff=diff)
    if served is not None and served[0] == tree_hash:
        await conn.execute(_DROP_DRAFT, {"course": locked.id})
        return Imported(locked.id, course.slug, changed=draft is not None, diff=diff)
    content = course.model_dump(mode="json")
    values = {"course": locked.id, "content": content, "hash": tree_hash, "by": by}
    await conn.execute(_SAVE_DRAFT, values)
    return Imported(locked.id, course.slug, changed=True, diff=diff)


async def preview(conn: AsyncConnection, slug: str) -> Diff:
    """What publishing the draft would change.

    Raises:
        NotFound: there is no such course.
        Refusal: there is no draft, or it is what learners already see.
    """
    locked = await _lock(conn, slug)
    _, _, diff = await _draft_diff(conn, locked)
    return diff


async def publish(conn: AsyncConnection, slug: str, by: UUID | None = None) -> Published:
    """Give the draft the next number and show it to learners.

    Raises:
        NotFound: there is no such course.
        Refusal: nothing to publish, an unknown prerequisite, or an id of another kind.
    """
    locked = await _lock(conn, slug)
    draft_id, course, diff = await _draft_diff(conn, locked)
    await _check_prerequisites(conn, course)
    numbered = await conn.execute(_NUMBER, {"course": locked.id, "draft": draft_id, "by": by})
    version = int(numbered.scalar_one())
    await _serve(conn, locked.id, course, version)
    await _audit(conn, locked.id, "course.publish", by, {"version": version})
    return Published(locked.id, slug, version, diff)


async def rollback(
    conn: AsyncConnection, slug: str, version: int, by: UUID | None = None
) -> Published:
    """Serve an older version again, exactly as it was.

    Raises:
        NotFound: there is no such course.
        Refusal: there is no such version, or it is the one being served.
    """
    locked = await _lock(conn, slug)
    row = (await conn.execute(_VERSION, {"course": locked.id, "version": version})).one_or_none()
    if row is None:
        raise Refusal(
            N_("“{slug}” has no version {version}. See: stoa course history {slug}"),
            {"slug": slug, "version": version},
        )
    if version == locked.active_version:
        raise Refusal(
            N_("Version {version} of “{slug}” is already the one that learners see."),
            {"slug": slug, "version": version},
        )
    served = await _served(conn, locked)
    course = Course.model_validate(row.content)
    await _serve(conn, locked.id, course, version)
    details = {"version": version, "instead_of": locked.active_version}
    await _audit(conn, locked.id, "course.rollback", by, details)
    return Published(locked.id, slug, version, compare(served[1] if served else None, course))


async def _lock(conn: AsyncConnection, slug: str) -> _Locked:
    row = (await conn.execute(_LOCK, {"slug": slug})).one_or_none()
    if row is None:
        raise no_course(slug)
    return _Locked(row.id, row.slug, row.active_version)


async def _served(conn: AsyncConnection, locked: _Locked) -> tuple[str, Course] | None:
    """The hash and the content of what learners see."""
    if locked.active_version is None:
        return None
    values = {"course": locked.id, "version": locked.active_version}
    row = (await conn.execute(_VERSION, values)).one()
    return row.tree_hash, Course.model_validate(row.content)


async def _draft_diff(conn: AsyncConnection, locked: _Locked) -> tuple[UUID, Course, Diff]:
    draft = (await conn.execute(_DRAFT, {"course": locked.id})).one_or_none()
    served = await _served(conn, locked)
    if draft is not None:
        course = Course.model_validate(draft.content)
        diff = compare(served[1] if served else None, course)
        if diff:
            await _check_kinds(conn, locked.id, course)
            return draft.id, course, diff
    raise Refusal(
        N_("There is nothing to publish: learners already see the newest “{slug}”."),
        {"slug": locked.slug},
    )


async def _serve(conn: AsyncConnection, course_id: UUID, course: Course, version: int) -> None:
    flat = outline(course)
    await apply_structure(conn, course_id, course, flat)
    await apply_content(conn, course_id, flat)
    await apply_ties(conn, course_id, course, flat)
    await index(conn, course_id)
    await conn.execute(_ACTIVATE, {"course": course_id, "version": version})


async def _audit(
    conn: AsyncConnection, course_id: UUID, action: str, by: UUID | None, details: object
) -> None:
    values = {"course": course_id, "action": action, "by": by, "details": details}
    await conn.execute(_AUDIT, values)


async def _check_kinds(conn: AsyncConnection, course_id: UUID, course: Course) -> None:
    """An id never changes what it stands for: results of learners hang on it."""
    flat = outline(course)
    values = {
        "course": course_id,
        "rows": [{"key": each.item.key, "kind": each.item.kind} for each in flat.items],
        "questions": [{"key": each.key, "kind": each.kind} for each in flat.questions],
    }
    row = (await conn.execute(_OTHER_KINDS, values)).first()
    if row is not None:
        raise Refusal(
            N_("The id “{key}” was a {was} and is now a {now}. Give the new one another id."),
            {"key": row.key, "was": row.was, "now": row.now},
        )


async def _check_prerequisites(conn: AsyncConnection, course: Course) -> None:
    found = await conn.execute(_KNOWN_SLUGS, {"slugs": list(course.prerequisites)})
    missing = sorted(set(course.prerequisites) - set(found.scalars()))
    if missing:
        raise Refusal(
            N_("“{slug}” requires “{missing}”, which does not exist. Import that course first."),
            {"slug": course.slug, "missing": "”, “".join(missing)},
        )
