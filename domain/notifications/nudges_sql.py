"""The statements of `nudges_plan` and `nudges_due`: one for each step of a set."""

from sqlalchemy import ARRAY, Date, DateTime, Integer, Text, Uuid

from domain.notifications.people import PERSON, PERSON_FROM
from domain.sql import sql

_STAMP = DateTime(timezone=True)

# From one zone's first row in the index to the next zone's: as many steps as there are zones.
ZONES = sql("""
    WITH RECURSIVE zones AS (
        (SELECT timezone FROM user_profiles WHERE timezone IS NOT NULL ORDER BY timezone LIMIT 1)
        UNION ALL
        SELECT (SELECT p.timezone FROM user_profiles p WHERE p.timezone > z.timezone
                ORDER BY p.timezone LIMIT 1)
        FROM zones z WHERE z.timezone IS NOT NULL
    )
    SELECT timezone FROM zones WHERE timezone IS NOT NULL
""")
DONE = sql(
    """
    SELECT r.job, r.slot FROM job_runs r
    JOIN unnest(CAST(:jobs AS text[]), CAST(:slots AS text[])) AS w (job, slot)
        ON w.job = r.job AND w.slot = r.slot
    WHERE r.outcome = 'done'
    """,
    jobs=ARRAY(Text()),
    slots=ARRAY(Text()),
)
# Who of a zone may have something to hear today; whether it is so is decided when it is sent. Who
# is reminded at an hour of theirs hears it then. Who let the last messages of either sort pass
# hears nothing until they write.
SCAN = sql(
    """
    SELECT p.user_id, coalesce(s.quiet_from, '22:00') AS quiet_from,
           coalesce(s.quiet_until, '08:00') AS quiet_until, w.at_risk
    FROM user_profiles p
    JOIN users u ON u.id = p.user_id
    LEFT JOIN user_settings s ON s.user_id = p.user_id
    LEFT JOIN nudges n ON n.user_id = p.user_id
    LEFT JOIN streaks k ON k.user_id = p.user_id AND k.current_streak >= :worth
        AND k.last_activity_date BETWEEN CAST(:day AS date) - 10 AND CAST(:day AS date)
        AND coalesce(s.show_streak, true)
    CROSS JOIN LATERAL (
        SELECT coalesce(k.last_activity_date >= CAST(:day AS date) - 1
                        AND k.freezes_left = 0, false) AS at_risk) w
    WHERE p.timezone = :zone AND p.user_id > :after
        AND u.deleted_at IS NULL AND u.status <> 'closing' AND u.last_active_at > :since
        AND coalesce(s.notifications_enabled, true)
        AND NOT coalesce(s.muted_kinds @> CAST(:all AS text[]), false)
        AND coalesce(n.day < CAST(:day AS date), true)
        AND NOT coalesce(n.ignored >= :end AND u.last_active_at <= n.sent_at, false)
        AND NOT EXISTS (
            SELECT FROM reminders r WHERE r.user_id = p.user_id AND (
                (r.is_enabled AND extract(isodow FROM CAST(:day AS date)) = ANY (r.weekdays))
                OR r.sent_day >= CAST(:day AS date)
                OR (NOT r.is_enabled AND r.ignored >= :end AND u.last_active_at <= r.sent_at)))
        AND (k.user_id IS NOT NULL
            OR EXISTS (SELECT FROM study_goals g
                       WHERE g.user_id = p.user_id AND (g.status = 'active'
                           OR (g.status = 'missed' AND g.target_date >= CAST(:day AS date) - 3)
                           OR (g.status = 'completed'
                               AND g.completed_date >= CAST(:day AS date) - 3
                               AND NOT EXISTS (SELECT FROM told t
                                               WHERE t.user_id = g.user_id AND t.kind = 'goal'
                                                   AND t.fact = concat('over:', g.id)))))
            OR EXISTS (SELECT FROM enrollments e
                       WHERE e.user_id = p.user_id AND e.course_id = ANY (:courses))
            OR (SELECT count(*) = :cards FROM (
                    SELECT 1 FROM flashcard_progress c
                    WHERE c.user_id = p.user_id AND c.due_at <= :now LIMIT :cards) d))
    ORDER BY p.user_id LIMIT :most
    """,
    day=Date(),
    courses=ARRAY(Uuid()),
    all=ARRAY(Text()),
    since=_STAMP,
)
PLAN = sql(
    """
    INSERT INTO nudges (user_id, timezone, day, next_at)
    SELECT u.id, :zone, :day, m.at
    FROM unnest(CAST(:learners AS uuid[]), CAST(:times AS timestamptz[])) AS m (learner, at)
    JOIN users u ON u.id = m.learner
    ON CONFLICT (user_id) DO UPDATE
        SET timezone = excluded.timezone, day = excluded.day, next_at = excluded.next_at
        WHERE nudges.day < excluded.day
    """,
    day=Date(),
    learners=ARRAY(Uuid()),
    times=ARRAY(_STAMP),
)
# As with reminders.
IS_DUE = sql("""
    SELECT coalesce((
        SELECT next_at FROM nudges WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1
    ) <= :now, false)
""")
# In the order of `nudges_due.Due`, then of `people.Person`.
CLAIM = sql(
    f"""
    WITH due AS (
        SELECT user_id, timezone, day, next_at, last_day, sent_day, sent_at, ignored
        FROM nudges
        WHERE next_at <= :now AND (next_at, user_id) > (:later_than, CAST(:beyond AS uuid))
        ORDER BY next_at, user_id LIMIT :most FOR UPDATE SKIP LOCKED
    )
    SELECT r.user_id, r.timezone, r.day, r.next_at, r.last_day, r.sent_day, r.sent_at, r.ignored,
           coalesce(r.sent_day = r.last_day
               AND NOT coalesce(u.last_active_at > r.sent_at, false) AND (
               SELECT o.state FROM outbox o WHERE o.idempotency_key =
                   concat('reminder:', to_char(r.sent_day, 'YYYY-MM-DD'), ':', r.user_id)
           ) = 'done', false) AS was_sent,
           EXISTS (
               SELECT FROM reminders m WHERE m.user_id = r.user_id AND (
                   (m.is_enabled AND extract(isodow FROM r.day) = ANY (m.weekdays))
                   OR m.sent_day >= r.day)) AS has_hour,
           {PERSON}
    FROM due r
    {PERSON_FROM}
    ORDER BY r.next_at, r.user_id
    """,  # noqa: S608 - constants
    later_than=_STAMP,
)
PUT_FORWARD = sql(
    """
    UPDATE nudges n
    SET timezone = m.zone, day = m.day, next_at = m.next, last_day = m.last, sent_day = m.sent_day,
        sent_at = m.sent, ignored = m.ignored
    FROM unnest(CAST(:learners AS uuid[]), CAST(:zones AS text[]), CAST(:days AS date[]),
                CAST(:next AS timestamptz[]), CAST(:last AS date[]), CAST(:sent_days AS date[]),
                CAST(:sent AS timestamptz[]), CAST(:counts AS int[]))
        AS m (learner, zone, day, next, last, sent_day, sent, ignored)
    WHERE n.user_id = m.learner
    """,
    learners=ARRAY(Uuid()),
    zones=ARRAY(Text()),
    days=ARRAY(Date()),
    next=ARRAY(_STAMP),
    last=ARRAY(Date()),
    sent_days=ARRAY(Date()),
    sent=ARRAY(_STAMP),
    counts=ARRAY(Integer()),
)
