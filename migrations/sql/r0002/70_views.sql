-- Read-only views. Each shows a learner their own rows only: it asks with the asker's rights.

-- What counts for a course's percentage: published, required, and not a lesson around others.
CREATE VIEW countable_components WITH (security_invoker = true) AS
SELECT c.id AS component_id, c.course_id, c.unit_id, c.kind
FROM components c
WHERE c.status = 'published' AND c.is_required AND c.deleted_at IS NULL
    AND NOT EXISTS (
        SELECT FROM components child
        WHERE child.parent_id = c.id AND child.status = 'published' AND child.deleted_at IS NULL);

-- A recount of each enrollment; `enrollments` keeps the same numbers.
CREATE VIEW course_progress WITH (security_invoker = true) AS
SELECT e.user_id, e.id AS enrollment_id, e.course_id,
    count(p.component_id)::integer AS completed_count,
    count(c.component_id)::integer AS total_count,
    CASE WHEN count(c.component_id) = 0 THEN 0.00
        ELSE round(100.0 * count(p.component_id) / count(c.component_id), 2)
    END::numeric(5, 2) AS progress_percentage
FROM enrollments e
LEFT JOIN countable_components c ON c.course_id = e.course_id
LEFT JOIN user_progress p
    ON p.user_id = e.user_id AND p.component_id = c.component_id AND p.status = 'completed'
GROUP BY e.user_id, e.id, e.course_id;

-- Progress by unit, units inside it included; what was called progress by section.
CREATE VIEW unit_progress WITH (security_invoker = true) AS
WITH RECURSIVE tree AS (
    SELECT u.id AS unit_id, u.id AS inner_id, u.course_id FROM units u
    UNION ALL
    SELECT t.unit_id, u.id, u.course_id FROM tree t JOIN units u ON u.parent_id = t.inner_id
), earned AS (
    SELECT l.user_id, l.component_id, sum(l.xp) AS xp, max(l.occurred_at) AS last_activity_at
    FROM activity_ledger l WHERE l.component_id IS NOT NULL GROUP BY l.user_id, l.component_id
)
SELECT e.user_id, t.unit_id, e.id AS enrollment_id,
    count(k.component_id) FILTER (WHERE p.status = 'completed')::integer AS completed_count,
    count(k.component_id)::integer AS total_count,
    CASE WHEN count(k.component_id) = 0 THEN 0.00
        ELSE round(100.0 * count(k.component_id) FILTER (WHERE p.status = 'completed')
            / count(k.component_id), 2)
    END::numeric(5, 2) AS completion_percentage,
    coalesce(sum(x.xp), 0)::integer AS xp_earned,
    max(x.last_activity_at) AS last_activity_at
FROM enrollments e
JOIN tree t ON t.course_id = e.course_id
LEFT JOIN components c ON c.unit_id = t.inner_id
LEFT JOIN countable_components k ON k.component_id = c.id
LEFT JOIN user_progress p ON p.user_id = e.user_id AND p.component_id = c.id
LEFT JOIN earned x ON x.user_id = e.user_id AND x.component_id = c.id
GROUP BY e.user_id, t.unit_id, e.id;

-- Progress of lessons, by enrollment.
CREATE VIEW lesson_progress WITH (security_invoker = true) AS
SELECT p.user_id, e.id AS enrollment_id, p.component_id AS lesson_id, p.status, p.started_at,
    p.first_completed_at AS completed_at, p.seconds_spent AS time_spent_seconds,
    p.progress_percentage AS completion_percentage, p.created_at, p.updated_at
FROM user_progress p
JOIN components c ON c.id = p.component_id AND c.kind = 'lesson'
LEFT JOIN enrollments e ON e.user_id = p.user_id AND e.course_id = c.course_id;

-- An enrollment with the rating and the certificate, which have tables of their own.
CREATE VIEW student_enrollments WITH (security_invoker = true) AS
SELECT e.id, e.user_id AS student_id, e.course_id, e.status, e.progress_percentage,
    e.completed_count AS completed_lessons_count, e.total_count AS total_lessons_count,
    e.seconds_spent AS total_time_spent_seconds, f.rating, f.review,
    c.issued_at AS certificate_issued_at, e.enrolled_at AS created_at, e.updated_at,
    e.completed_at
FROM enrollments e
LEFT JOIN course_feedback f ON f.user_id = e.user_id AND f.course_id = e.course_id
LEFT JOIN certificates c ON c.enrollment_id = e.id AND c.revoked_at IS NULL;

-- Every run of days without a gap; a frozen day holds a run together.
CREATE VIEW streak_history WITH (security_invoker = true) AS
SELECT d.user_id, min(d.local_date) AS start_date, max(d.local_date) AS end_date,
    count(*)::integer AS days, count(*) FILTER (WHERE d.finished > 0)::integer AS active_days
FROM (
    SELECT a.user_id, a.local_date, a.finished,
        a.local_date - row_number() OVER (PARTITION BY a.user_id ORDER BY a.local_date)::integer
            AS run
    FROM active_days a
) d
GROUP BY d.user_id, d.run;

-- The latest and the longest run of days with finished work in one unit.
CREATE VIEW unit_streaks WITH (security_invoker = true) AS
SELECT r.user_id, r.unit_id, max(r.end_date) AS last_active_date,
    (array_agg(r.days ORDER BY r.end_date DESC))[1] AS streak_days,
    max(r.days) AS longest_streak
FROM (
    SELECT d.user_id, d.unit_id, max(d.local_date) AS end_date, count(*)::integer AS days
    FROM (
        SELECT w.user_id, w.unit_id, w.local_date, w.local_date - row_number() OVER (
            PARTITION BY w.user_id, w.unit_id ORDER BY w.local_date)::integer AS run
        FROM (
            SELECT DISTINCT l.user_id, c.unit_id, l.local_date
            FROM activity_ledger l JOIN components c ON c.id = l.component_id
            WHERE c.unit_id IS NOT NULL
        ) w
    ) d
    GROUP BY d.user_id, d.unit_id, d.run
) r
GROUP BY r.user_id, r.unit_id;
