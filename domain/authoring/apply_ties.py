"""Brings the ties between rows to a snapshot: who asks what, who needs what, what is shown."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authoring import rows
from domain.authoring.achievements import apply_achievements
from domain.authoring.models import Course
from domain.authoring.outline import Outline
from domain.sql import sql

_ROWS = JSONB()

_UNASK = sql(
    """
    DELETE FROM assessment_questions a USING components k, question_bank q
    WHERE k.id = a.assessment_id AND k.course_id = :course AND q.id = a.question_id
      AND (k.key, q.key) NOT IN (
          SELECT r.quiz, r.question FROM jsonb_to_recordset(:rows) AS r(quiz text, question text))
""",
    rows=_ROWS,
)
_ASK = sql(
    """
    INSERT INTO assessment_questions AS t (assessment_id, question_id, position)
    SELECT k.id, q.id, r.position
    FROM jsonb_to_recordset(:rows) AS r(quiz text, question text, position int)
    JOIN components k ON k.course_id = :course AND k.key = r.quiz
    JOIN question_bank q ON q.course_id = :course AND q.key = r.question
    ON CONFLICT (assessment_id, question_id) DO UPDATE SET position = excluded.position
        WHERE t.position <> excluded.position
""",
    rows=_ROWS,
)
_UNREQUIRE = sql(
    """
    DELETE FROM component_prerequisites t USING components k, components n
    WHERE k.id = t.component_id AND k.course_id = :course AND n.id = t.requires_component_id
      AND (k.key, n.key) NOT IN (
          SELECT r.key, r.requires FROM jsonb_to_recordset(:rows) AS r(key text, requires text))
""",
    rows=_ROWS,
)
_REQUIRE = sql(
    """
    INSERT INTO component_prerequisites (component_id, requires_component_id)
    SELECT k.id, n.id FROM jsonb_to_recordset(:rows) AS r(key text, requires text)
    JOIN components k ON k.course_id = :course AND k.key = r.key
    JOIN components n ON n.course_id = :course AND n.key = r.requires
    ON CONFLICT DO NOTHING
""",
    rows=_ROWS,
)
_UNTEACH = sql(
    """
    DELETE FROM component_objectives t USING components k, objectives o
    WHERE k.id = t.component_id AND k.course_id = :course AND o.id = t.objective_id
      AND (k.key, o.code) NOT IN (
          SELECT r.key, r.code FROM jsonb_to_recordset(:rows) AS r(key text, code text))
""",
    rows=_ROWS,
)
_TEACH = sql(
    """
    INSERT INTO component_objectives (component_id, objective_id)
    SELECT k.id, o.id FROM jsonb_to_recordset(:rows) AS r(key text, code text)
    JOIN components k ON k.course_id = :course AND k.key = r.key
    JOIN objectives o ON o.course_id = :course AND o.code = r.code
    ON CONFLICT DO NOTHING
""",
    rows=_ROWS,
)
_UNTEST = sql(
    """
    DELETE FROM question_objectives t USING question_bank q, objectives o
    WHERE q.id = t.question_id AND q.course_id = :course AND o.id = t.objective_id
      AND (q.key, o.code) NOT IN (
          SELECT r.key, r.code FROM jsonb_to_recordset(:rows) AS r(key text, code text))
""",
    rows=_ROWS,
)
_TEST = sql(
    """
    INSERT INTO question_objectives (question_id, objective_id)
    SELECT q.id, o.id FROM jsonb_to_recordset(:rows) AS r(key text, code text)
    JOIN question_bank q ON q.course_id = :course AND q.key = r.key
    JOIN objectives o ON o.course_id = :course AND o.code = r.code
    ON CONFLICT DO NOTHING
""",
    rows=_ROWS,
)
_OLD_MEDIA = sql(
    """
    DELETE FROM media WHERE course_id = :course
      AND path NOT IN (SELECT r.path FROM jsonb_to_recordset(:rows) AS r(path text))
""",
    rows=_ROWS,
)
_MEDIA = sql(
    """
    INSERT INTO media AS t
        (course_id, kind, path, content, content_hash, mime_type, alt, size_bytes)
    SELECT :course, r.kind, r.path, c.bytes, r.hash, r.mime_type, r.alt, octet_length(c.bytes)
    FROM jsonb_to_recordset(:rows) AS r(kind text, path text, content text, hash text,
                                        mime_type text, alt text),
         LATERAL (SELECT decode(r.content, 'base64') AS bytes) c
    ON CONFLICT (course_id, path) DO UPDATE
        SET kind = excluded.kind, content = excluded.content, mime_type = excluded.mime_type,
            content_hash = excluded.content_hash, alt = excluded.alt,
            size_bytes = excluded.size_bytes
        WHERE (t.content_hash, t.alt, t.kind, t.mime_type) IS DISTINCT FROM
              (excluded.content_hash, excluded.alt, excluded.kind, excluded.mime_type)
""",
    rows=_ROWS,
)
_FREE = sql(
    """
    DELETE FROM course_prerequisites t USING courses c
    WHERE t.course_id = :course AND c.id = t.requires_course_id AND c.slug <> ALL (:slugs)
""",
    slugs=ARRAY(TEXT()),
)
_BIND = sql(
    """
    INSERT INTO course_prerequisites (course_id, requires_course_id)
    SELECT :course, c.id FROM courses c WHERE c.slug = ANY (:slugs)
    ON CONFLICT DO NOTHING
""",
    slugs=ARRAY(TEXT()),
)
# What a learner finished stays finished; what is left to do may have changed.
_RECOUNT = sql("""
    UPDATE enrollments e
    SET completed_count = n.done, total_count = n.total, progress_percentage = n.percentage,
        status = CASE WHEN e.status = 'active' AND n.total > 0 AND n.done = n.total
                      THEN 'completed' ELSE e.status END,
        completed_at = CASE WHEN n.total > 0 AND n.done = n.total
                            THEN coalesce(e.completed_at, now()) ELSE e.completed_at END
    FROM (SELECT o.id, count(k.id) FILTER (WHERE p.status = 'completed')::int AS done,
                 count(k.id)::int AS total,
                 coalesce(round(100.0 * count(k.id) FILTER (WHERE p.status = 'completed')
                                / nullif(count(k.id), 0), 2), 0) AS percentage
          FROM enrollments o
          LEFT JOIN components k ON k.course_id = o.course_id AND k.status = 'published'
               AND k.is_required AND k.kind <> 'deck'
          LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = o.user_id
          WHERE o.course_id = :course GROUP BY o.id) n
    WHERE e.id = n.id AND (e.completed_count, e.total_count, e.progress_percentage)
          IS DISTINCT FROM (n.done, n.total, n.percentage)
""")


async def apply_ties(conn: AsyncConnection, course_id: UUID, course: Course, flat: Outline) -> None:
    """Write the ties of a snapshot whose structure and content are already applied."""
    asked, needed = rows.asked_rows(flat), rows.prerequisite_rows(flat)
    taught, tested = rows.item_objective_rows(flat), rows.question_objective_rows(flat)
    media = rows.media_rows(course)
    for statement, given in (
        (_UNASK, asked),
        (_ASK, asked),
        (_UNREQUIRE, needed),
        (_REQUIRE, needed),
        (_UNTEACH, taught),
        (_TEACH, taught),
        (_UNTEST, tested),
        (_TEST, tested),
        (_OLD_MEDIA, media),
        (_MEDIA, media),
    ):
        await conn.execute(statement, {"course": course_id, "rows": given})
    await apply_achievements(conn, course.achievements, course.slug)
    slugs = list(course.prerequisites)
    for statement in (_FREE, _BIND):
        await conn.execute(statement, {"course": course_id, "slugs": slugs})
    await conn.execute(_RECOUNT, {"course": course_id})
