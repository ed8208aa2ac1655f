"""Courses that are brought in and published, and what learners are served of them."""

from sqlalchemy import text

from domain.authoring import service
from domain.authoring.compiler import Compiled, compile_course
from domain.authoring.models import Course
from domain.authoring.service import Imported, Published
from domain.database import Database

Tree = dict[str, bytes]

# Everything learners are served, without ids, versions and times: equal bytes, equal course.
SERVED = """
    SELECT jsonb_build_object(
      'card', (SELECT to_jsonb(x) FROM (
          SELECT title, summary, description, language_code, difficulty, license, authors,
                 estimated_minutes, pass_percentage, status) x),
      'tags', (SELECT jsonb_agg(t.name ORDER BY t.name) FROM course_tags ct
               JOIN tags t ON t.id = ct.tag_id WHERE ct.course_id = c.id),
      'units', (SELECT jsonb_agg(jsonb_build_array(u.key, u.title, u.description, u.position,
                    p.key) ORDER BY u.position)
                FROM units u LEFT JOIN units p ON p.id = u.parent_id
                WHERE u.course_id = c.id AND u.archived_at IS NULL),
      'items', (SELECT jsonb_agg(jsonb_build_array(k.key, k.slug, k.kind, k.title, k.description,
                    k.position, k.difficulty, k.estimated_minutes, k.points, k.is_required,
                    k.is_preview, k.is_primary, u.key, p.key, l.key, v.pages,
                    to_jsonb(cv) - 'component_id' - 'version' - 'created_at',
                    to_jsonb(a) - 'component_id' - 'domain_id',
                    (SELECT jsonb_agg(n.key ORDER BY n.key) FROM component_prerequisites r
                     JOIN components n ON n.id = r.requires_component_id
                     WHERE r.component_id = k.id),
                    (SELECT jsonb_agg(jsonb_build_array(h.position, h.text, h.cost) ORDER BY 1)
                     FROM hints h WHERE h.component_id = k.id),
                    (SELECT jsonb_agg(jsonb_build_array(t.key, t.name, t.points, t.spec)
                                      ORDER BY t.position)
                     FROM challenge_tests t WHERE t.component_id = k.id
                     AND t.version = k.version)) ORDER BY k.key)
                FROM components k LEFT JOIN units u ON u.id = k.unit_id
                LEFT JOIN components p ON p.id = k.parent_id
                LEFT JOIN components l ON l.id = k.lesson_id
                LEFT JOIN lesson_versions v ON v.component_id = k.id AND v.version = k.version
                LEFT JOIN challenge_versions cv
                     ON cv.component_id = k.id AND cv.version = k.version
                LEFT JOIN assessments a ON a.component_id = k.id
                WHERE k.course_id = c.id AND k.status = 'published'),
      'questions', (SELECT jsonb_agg(jsonb_build_array(q.key, q.kind, q.difficulty, v.prompt,
                    v.data, v.answer, v.explanation, v.hints, v.points) ORDER BY q.key)
                FROM question_bank q
                JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
                WHERE q.course_id = c.id AND q.status = 'published'),
      'asked', (SELECT jsonb_agg(jsonb_build_array(k.key, q.key, a.position)
                                 ORDER BY k.key, a.position)
                FROM assessment_questions a JOIN components k ON k.id = a.assessment_id
                JOIN question_bank q ON q.id = a.question_id WHERE k.course_id = c.id),
      'cards', (SELECT jsonb_agg(jsonb_build_array(f.key, f.front, f.back, f.tags, f.position)
                                 ORDER BY f.key)
                FROM flashcards f JOIN components k ON k.id = f.set_id
                WHERE k.course_id = c.id AND f.deleted_at IS NULL AND k.status = 'published'),
      'media', (SELECT jsonb_agg(jsonb_build_array(m.path, m.alt, encode(m.content, 'base64'))
                                 ORDER BY m.path)
                FROM media m WHERE m.course_id = c.id))::text
    FROM courses c WHERE c.slug = :slug
"""


def named(tree: Tree, slug: str, **edits: tuple[str, str, str]) -> Tree:
    """The example under another slug, with pieces replaced: name=(path, old, new)."""
    tree = {path: content.replace(b"first-steps", slug.encode()) for path, content in tree.items()}
    for path, old, new in edits.values():
        assert old.encode() in tree[path]
        tree[path] = tree[path].replace(old.encode(), new.encode(), 1)
    return tree


def compiled(tree: Tree) -> tuple[Course, str]:
    result: Compiled = compile_course(tree)
    assert result.course is not None, result.errors
    return result.course, result.hash


async def bring(database: Database, tree: Tree) -> Imported:
    async with database.worker_unit_of_work() as conn:
        return await service.import_course(conn, *compiled(tree))


async def publish(database: Database, slug: str) -> Published:
    async with database.worker_unit_of_work() as conn:
        return await service.publish(conn, slug)


async def bring_and_publish(database: Database, tree: Tree, slug: str) -> Published:
    await bring(database, tree)
    return await publish(database, slug)


async def scalar(database: Database, query: str, **values: object) -> object:
    async with database.worker_unit_of_work() as conn:
        return (await conn.execute(text(query), values)).scalar()


async def served(database: Database, slug: str) -> str:
    return str(await scalar(database, SERVED, slug=slug))


async def versions(database: Database, slug: str) -> dict[str, int]:
    """Current versions of lessons, challenges and questions by key."""
    async with database.worker_unit_of_work() as conn:
        rows = await conn.execute(
            text("""
                SELECT k.key, k.version FROM components k JOIN courses c ON c.id = k.course_id
                WHERE c.slug = :slug UNION ALL
                SELECT q.key, q.version FROM question_bank q JOIN courses c ON c.id = q.course_id
                WHERE c.slug = :slug"""),
            {"slug": slug},
        )
        return {row.key: row.version for row in rows}
