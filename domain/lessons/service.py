"""Opening a lesson page, turning it, and finishing the lesson."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity import service as activity
from domain.activity.service import CourseProgress
from domain.errors import N_, NotFound, Refusal
from domain.identity.rules import Learner
from domain.motivation.levels import LESSON_XP
from domain.motivation.service import Activity, Outcome, record_activity
from domain.sql import sql

_LESSON = sql("""
    SELECT k.id, k.title, k.course_id, c.slug AS course_slug, c.title AS course,
           u.title AS unit, k.is_preview, k.version, v.pages, k.estimated_minutes AS minutes,
           e.status AS enrollment, p.status, p.last_position,
           n.number, n.total, m.missing, m.missing_ids,
           l.media_url, l.media_seconds, l.transcript
    FROM components k
    JOIN lessons l ON l.component_id = k.id
    JOIN lesson_versions v ON v.component_id = k.id AND v.version = k.version
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    JOIN units u ON u.id = k.unit_id
    LEFT JOIN enrollments e ON e.course_id = k.course_id AND e.user_id = :learner
    LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
    JOIN LATERAL (
        SELECT count(*)::int AS total,
               (count(*) FILTER (WHERE (u2.position, k2.position)
                                       <= (u.position, k.position)))::int AS number
        FROM components k2 JOIN units u2 ON u2.id = k2.unit_id
        WHERE k2.course_id = k.course_id AND k2.kind = 'lesson' AND k2.status = 'published') n
        ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(q.title ORDER BY q.position) AS missing,
               array_agg(q.id ORDER BY q.position) AS missing_ids
        FROM component_prerequisites r
        JOIN components q ON q.id = r.requires_component_id
        LEFT JOIN user_progress d ON d.component_id = q.id AND d.user_id = :learner
        WHERE r.component_id = k.id AND d.status IS DISTINCT FROM 'completed') m ON true
    WHERE k.id = :component AND k.status = 'published'
""")
_PICTURE = re.compile(r"!\[([^\]]*)\]\((media/[^)\s]+)\)")
_PICTURES = sql("""
    SELECT path, content, alt FROM media
    WHERE course_id = :course AND path = ANY(:paths) AND content IS NOT NULL
""")


class Locked(Refusal):
    """Something else comes first; `missing` are the lessons that open this one."""

    def __init__(self, title: str, missing: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(
            N_("“{title}” opens when you have finished: {missing}."),
            {"title": title, "missing": ", ".join(name for _, name in missing)},
            choices=("/learn",),
        )
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a page: its file name, bytes, and its facts in words."""

    name: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Media:
    """What a video or audio lesson plays: its address, its length in seconds, its transcript."""

    url: str
    seconds: int | None
    transcript: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a lesson as it is shown. `number` and `page` count from 1 and 0."""

    lesson_id: UUID
    course_id: UUID
    course_slug: str
    course: str
    unit: str
    title: str
    number: int
    lessons: int
    page: int
    pages: int
    text: str
    minutes: int | None
    is_done: bool
    media: Media | None = None
    pictures: tuple[Picture, ...] = ()

    @property
    def is_last(self) -> bool:
        """Whether the lesson ends here."""
        return self.page == self.pages - 1


@dataclass(frozen=True, slots=True)
class Finished:
    """A lesson was read to its end. `progress` is None when it had been finished before."""

    page: Page
    progress: CourseProgress | None
    outcome: Outcome | None


async def open_page(
    conn: AsyncConnection,
    learner: Learner,
    component: UUID,
    page: int | None,
    device: str,
    now: datetime,
) -> Page:
    """Show a page and keep the place.

    Args:
        conn: an open transaction.
        learner: who reads.
        component: the lesson.
        page: counted from 0; None opens where the learner stopped. A page beyond the end (the
            lesson got shorter) opens the last one.
        device: the platform, for the time that is counted.
        now: this instant.

    Raises:
        NotFound: no such published lesson.
        Refusal: it needs enrolment, or something else first.
    """
    found = await _find(conn, learner, component, page)
    await activity.visit(conn, learner.user_id, component, {"page": found.page}, device, now)
    return found


async def finish(
    conn: AsyncConnection, learner: Learner, component: UUID, device: str, now: datetime
) -> Finished:
    """Read a lesson to its end; points are given the first time only.

    Raises:
        NotFound: no such published lesson.
        Refusal: it needs enrolment, or something else first.
    """
    page = await _find(conn, learner, component, None)
    await activity.touch(conn, learner.user_id, component, device, now)
    progress = await activity.complete(conn, learner.user_id, component, page.course_id, now)
    if progress is None:
        return Finished(page, None, None)
    outcome = await record_activity(
        conn,
        Activity(
            user_id=learner.user_id,
            identity_id=learner.identity_id,
            source=f"lesson:{component}",
            kind="lesson",
            component_id=component,
            xp=LESSON_XP,
            seconds=0,
            occurred_at=now,
        ),
    )
    return Finished(page, progress, outcome)


async def _find(conn: AsyncConnection, learner: Learner, component: UUID, page: int | None) -> Page:
    row = (
        await conn.execute(_LESSON, {"learner": learner.user_id, "component": component})
    ).one_or_none()
    if row is None:
        raise NotFound(
            N_("This lesson is not in the course any more. The next one is a press away."),
            choices=("/learn",),
        )
    if row.enrollment not in {"active", "completed"} and not row.is_preview:
        raise Refusal(
            N_("“{title}” is part of {course}. Join the course to read it."),
            {"title": row.title, "course": row.course},
            choices=(f"/learn {row.course_slug}",),
        )
    if row.missing:
        raise Locked(row.title, list(zip(row.missing_ids, row.missing, strict=True)))
    wanted = page if page is not None else int((row.last_position or {}).get("page", 0))
    shown = min(max(wanted, 0), len(row.pages) - 1)
    return Page(
        lesson_id=row.id,
        course_id=row.course_id,
        course_slug=row.course_slug,
        course=row.course,
        unit=row.unit,
        title=row.title,
        number=row.number,
        lessons=row.total,
        page=shown,
        pages=len(row.pages),
        text=row.pages[shown],
        minutes=row.minutes,
        is_done=row.status == "completed",
        media=Media(row.media_url, row.media_seconds, row.transcript) if row.media_url else None,
        pictures=await _pictures(conn, row.course_id, row.pages[shown]),
    )


async def _pictures(conn: AsyncConnection, course: UUID, text: str) -> tuple[Picture, ...]:
    """The pictures a page names; most pages name none and cost nothing."""
    named = {path: alt for alt, path in _PICTURE.findall(text)}
    if not named:
        return ()
    rows = (await conn.execute(_PICTURES, {"course": course, "paths": list(named)})).all()
    return tuple(
        Picture(row.path.rpartition("/")[2], row.content, named[row.path] or row.alt)
        for row in rows
    )
