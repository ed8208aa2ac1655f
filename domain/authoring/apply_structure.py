"""Brings the outline of the live tables to a snapshot: card, units, components, their ties.

Statements are set-based: `:rows` is a list of JSON objects, and keys of the files become ids by
a join. An upsert touches only rows that differ, so `updated_at` tells the truth. What the
snapshot no longer has is archived and never deleted.
"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authoring import rows
from domain.authoring.coursefile import language_name
from domain.authoring.models import Course
from domain.authoring.outline import Outline
from domain.sql import sql

_ROWS = JSONB()

LANGUAGE = sql("""
    INSERT INTO languages (code, name)
    SELECT :code, CASE WHEN EXISTS (SELECT 1 FROM languages WHERE name = :name)
                       THEN :code ELSE :name END
    ON CONFLICT DO NOTHING
""")
_CARD = sql(
    """
    UPDATE courses SET title = :title, summary = :summary, description = :description,
        language_code = :language, difficulty = :level, license = :license, authors = :authors,
        estimated_minutes = :minutes, pass_percentage = :pass
    WHERE id = :course
      AND (title, summary, description, language_code, difficulty, license, authors,
           estimated_minutes, pass_percentage) IS DISTINCT FROM
          (:title, :summary, :description, :language, CAST(:level AS int), :license, :authors,
           CAST(:minutes AS int), CAST(:pass AS numeric))
""",
    authors=ARRAY(TEXT()),
)
_TAGS = sql(
    """
    INSERT INTO tags (name)
    SELECT t.name FROM unnest(:names) AS t(name)
    WHERE NOT EXISTS (SELECT 1 FROM tags g WHERE lower(g.name) = lower(t.name))
    ON CONFLICT DO NOTHING
""",
    names=ARRAY(TEXT()),
)
_UNTAG = sql(
    """
    DELETE FROM course_tags c USING tags t
    WHERE c.course_id = :course AND t.id = c.tag_id
      AND lower(t.name) <> ALL (SELECT lower(n) FROM unnest(:names) AS n)
""",
    names=ARRAY(TEXT()),
)
_TAG = sql(
    """
    INSERT INTO course_tags (course_id, tag_id)
    SELECT :course, t.id FROM tags t
    WHERE lower(t.name) IN (SELECT lower(n) FROM unnest(:names) AS n)
    ON CONFLICT DO NOTHING
""",
    names=ARRAY(TEXT()),
)
_DOMAINS = sql(
    """
    INSERT INTO domains (course_id, code, title)
    SELECT :course, r.code, r.title
    FROM jsonb_to_recordset(:rows) AS r(code text, title text)
    ON CONFLICT (course_id, code) DO UPDATE SET title = excluded.title
        WHERE domains.title <> excluded.title
""",
    rows=_ROWS,
)
_OBJECTIVES = sql(
    """
    INSERT INTO objectives (course_id, code, text, domain_id)
    SELECT :course, r.code, r.text, d.id
    FROM jsonb_to_recordset(:rows) AS r(code text, text text, domain text)
    LEFT JOIN domains d ON d.course_id = :course AND d.code = r.domain
    ON CONFLICT (course_id, code) DO UPDATE
        SET text = excluded.text, domain_id = excluded.domain_id
        WHERE (objectives.text, objectives.domain_id)
              IS DISTINCT FROM (excluded.text, excluded.domain_id)
""",
    rows=_ROWS,
)
_UNITS = sql(
    """
    INSERT INTO units (course_id, key, title, description, position, domain_id)
    SELECT :course, r.key, r.title, r.description, r.position, d.id
    FROM jsonb_to_recordset(:rows)
         AS r(key text, title text, description text, position int, domain text)
    LEFT JOIN domains d ON d.course_id = :course AND d.code = r.domain
    ON CONFLICT (course_id, key) DO UPDATE
        SET title = excluded.title, description = excluded.description,
            position = excluded.position, domain_id = excluded.domain_id, archived_at = NULL
        WHERE (units.title, units.description, units.position, units.domain_id, units.archived_at)
              IS DISTINCT FROM (excluded.title, excluded.description, excluded.position,
                                excluded.domain_id, NULL)
""",
    rows=_ROWS,
)
_NEST_UNITS = sql(
    """
    UPDATE units u SET parent_id = p.id
    FROM jsonb_to_recordset(:rows) AS r(key text, parent text)
    LEFT JOIN units p ON p.course_id = :course AND p.key = r.parent
    WHERE u.course_id = :course AND u.key = r.key AND u.parent_id IS DISTINCT FROM p.id
""",
    rows=_ROWS,
)
_ARCHIVE_UNITS = sql(
    """
    UPDATE units SET archived_at = now(), position = NULL, parent_id = NULL
    WHERE course_id = :course AND archived_at IS NULL
      AND key NOT IN (SELECT r.key FROM jsonb_to_recordset(:rows) AS r(key text))
""",
    rows=_ROWS,
)
# Slugs and primary quizzes may change places; uniqueness is checked row by row, so whatever
# changes steps aside first.
_STEP_ASIDE = sql(
    """
    UPDATE components k SET slug = 'moving-' || k.id, is_primary = false
    FROM jsonb_to_recordset(:rows) AS r(key text, slug text, "primary" boolean, lesson text)
    WHERE k.course_id = :course AND k.key = r.key
      AND (k.slug <> r.slug OR (k.is_primary AND (NOT r."primary" OR k.lesson_id IS DISTINCT FROM
           (SELECT l.id FROM components l WHERE l.course_id = :course AND l.key = r.lesson))))
""",
    rows=_ROWS,
)
_ARCHIVE = sql(
    """
    UPDATE components SET status = 'archived', slug = 'archived-' || id, position = NULL,
        is_primary = false, parent_id = NULL
    WHERE course_id = :course AND status <> 'archived'
      AND key NOT IN (SELECT r.key FROM jsonb_to_recordset(:rows) AS r(key text))
""",
    rows=_ROWS,
)
_COMPONENTS = sql(
    """
    INSERT INTO components AS k (course_id, unit_id, domain_id, key, slug, kind, title, description,
        position, difficulty, estimated_minutes, points, is_required, is_preview, status)
    SELECT :course, u.id, d.id, r.key, r.slug, r.kind, r.title, r.description, r.position,
           r.difficulty, r.minutes, r.points, r.required, r.preview, 'published'
    FROM jsonb_to_recordset(:rows) AS r(key text, slug text, kind text, title text,
        description text, unit text, domain text, position int, difficulty int, minutes int,
        points numeric, required boolean, preview boolean)
    LEFT JOIN units u ON u.course_id = :course AND u.key = r.unit
    LEFT JOIN domains d ON d.course_id = :course AND d.code = r.domain
    ON CONFLICT (course_id, key) DO UPDATE
        SET unit_id = excluded.unit_id, domain_id = excluded.domain_id, slug = excluded.slug,
            title = excluded.title, description = excluded.description,
            position = excluded.position, difficulty = excluded.difficulty,
            estimated_minutes = excluded.estimated_minutes, points = excluded.points,
            is_required = excluded.is_required, is_preview = excluded.is_preview,
            status = 'published', deleted_at = NULL
        WHERE (k.unit_id, k.domain_id, k.slug, k.title, k.description, k.position, k.difficulty,
               k.estimated_minutes, k.points, k.is_required, k.is_preview, k.status, k.deleted_at)
              IS DISTINCT FROM
              (excluded.unit_id, excluded.domain_id, excluded.slug, excluded.title,
               excluded.description, excluded.position, excluded.difficulty,
               excluded.estimated_minutes, excluded.points, excluded.is_required,
               excluded.is_preview, 'published', NULL)
""",
    rows=_ROWS,
)
_NEST = sql(
    """
    UPDATE components k SET parent_id = p.id, lesson_id = l.id, is_primary = r."primary"
    FROM jsonb_to_recordset(:rows) AS r(key text, parent text, lesson text, "primary" boolean)
    LEFT JOIN components p ON p.course_id = :course AND p.key = r.parent
    LEFT JOIN components l ON l.course_id = :course AND l.key = r.lesson
    WHERE k.course_id = :course AND k.key = r.key
      AND (k.parent_id, k.lesson_id, k.is_primary) IS DISTINCT FROM (p.id, l.id, r."primary")
""",
    rows=_ROWS,
)


async def apply_structure(
    conn: AsyncConnection, course_id: UUID, course: Course, flat: Outline
) -> None:
    """Write the card, the units and the components of a snapshot."""
    await apply_card(conn, course_id, course, flat)
    domains = [{"code": code, "title": title} for code, title in course.domains.items()]
    units, components = rows.unit_rows(flat), rows.component_rows(flat)
    for statement, given in (
        (_DOMAINS, domains),
        (_OBJECTIVES, rows.objective_rows(course)),
        (_UNITS, units),
        (_NEST_UNITS, units),
        (_STEP_ASIDE, components),
        (_ARCHIVE, components),
        (_COMPONENTS, components),
        (_NEST, components),
        (_ARCHIVE_UNITS, units),
    ):
        await conn.execute(statement, {"course": course_id, "rows": given})


async def apply_card(conn: AsyncConnection, course_id: UUID, course: Course, flat: Outline) -> None:
    """Write what the course's card says, and its tags."""
    await conn.execute(LANGUAGE, {"code": course.language, "name": language_name(course.language)})
    await conn.execute(
        _CARD,
        {
            "course": course_id,
            "title": course.title,
            "summary": course.summary,
            "description": course.description,
            "language": course.language,
            "level": course.level,
            "license": course.license,
            "authors": list(course.authors),
            "minutes": sum(placed.item.minutes for placed in flat.items) or None,
            "pass": course.certificate_pass,
        },
    )
    names = list(course.tags)
    for statement in (_TAGS, _UNTAG, _TAG):
        await conn.execute(statement, {"course": course_id, "names": names})
