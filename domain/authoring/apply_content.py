"""Brings the content of the live tables to a snapshot: pages, questions, challenges, cards.

A lesson, challenge or question whose content differs from its current version gets the next
number and a new immutable row. One whose content is the same keeps its version.
"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authoring import rows
from domain.authoring.outline import Outline
from domain.sql import sql

_ROWS = JSONB()
_KEYED = "JOIN components k ON k.course_id = :course AND k.key = r.key"

_LESSONS = sql(
    f"""
    INSERT INTO lessons AS t (component_id, lesson_type, media_url, media_seconds)
    SELECT k.id, r.lesson_type, r.url, r.seconds
    FROM jsonb_to_recordset(:rows) AS r(key text, lesson_type text, url text, seconds int) {_KEYED}
    ON CONFLICT (component_id) DO UPDATE
        SET lesson_type = excluded.lesson_type, media_url = excluded.media_url,
            media_seconds = excluded.media_seconds
        WHERE (t.lesson_type, t.media_url, t.media_seconds)
              IS DISTINCT FROM (excluded.lesson_type, excluded.media_url, excluded.media_seconds)
""",  # noqa: S608 - put together from constants only
    rows=_ROWS,
)
_LESSON_VERSIONS = sql(
    f"""
    WITH new AS (
        INSERT INTO lesson_versions (component_id, version, pages, content_hash)
        SELECT k.id, 1 + coalesce((SELECT max(v.version) FROM lesson_versions v
                                   WHERE v.component_id = k.id), 0), r.pages, r.hash
        FROM jsonb_to_recordset(:rows) AS r(key text, pages jsonb, hash text) {_KEYED}
        WHERE NOT EXISTS (SELECT 1 FROM lesson_versions v WHERE v.component_id = k.id
                          AND v.version = k.version AND v.content_hash = r.hash)
        RETURNING component_id, version)
    UPDATE components k SET version = new.version FROM new
    WHERE k.id = new.component_id AND k.version <> new.version
""",  # noqa: S608
    rows=_ROWS,
)
_CHALLENGES = sql(
    f"""
    INSERT INTO challenges AS t (component_id, language)
    SELECT k.id, r.language FROM jsonb_to_recordset(:rows) AS r(key text, language text) {_KEYED}
    ON CONFLICT (component_id) DO UPDATE SET language = excluded.language
        WHERE t.language <> excluded.language
""",  # noqa: S608
    rows=_ROWS,
)
_CHALLENGE_VERSIONS = sql(
    f"""
    WITH r AS (
        SELECT * FROM jsonb_to_recordset(:rows) AS r(key text, hash text, title text, summary text,
            context text, instructions text, starter jsonb, solution jsonb, language text,
            mode text, function text, limits jsonb, show_hidden text, tutor_notes text,
            main text, tests jsonb)),
    new AS (
        INSERT INTO challenge_versions (component_id, version, title, summary, business_context,
            instructions, starter_files, solution_files, language, mode, function_name, limits,
            show_hidden, tutor_notes, content_hash)
        SELECT k.id, 1 + coalesce((SELECT max(v.version) FROM challenge_versions v
                                   WHERE v.component_id = k.id), 0),
               r.title, r.summary, r.context, r.instructions, r.starter, r.solution, r.language,
               r.mode, r.function, r.limits || jsonb_build_object('main', r.main), r.show_hidden,
               r.tutor_notes, r.hash
        FROM r {_KEYED}
        WHERE NOT EXISTS (SELECT 1 FROM challenge_versions v WHERE v.component_id = k.id
                          AND v.version = k.version AND v.content_hash = r.hash)
        RETURNING component_id, version),
    tests AS (
        INSERT INTO challenge_tests
            (component_id, version, position, key, name, points, is_sample, spec)
        SELECT k.id, new.version, t.position, t.key, t.name, t.points, t.sample, t.spec
        FROM r {_KEYED} JOIN new ON new.component_id = k.id,
             jsonb_to_recordset(r.tests) AS t(position int, key text, name text, points numeric,
                                              sample boolean, spec jsonb))
    UPDATE components k SET version = new.version FROM new
    WHERE k.id = new.component_id AND k.version <> new.version
""",  # noqa: S608
    rows=_ROWS,
)
# Answers of the tutor that instructors keep as hints stand after the author's: they make way for
# these, and come back behind them.
_PINNED = """
    FROM (SELECT DISTINCT k.id FROM pinned_answers p JOIN components k ON k.id = p.component_id
          WHERE k.course_id = :course) pinned
"""
_PINS_AWAY = sql(f"SELECT tutor_pins_away(id) {_PINNED}")
_PINS_BACK = sql(f"SELECT tutor_pins_back(id) {_PINNED}")
_OLD_HINTS = sql(
    """
    DELETE FROM hints h USING components k
    WHERE k.id = h.component_id AND k.course_id = :course AND k.status = 'published'
      AND (k.key, h.position) NOT IN (
          SELECT r.key, r.position FROM jsonb_to_recordset(:rows) AS r(key text, position int))
""",
    rows=_ROWS,
)
_HINTS = sql(
    f"""
    INSERT INTO hints AS t (component_id, position, text, cost, after_attempts, after_minutes)
    SELECT k.id, r.position, r.text, r.cost, r.after_attempts, r.after_minutes
    FROM jsonb_to_recordset(:rows) AS r(key text, position int, text text, cost numeric,
                                        after_attempts int, after_minutes int) {_KEYED}
    ON CONFLICT (component_id, position) DO UPDATE
        SET text = excluded.text, cost = excluded.cost,
            after_attempts = excluded.after_attempts, after_minutes = excluded.after_minutes
        WHERE (t.text, t.cost, t.after_attempts, t.after_minutes) IS DISTINCT FROM
              (excluded.text, excluded.cost, excluded.after_attempts, excluded.after_minutes)
""",  # noqa: S608
    rows=_ROWS,
)
_QUESTIONS = sql(
    """
    INSERT INTO question_bank AS q (course_id, domain_id, key, kind, difficulty, status)
    SELECT :course, d.id, r.key, r.kind, r.difficulty, 'published'
    FROM jsonb_to_recordset(:rows) AS r(key text, kind text, difficulty int, domain text)
    LEFT JOIN domains d ON d.course_id = :course AND d.code = r.domain
    ON CONFLICT (course_id, key) DO UPDATE
        SET domain_id = excluded.domain_id, difficulty = excluded.difficulty,
            status = 'published', deleted_at = NULL
        WHERE (q.domain_id, q.difficulty, q.status, q.deleted_at) IS DISTINCT FROM
              (excluded.domain_id, excluded.difficulty, 'published', NULL)
""",
    rows=_ROWS,
)
_QUESTION_VERSIONS = sql(
    """
    WITH new AS (
        INSERT INTO question_versions
            (question_id, version, prompt, data, answer, explanation, hints, points, content_hash)
        SELECT q.id, 1 + coalesce((SELECT max(v.version) FROM question_versions v
                                   WHERE v.question_id = q.id), 0),
               r.prompt, r.data, r.answer, r.explanation, r.hints, r.points, r.hash
        FROM jsonb_to_recordset(:rows) AS r(key text, prompt text, data jsonb, answer jsonb,
            explanation text, hints jsonb, points numeric, hash text)
        JOIN question_bank q ON q.course_id = :course AND q.key = r.key
        WHERE NOT EXISTS (SELECT 1 FROM question_versions v WHERE v.question_id = q.id
                          AND v.version = q.version AND v.content_hash = r.hash)
        RETURNING question_id, version)
    UPDATE question_bank q SET version = new.version FROM new
    WHERE q.id = new.question_id AND q.version <> new.version
""",
    rows=_ROWS,
)
_ARCHIVE_QUESTIONS = sql(
    """
    UPDATE question_bank SET status = 'archived'
    WHERE course_id = :course AND status <> 'archived'
      AND key NOT IN (SELECT r.key FROM jsonb_to_recordset(:rows) AS r(key text))
""",
    rows=_ROWS,
)
_ASSESSMENTS = sql(
    f"""
    INSERT INTO assessments AS t (component_id, assessment_type, domain_id, difficulty,
        passing_score, time_limit_seconds, max_attempts, shuffle_questions, shuffle_options,
        reveal, draw)
    SELECT k.id, r.assessment_type, k.domain_id, r.difficulty, r.pass, r.seconds, r.attempts,
           r.shuffle_questions, r.shuffle_options, r.reveal, r.draw
    FROM jsonb_to_recordset(:rows) AS r(key text, assessment_type text, difficulty int,
        pass numeric, seconds int, attempts int, shuffle_questions boolean,
        shuffle_options boolean, reveal text, draw jsonb) {_KEYED}
    ON CONFLICT (component_id) DO UPDATE
        SET assessment_type = excluded.assessment_type, domain_id = excluded.domain_id,
            difficulty = excluded.difficulty, passing_score = excluded.passing_score,
            time_limit_seconds = excluded.time_limit_seconds,
            max_attempts = excluded.max_attempts,
            shuffle_questions = excluded.shuffle_questions,
            shuffle_options = excluded.shuffle_options, reveal = excluded.reveal,
            draw = excluded.draw
        WHERE (t.assessment_type, t.domain_id, t.difficulty, t.passing_score,
               t.time_limit_seconds, t.max_attempts, t.shuffle_questions, t.shuffle_options,
               t.reveal, t.draw) IS DISTINCT FROM
              (excluded.assessment_type, excluded.domain_id, excluded.difficulty,
               excluded.passing_score, excluded.time_limit_seconds, excluded.max_attempts,
               excluded.shuffle_questions, excluded.shuffle_options, excluded.reveal,
               excluded.draw)
""",  # noqa: S608
    rows=_ROWS,
)
_DECKS = sql(
    f"""
    INSERT INTO flashcard_sets AS t (id, component_id, title)
    SELECT k.id, k.id, r.title FROM jsonb_to_recordset(:rows) AS r(key text, title text) {_KEYED}
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, deleted_at = NULL
        WHERE (t.title, t.deleted_at) IS DISTINCT FROM (excluded.title, NULL)
""",  # noqa: S608
    rows=_ROWS,
)
_CARDS = sql(
    """
    INSERT INTO flashcards AS t (set_id, key, front, back, tags, position)
    SELECT k.id, r.key, r.front, r.back, r.tags, r.position
    FROM jsonb_to_recordset(:rows) AS r(deck text, key text, front text, back text, tags text[],
                                        position int)
    JOIN components k ON k.course_id = :course AND k.key = r.deck
    ON CONFLICT (set_id, key) DO UPDATE
        SET front = excluded.front, back = excluded.back, tags = excluded.tags,
            position = excluded.position, deleted_at = NULL
        WHERE (t.front, t.back, t.tags, t.position, t.deleted_at) IS DISTINCT FROM
              (excluded.front, excluded.back, excluded.tags, excluded.position, NULL)
""",
    rows=_ROWS,
)
_OLD_CARDS = sql(
    """
    UPDATE flashcards f SET deleted_at = now() FROM components k
    WHERE k.id = f.set_id AND k.course_id = :course AND f.deleted_at IS NULL
      AND (k.key, f.key) NOT IN (
          SELECT r.deck, r.key FROM jsonb_to_recordset(:rows) AS r(deck text, key text))
""",
    rows=_ROWS,
)


async def apply_content(conn: AsyncConnection, course_id: UUID, flat: Outline) -> None:
    """Write the content of a snapshot whose structure is already applied."""
    lessons, challenges = rows.lesson_rows(flat), rows.challenge_rows(flat)
    hints, questions = rows.hint_rows(flat), rows.question_rows(flat)
    cards = rows.card_rows(flat)
    await conn.execute(_PINS_AWAY, {"course": course_id})
    for statement, given in (
        (_LESSONS, lessons),
        (_LESSON_VERSIONS, lessons),
        (_CHALLENGES, challenges),
        (_CHALLENGE_VERSIONS, challenges),
        (_OLD_HINTS, hints),
        (_HINTS, hints),
        (_QUESTIONS, questions),
        (_QUESTION_VERSIONS, questions),
        (_ARCHIVE_QUESTIONS, questions),
        (_ASSESSMENTS, rows.assessment_rows(flat)),
        (_DECKS, rows.deck_rows(flat)),
        (_CARDS, cards),
        (_OLD_CARDS, cards),
    ):
        await conn.execute(statement, {"course": course_id, "rows": given})
    await conn.execute(_PINS_BACK, {"course": course_id})
