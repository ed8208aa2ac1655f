"""Import, publish, history and rollback on a real database."""

import asyncio
import base64
from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authoring import queries, service
from domain.authoring.models import Course
from domain.authoring.service import Published
from domain.database import Database
from domain.errors import NotFound, Refusal
from tests.domain.authoring.serving import (
    Tree,
    bring,
    bring_and_publish,
    compiled,
    named,
    publish,
    scalar,
    served,
    versions,
)

LESSON = "10-basics/01-hello.md"
QUIZ = "10-basics/01-hello.quiz.md"
TASK = "10-basics/02-greet/challenge.yaml"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


async def test_the_guides_course_is_imported_and_published(
    database: Database, example: Tree
) -> None:
    imported = await bring(database, example)
    assert imported.changed
    assert imported.diff.summary() == (
        "1 course new, 1 unit new, 1 lesson new, 2 quizzes new, 1 challenge new, "
        "10 questions new, 1 deck new, 0 removed"
    )
    status = "SELECT status FROM courses WHERE slug = 'first-steps'"
    assert await scalar(database, status) == "draft"
    published = await publish(database, "first-steps")
    assert published.version == 1
    assert await scalar(database, status) == "published"
    text_served = await served(database, "first-steps")
    assert "A network moves data in **layers**" in text_served
    assert "/code greet" in text_served


async def test_importing_twice_changes_nothing(database: Database, example: Tree) -> None:
    tree = named(example, "twice")
    first = await bring(database, tree)
    again = await bring(database, tree)
    assert (first.changed, again.changed) == (True, False)
    await publish(database, "twice")
    rows = """SELECT count(*) FROM course_versions v JOIN courses c ON c.id = v.course_id
              WHERE c.slug = :s"""
    assert await scalar(database, rows, s="twice") == 1
    before = await versions(database, "twice")
    assert not (await bring(database, tree)).changed
    assert await scalar(database, rows, s="twice") == 1
    with pytest.raises(Refusal, match="nothing to publish"):
        await publish(database, "twice")
    assert await versions(database, "twice") == before


async def test_only_what_changed_gets_a_new_version(database: Database, example: Tree) -> None:
    first = await bring_and_publish(database, named(example, "only"), "only")
    before = await versions(database, "only")
    assert set(before.values()) == {1}
    changed = named(
        example,
        "only",
        lesson=(LESSON, "Each layer does one job", "Each layer has one job"),
        question=(QUIZ, "Think of IP.", "Think of addresses."),
        task=(TASK, "by name.", "politely."),
    )
    second = await bring_and_publish(database, changed, "only")
    assert (first.version, second.version) == (1, 2)
    assert second.diff.summary() == (
        "1 lesson changed, 1 challenge changed, 1 question changed, 0 removed"
    )
    after = await versions(database, "only")
    assert {key for key in after if after[key] != before[key]} == {"hello", "greet", "q-route"}
    old = (
        "SELECT count(*) FROM lesson_versions v JOIN components k ON k.id = v.component_id "
        "JOIN courses c ON c.id = k.course_id WHERE c.slug = 'only'"
    )
    assert await scalar(database, old) == 2
    with_only_a_comment = named(changed, "only", x=("course.yaml", "# slugs", "# a list of slugs"))
    await bring(database, with_only_a_comment)
    with pytest.raises(Refusal, match="nothing to publish"):
        await publish(database, "only")


async def test_rollback_serves_the_old_version_byte_for_byte(
    database: Database, example: Tree
) -> None:
    tree = named(example, "back")
    shown = {**tree, LESSON: tree[LESSON] + b"\n![a plug](../media/a.png)\n", "media/a.png": PNG}
    await bring_and_publish(database, shown, "back")
    first = await served(database, "back")
    assert base64.b64encode(PNG).decode() in first
    changed = named(
        tree,
        "back",
        lesson=(LESSON, "minutes: 3", "minutes: 4"),
        deck=("cards/basics.csv", "router,", "switch,"),
        hint=(TASK, "cost: 1", "cost: 2"),
        tags=("course.yaml", '["example"]', '["other"]'),
    )
    await bring_and_publish(database, changed, "back")
    second = await served(database, "back")
    assert second != first
    async with database.worker_unit_of_work() as conn:
        back = await service.rollback(conn, "back", 1)
    assert back.version == 1
    assert await served(database, "back") == first
    async with database.worker_unit_of_work() as conn:
        lines = await queries.history(conn, "back")
        forth = await service.rollback(conn, "back", 2)
    assert [(line.version, line.is_active) for line in lines] == [(2, False), (1, True)]
    assert forth.version == 2
    assert await served(database, "back") == second
    audit = """SELECT string_agg(action || ':' || (details ->> 'version'), ' ' ORDER BY a.id)
               FROM audit_log a JOIN courses c ON c.id = a.target_id WHERE c.slug = 'back'"""
    assert await scalar(database, audit) == (
        "course.publish:1 course.publish:2 course.rollback:1 course.rollback:2"
    )


async def test_rollback_refuses_what_is_not_there(database: Database, example: Tree) -> None:
    await bring_and_publish(database, named(example, "norollback"), "norollback")
    async with database.worker_unit_of_work() as conn:
        with pytest.raises(Refusal, match="no version 7"):
            await service.rollback(conn, "norollback", 7)
        with pytest.raises(Refusal, match="already"):
            await service.rollback(conn, "norollback", 1)
        with pytest.raises(NotFound):
            await service.rollback(conn, "nowhere", 1)
        with pytest.raises(NotFound):
            await service.publish(conn, "nowhere")
        with pytest.raises(NotFound):
            await queries.history(conn, "nowhere")


async def learner_with_progress(conn: AsyncConnection, slug: str, key: str) -> UUID:
    user = (await conn.execute(text("INSERT INTO users DEFAULT VALUES RETURNING id"))).scalar_one()
    await conn.execute(
        text("""
            INSERT INTO enrollments (user_id, course_id, completed_count, total_count,
                                     progress_percentage)
            SELECT :user, id, 1, 4, 25 FROM courses WHERE slug = :slug"""),
        {"user": user, "slug": slug},
    )
    await conn.execute(
        text("""
            INSERT INTO user_progress (user_id, component_id, status, progress_percentage,
                                       first_completed_at)
            SELECT :user, k.id, 'completed', 100, now()
            FROM components k JOIN courses c ON c.id = k.course_id
            WHERE c.slug = :slug AND k.key = :key"""),
        {"user": user, "slug": slug, "key": key},
    )
    return UUID(str(user))


async def test_moves_keep_progress_and_removals_archive(database: Database, example: Tree) -> None:
    tree = named(example, "moves")
    await bring_and_publish(database, tree, "moves")
    async with database.worker_unit_of_work() as conn:
        user = await learner_with_progress(conn, "moves", "hello")
    moved = {path: text for path, text in tree.items() if "02-greet" not in path}
    moved["20-more/05-hello.md"] = moved.pop(LESSON).split(b"\n---\n\nThe second")[0]
    moved["20-more/05-hello.quiz.md"] = moved.pop(QUIZ)
    moved["20-more/unit.md"] = b'---\nid: more\ntitle: "More"\n---\n'
    moved["SUMMARY.md"] = (
        b"- [More](20-more/unit.md)\n  - [Hello](20-more/05-hello.md)\n"
        b"- [Basics](10-basics/unit.md)\n  - [Exam](10-basics/90-exam.quiz.md)\n"
    )
    published = await bring_and_publish(database, moved, "moves")
    assert published.diff.count("removed") == 1
    progress = """
        SELECT k.status || ' ' || p.status || ' ' || u.key FROM user_progress p
        JOIN components k ON k.id = p.component_id JOIN units u ON u.id = k.unit_id
        WHERE p.user_id = :user"""
    assert await scalar(database, progress, user=user) == "published completed more"
    gone = """SELECT k.status || ' ' || coalesce(k.position::text, '-') FROM components k
              JOIN courses c ON c.id = k.course_id WHERE c.slug = 'moves' AND k.key = 'greet'"""
    assert await scalar(database, gone) == "archived -"
    counts = """SELECT concat_ws(' ', completed_count, total_count, progress_percentage)
                FROM enrollments WHERE user_id = :user"""
    assert await scalar(database, counts, user=user) == "1 3 33.33"
    await bring_and_publish(database, tree, "moves")
    assert str(await scalar(database, gone)).startswith("published")
    assert await scalar(database, counts, user=user) == "1 4 25.00"


async def test_slugs_and_primary_quizzes_may_change_places(
    database: Database, example: Tree
) -> None:
    more = b'---\nid: more\ntitle: "More"\nslug: two\nminutes: 1\n---\nx\n'
    quiz = (
        b'---\nid: more-quiz\ntitle: "More quiz"\n---\n## Yes? {#q-yes}\n\n'
        b"1. [x] True\n2. [ ] False\n\nYes.\n"
    )
    tree = named(example, "swap", x=(LESSON, "minutes: 3", "slug: one\nminutes: 3"))
    tree |= {"10-basics/05-more.md": more, "10-basics/05-more.quiz.md": quiz}
    tree["SUMMARY.md"] += b"  - [More](10-basics/05-more.md)\n"
    await bring_and_publish(database, tree, "swap")
    swapped = {
        **tree,
        LESSON: tree[LESSON].replace(b"slug: one", b"slug: two"),
        "10-basics/05-more.md": more.replace(b"slug: two", b"slug: one"),
        QUIZ: quiz,
        "10-basics/05-more.quiz.md": tree[QUIZ],
    }
    await bring_and_publish(database, swapped, "swap")
    query = """SELECT string_agg(k.slug || '<' || coalesce(q.key, '-'), ' ' ORDER BY k.key)
               FROM components k JOIN courses c ON c.id = k.course_id
               LEFT JOIN components q ON q.lesson_id = k.id AND q.is_primary
               WHERE c.slug = 'swap' AND k.kind = 'lesson'"""
    assert await scalar(database, query) == "two<more-quiz one<hello-quiz"


async def test_positions_have_no_gaps(database: Database, example: Tree) -> None:
    tree = named(example, "order")
    await bring_and_publish(database, tree, "order")
    lines = tree["SUMMARY.md"].decode().strip().split("\n")
    tree["SUMMARY.md"] = "\n".join([*lines[:3], *reversed(lines[3:])]).encode()
    published = await bring_and_publish(database, tree, "order")
    assert published.diff.count("changed") == published.diff.count("new") == 0
    assert published.diff.count("moved") > 0
    query = """SELECT string_agg(k.key || k.position, ' ' ORDER BY k.position) FROM components k
               JOIN courses c ON c.id = k.course_id
               WHERE c.slug = 'order' AND k.unit_id IS NOT NULL"""
    assert await scalar(database, query) == "exam0 greet1 hello2 hello-quiz3"


async def test_an_id_never_becomes_another_kind(database: Database, example: Tree) -> None:
    tree = named(example, "kinds")
    await bring_and_publish(database, tree, "kinds")
    swapped = named(
        tree, "kinds", a=(QUIZ, "{#q-true}", "{#q-x}"), b=(QUIZ, "{#q-name}", "{#q-true}")
    )
    with pytest.raises(Refusal, match="was a true_false and is now a short"):
        await bring(database, swapped)


async def test_unknown_prerequisite_is_refused_until_it_exists(
    database: Database, example: Tree
) -> None:
    needy = named(
        example, "needy", x=("course.yaml", "prerequisites: []", 'prerequisites: ["base"]')
    )
    await bring(database, needy)
    with pytest.raises(Refusal, match="requires “base”"):
        await publish(database, "needy")
    await bring(database, named(example, "base"))
    assert (await publish(database, "needy")).version == 1


async def test_drafts_are_invisible_to_learners(database: Database, example: Tree) -> None:
    await bring_and_publish(database, named(example, "hidden"), "hidden")
    before = await served(database, "hidden")
    await bring(database, named(example, "hidden", x=(LESSON, "A network", "Secretly, a network")))
    assert await served(database, "hidden") == before


async def test_publishing_at_once_makes_one_version(database: Database, example: Tree) -> None:
    await bring(database, named(example, "race"))
    outcomes = await asyncio.gather(
        *(publish(database, "race") for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(each, Published) for each in outcomes) == 1
    assert all(isinstance(each, Published | Refusal) for each in outcomes)
    trees = [named(example, "race", x=(LESSON, "one job", f"job {n}")) for n in range(4)]
    for tree in trees:
        compiled(tree)
    results = await asyncio.gather(*(bring(database, tree) for tree in trees))
    assert all(result.changed for result in results)
    drafts = """SELECT count(*) FROM course_versions v JOIN courses c ON c.id = v.course_id
                WHERE c.slug = 'race' AND v.status = 'draft'"""
    assert await scalar(database, drafts) == 1


async def test_the_app_role_cannot_write_content(database: Database, example: Tree) -> None:
    from sqlalchemy.exc import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.unit_of_work() as conn:
            await service.import_course(conn, *compiled(named(example, "app")))


def test_diff_counts(example: Tree) -> None:
    from domain.authoring.diff import compare

    course, _ = compiled(example)
    assert not compare(course, course)
    assert compare(course, course).summary() == "0 removed"
    whole: Mapping[str, object] = course.model_dump()
    assert compare(None, Course.model_validate(whole)).count("new") == 17
