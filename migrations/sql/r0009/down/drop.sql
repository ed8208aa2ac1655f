DROP FUNCTION board(text, uuid, date, integer);

DROP MATERIALIZED VIEW mv_daily_user_activity;

CREATE MATERIALIZED VIEW mv_daily_user_activity AS
SELECT user_id, local_date AS activity_date,
    count(*) AS activities,
    count(DISTINCT component_id) AS components,
    sum(xp) AS xp,
    sum(seconds) AS seconds
FROM activity_ledger
WHERE kind <> 'freeze'
GROUP BY user_id, local_date;

CREATE UNIQUE INDEX uq_mv_daily_user_activity_user_date
    ON mv_daily_user_activity (user_id, activity_date);

REVOKE ALL ON mv_daily_user_activity FROM stoa_app, stoa_ro;

REVOKE DELETE ON active_days FROM stoa_app;

ALTER TABLE flashcard_reviews DROP COLUMN is_first;

ALTER TABLE flashcard_reviews DROP COLUMN local_date;

ALTER TABLE flashcard_progress DROP COLUMN resting_until;

ALTER TABLE achievements DROP COLUMN freezes;

DELETE FROM activity_ledger WHERE kind IN ('reward', 'again');

ALTER TABLE activity_ledger DROP CONSTRAINT ck_activity_ledger_kind;

ALTER TABLE activity_ledger ADD CONSTRAINT ck_activity_ledger_kind
    CHECK (kind IN ('lesson', 'quiz', 'challenge', 'assignment', 'cards', 'freeze'));

DROP TABLE outages;

DROP TABLE day_settings;

DROP TABLE study_days;

ALTER TABLE user_settings DROP COLUMN show_streak;
