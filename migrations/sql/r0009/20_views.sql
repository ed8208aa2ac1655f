-- What each person finished on each of their days; a reward is nothing that was finished.
DROP MATERIALIZED VIEW mv_daily_user_activity;

CREATE MATERIALIZED VIEW mv_daily_user_activity AS
SELECT user_id, local_date AS activity_date,
    count(*) AS activities,
    count(DISTINCT component_id) AS components,
    sum(xp) AS xp,
    sum(seconds) AS seconds
FROM activity_ledger
WHERE kind NOT IN ('freeze', 'reward')
GROUP BY user_id, local_date;

CREATE UNIQUE INDEX uq_mv_daily_user_activity_user_date
    ON mv_daily_user_activity (user_id, activity_date);

REVOKE ALL ON mv_daily_user_activity FROM stoa_app, stoa_ro;
