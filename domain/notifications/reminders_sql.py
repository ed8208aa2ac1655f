"""The statements of `reminders_due`: one for each step of a set, whatever its size."""

from sqlalchemy import ARRAY, Boolean, Date, DateTime, Integer, Text, Uuid

from domain.notifications.people import PERSON, PERSON_FROM
from domain.sql import sql

_STAMPS = ARRAY(DateTime(timezone=True))
_IDS, _TEXTS, _NUMBERS = ARRAY(Uuid()), ARRAY(Text()), ARRAY(Integer())

# Whether there is anything to claim, in a fraction of the claim's time: one look at the index. For
# EXISTS it would read the table, expecting to meet a row that is due soon.
IS_DUE = sql("""
    SELECT coalesce((
        SELECT next_fire_at FROM reminders WHERE is_enabled ORDER BY next_fire_at LIMIT 1
    ) <= :now, false)
""")
# In the order of `reminders_batch.Due`, then of `people.Person`. A set begins where the one before
# it ended, so that it steps over no rows that are locked or were moved just now. Whether the latest
# message arrived matters only for who wrote nothing since. Weekdays are NULL when they are all
# seven, as most have it: so few lists go over the wire.
CLAIM = sql(
    f"""
    WITH due AS (
        SELECT user_id, kind, local_time, weekdays, timezone, snoozed_until, next_fire_at,
               last_day, sent_day, sent_at, ignored
        FROM reminders
        WHERE is_enabled AND next_fire_at <= :now
            AND (next_fire_at, user_id) > (:later_than, CAST(:beyond AS uuid))
        ORDER BY next_fire_at, user_id LIMIT :most FOR UPDATE SKIP LOCKED
    )
    SELECT r.user_id, r.kind, r.local_time, nullif(r.weekdays, '{{1,2,3,4,5,6,7}}') AS weekdays,
           r.timezone, r.snoozed_until, r.next_fire_at,
           greatest(r.last_day, n.sent_day) AS last_day, r.sent_day, r.sent_at, r.ignored,
           coalesce(r.sent_day = r.last_day
               AND NOT coalesce(u.last_active_at > r.sent_at, false) AND (
               SELECT o.state FROM outbox o WHERE o.idempotency_key =
                   concat('reminder:', to_char(r.sent_day, 'YYYY-MM-DD'), ':', r.user_id)
           ) = 'done', false) AS was_sent,
           {PERSON}
    FROM due r
    {PERSON_FROM}
    LEFT JOIN LATERAL (
        SELECT sent_day FROM nudges WHERE user_id = r.user_id OFFSET 0) n ON true
    ORDER BY r.next_fire_at, r.user_id
    """,  # noqa: S608 - constants
    later_than=DateTime(timezone=True),
)
# What a day looks like so far; the minutes only of those who have a goal. Days off are NULL for who
# never chose any. The streak's row has the latest active date, whether or not the streak goes on.
TODAY = sql(
    """
    SELECT w.learner,
        coalesce(k.last_activity_date >= w.day, false) AS is_active,
        (SELECT NOT extract(isodow FROM w.day)::smallint = ANY (y.weekdays)
         FROM study_days y WHERE y.user_id = w.learner AND y.since <= w.day
         ORDER BY y.since DESC LIMIT 1) AS is_off,
        CASE WHEN w.goal THEN coalesce((
                SELECT sum(l.duration_seconds) FROM learning_sessions l
                WHERE l.user_id = w.learner AND l.id >= :floor AND l.id < :ceiling
                    AND l.started_at >= w.began
             ), 0)::int ELSE 0 END AS seconds,
        (SELECT count(*) FROM flashcard_progress c JOIN flashcards f ON f.id = c.card_id
         WHERE c.user_id = w.learner AND c.due_at <= :now AND f.deleted_at IS NULL
             AND coalesce(c.resting_until <= :now, true))::int AS cards,
        k.current_streak, k.freezes_left, k.last_activity_date
    FROM (
        SELECT m.learner, g.day, g.began, g.goal
        FROM unnest(CAST(:learners AS uuid[]), CAST(:places AS int[])) AS m (learner, place)
        JOIN unnest(CAST(:days AS date[]), CAST(:begins AS timestamptz[]),
                    CAST(:goals AS boolean[])) WITH ORDINALITY AS g (day, began, goal, place)
            USING (place)
    ) w
    LEFT JOIN LATERAL (
        SELECT current_streak, freezes_left, last_activity_date
        FROM streaks WHERE user_id = w.learner OFFSET 0) k ON true
    """,
    learners=_IDS,
    places=_NUMBERS,
    days=ARRAY(Date()),
    begins=_STAMPS,
    goals=ARRAY(Boolean()),
)
# Whom to reach where: as `outbox.post` has it, for many at once. The chat's address says where;
# account and channel are left out, since looking after each reference takes as long as all else.
# Which chat was used last is asked of those alone who have several. The ids are made by the
# worker, many at a time: PostgreSQL asks the system for each one's random part.
WRITE = sql(
    """
    WITH said AS MATERIALIZED (
        SELECT kind, CAST(payload AS jsonb) AS payload, ends, place
        FROM unnest(CAST(:kinds AS text[]), CAST(:payloads AS text[]), CAST(:ends AS timestamptz[]))
            WITH ORDINALITY AS g (kind, payload, ends, place)
    )
    INSERT INTO outbox (id, user_id, platform, address, kind, payload, idempotency_key, policy,
                        run_at, expires_at)
    SELECT m.id, m.learner, t.platform, t.address, g.kind, g.payload, m.name, :policy, :now, g.ends
    FROM unnest(CAST(:ids AS uuid[]), CAST(:learners AS uuid[]), CAST(:names AS text[]),
                CAST(:places AS int[])) AS m (id, learner, name, place)
    JOIN said g USING (place)
    CROSS JOIN LATERAL (
        SELECT i.platform, i.address
        FROM (
            SELECT i.id, i.provider AS platform, i.subject AS address,
                   count(*) OVER () > 1 AS is_one_of_many
            FROM identities i
            LEFT JOIN delivery_channels c ON c.platform = i.provider AND c.address = i.subject
            WHERE i.user_id = m.learner AND i.provider IN ('discord', 'telegram', 'terminal')
                AND c.blocked_at IS NULL
        ) i
        ORDER BY CASE WHEN i.is_one_of_many THEN (
            SELECT max(v.updated_at) FROM conversations v WHERE v.identity_id = i.id
        ) END DESC NULLS LAST, i.id
        LIMIT 1) AS t
    ON CONFLICT (idempotency_key) DO NOTHING RETURNING user_id
    """,
    ids=_IDS,
    learners=_IDS,
    names=_TEXTS,
    places=_NUMBERS,
    kinds=_TEXTS,
    payloads=_TEXTS,
    ends=_STAMPS,
)
PUT_FORWARD = sql(
    """
    UPDATE reminders r
    SET next_fire_at = g.next, timezone = g.zone, last_day = g.last, ignored = g.ignored,
        sent_at = CASE WHEN g.is_told THEN :now ELSE r.sent_at END,
        sent_day = CASE WHEN g.is_told THEN g.last ELSE r.sent_day END,
        is_enabled = g.is_on, snoozed_until = NULL
    FROM unnest(CAST(:learners AS uuid[]), CAST(:places AS int[])) AS m (learner, place)
    JOIN unnest(CAST(:kinds AS text[]), CAST(:next AS timestamptz[]), CAST(:zones AS text[]),
                CAST(:last AS date[]), CAST(:counts AS int[]), CAST(:told AS boolean[]),
                CAST(:on AS boolean[]))
            WITH ORDINALITY AS g (kind, next, zone, last, ignored, is_told, is_on, place)
        USING (place)
    WHERE r.user_id = m.learner AND r.kind = g.kind
    """,
    learners=_IDS,
    places=_NUMBERS,
    kinds=_TEXTS,
    next=_STAMPS,
    zones=_TEXTS,
    last=ARRAY(Date()),
    counts=_NUMBERS,
    told=ARRAY(Boolean()),
    on=ARRAY(Boolean()),
)
