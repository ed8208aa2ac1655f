"""The statements of `reminders_due`: one for each step of a set, whatever its size."""

from sqlalchemy import ARRAY, Boolean, Date, DateTime, Integer, Text, Uuid

from domain.notifications.people import PERSON, PERSON_FROM
from domain.sql import sql

_STAMPS = ARRAY(DateTime(timezone=True))

# Whether there is anything to claim, in a fraction of the claim's time: one look at the index. For
# EXISTS it would read the table, expecting to meet a row that is due soon.
IS_DUE = sql("""
    SELECT coalesce((
        SELECT next_fire_at FROM reminders WHERE is_enabled ORDER BY next_fire_at LIMIT 1
    ) <= :now, false)
""")
# In the order of `reminders_batch.Due`, then of `people.Person`. Whether the latest message arrived
# matters only for who wrote nothing since.
CLAIM = sql(f"""
    WITH due AS (
        SELECT id, user_id, kind, local_time, weekdays, timezone, snoozed_until, next_fire_at,
               last_day, sent_day, sent_at, ignored
        FROM reminders WHERE is_enabled AND next_fire_at <= :now
        ORDER BY next_fire_at LIMIT :most FOR UPDATE SKIP LOCKED
    )
    SELECT r.id, r.user_id, r.kind, r.local_time, r.weekdays, r.timezone, r.snoozed_until,
           r.next_fire_at, greatest(r.last_day, n.sent_day) AS last_day, r.sent_day, r.sent_at,
           r.ignored,
           coalesce(r.sent_day = r.last_day
               AND NOT coalesce(u.last_active_at > r.sent_at, false) AND (
               SELECT o.state FROM outbox o WHERE o.idempotency_key =
                   concat('reminder:', r.user_id, ':', to_char(r.sent_day, 'YYYY-MM-DD'))
           ) = 'done', false) AS was_sent,
           {PERSON}
    FROM due r
    {PERSON_FROM}
    LEFT JOIN LATERAL (
        SELECT sent_day FROM nudges WHERE user_id = r.user_id OFFSET 0) n ON true
""")  # noqa: S608 - constants
# What a day looks like so far; the minutes only of those who have a goal.
TODAY = sql(
    """
    SELECT w.learner,
        EXISTS (SELECT FROM active_days d
                WHERE d.user_id = w.learner AND d.local_date >= w.day) AS is_active,
        coalesce((SELECT NOT extract(isodow FROM w.day)::smallint = ANY (y.weekdays)
                  FROM study_days y WHERE y.user_id = w.learner AND y.since <= w.day
                  ORDER BY y.since DESC LIMIT 1), false) AS is_off,
        CASE WHEN w.goal THEN coalesce((
                SELECT sum(l.duration_seconds) FROM learning_sessions l
                WHERE l.user_id = w.learner AND l.id >= :floor AND l.started_at >= w.began
             ), 0)::int ELSE 0 END AS seconds,
        (SELECT count(*) FROM flashcard_progress c JOIN flashcards f ON f.id = c.card_id
         WHERE c.user_id = w.learner AND c.due_at <= :now AND f.deleted_at IS NULL
             AND coalesce(c.resting_until <= :now, true))::int AS cards,
        coalesce((SELECT k.current_streak FROM streaks k
                  WHERE k.user_id = w.learner AND k.last_activity_date >= w.day - 1), 0) AS days
    FROM unnest(CAST(:learners AS uuid[]), CAST(:days AS date[]), CAST(:begins AS timestamptz[]),
                CAST(:goals AS boolean[])) AS w (learner, day, began, goal)
    """,
    learners=ARRAY(Uuid()),
    days=ARRAY(Date()),
    begins=_STAMPS,
    goals=ARRAY(Boolean()),
)
# Whom to reach where: as `outbox.post` has it, for many at once. The chat's address says where;
# account and channel are left out, since looking after each reference takes as long as all else.
WRITE = sql(
    """
    INSERT INTO outbox (user_id, platform, address, kind, payload, idempotency_key, policy,
                        run_at, expires_at)
    SELECT m.learner, t.platform, t.address, m.kind, CAST(m.payload AS jsonb), m.name, :policy,
           :now, m.ends
    FROM unnest(CAST(:learners AS uuid[]), CAST(:payloads AS text[]), CAST(:names AS text[]),
                CAST(:kinds AS text[]), CAST(:ends AS timestamptz[]))
        AS m (learner, payload, name, kind, ends)
    CROSS JOIN LATERAL (
        SELECT i.provider AS platform, i.subject AS address
        FROM identities i
        LEFT JOIN delivery_channels c ON c.platform = i.provider AND c.address = i.subject
        WHERE i.user_id = m.learner AND i.provider IN ('discord', 'telegram', 'terminal')
            AND c.blocked_at IS NULL
        ORDER BY CASE WHEN EXISTS (
            SELECT FROM identities o WHERE o.user_id = m.learner AND o.id <> i.id
        ) THEN (
            SELECT max(v.updated_at) FROM conversations v WHERE v.identity_id = i.id
        ) END DESC NULLS LAST, i.id
        LIMIT 1) AS t
    ON CONFLICT DO NOTHING RETURNING idempotency_key
    """,
    learners=ARRAY(Uuid()),
    payloads=ARRAY(Text()),
    names=ARRAY(Text()),
    kinds=ARRAY(Text()),
    ends=_STAMPS,
)
PUT_FORWARD = sql(
    """
    UPDATE reminders r
    SET next_fire_at = n.next, timezone = n.zone, last_day = n.last, ignored = n.ignored,
        sent_at = n.sent, sent_day = n.sent_day, is_enabled = n.is_on, snoozed_until = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:next AS timestamptz[]), CAST(:zones AS text[]),
                CAST(:last AS date[]), CAST(:counts AS int[]), CAST(:sent AS timestamptz[]),
                CAST(:sent_days AS date[]), CAST(:on AS boolean[]))
        AS n (id, next, zone, last, ignored, sent, sent_day, is_on)
    WHERE r.id = n.id
    """,
    ids=ARRAY(Uuid()),
    next=_STAMPS,
    zones=ARRAY(Text()),
    last=ARRAY(Date()),
    counts=ARRAY(Integer()),
    sent=_STAMPS,
    sent_days=ARRAY(Date()),
    on=ARRAY(Boolean()),
)
