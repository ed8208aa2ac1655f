-- Reports over all learners, refreshed by the worker. They have no row policies, so the
-- application's role may not read them. Each side is added up before it is joined: joining first
-- would count every attempt once for each row on the other side.

-- Each person's attempts, share passed, time, longest streak and XP.
CREATE MATERIALIZED VIEW user_performance_summary AS
SELECT u.id AS user_id,
    coalesce(a.total_attempts, 0) AS total_attempts,
    a.success_rate,
    a.avg_execution_time_ms,
    coalesce(s.longest_streak, 0) AS max_streak,
    coalesce(x.total_xp, 0) AS total_xp
FROM users u
LEFT JOIN (
    SELECT user_id, count(*) AS total_attempts,
        round(avg((status = 'passed')::integer), 4) AS success_rate,
        round(avg(execution_time_ms), 2) AS avg_execution_time_ms
    FROM challenge_attempts WHERE finished_at IS NOT NULL GROUP BY user_id
) a ON a.user_id = u.id
LEFT JOIN streaks s ON s.user_id = u.id
LEFT JOIN (
    SELECT user_id, sum(xp) AS total_xp FROM activity_ledger GROUP BY user_id
) x ON x.user_id = u.id
WHERE u.deleted_at IS NULL;

CREATE UNIQUE INDEX uq_user_performance_summary_user_id ON user_performance_summary (user_id);

-- Each challenge's attempts, share passed, time and hints: is it harder than it says?
CREATE MATERIALIZED VIEW problem_difficulty_stats AS
SELECT c.id AS component_id, c.difficulty,
    coalesce(a.attempt_count, 0) AS attempt_count,
    a.pass_rate,
    a.avg_execution_time_ms,
    a.avg_hints_used
FROM components c
LEFT JOIN (
    SELECT component_id, count(*) AS attempt_count,
        round(avg((status = 'passed')::integer), 4) AS pass_rate,
        round(avg(execution_time_ms), 2) AS avg_execution_time_ms,
        round(avg(hints_used), 2) AS avg_hints_used
    FROM challenge_attempts WHERE finished_at IS NOT NULL GROUP BY component_id
) a ON a.component_id = c.id
WHERE c.kind = 'challenge' AND c.deleted_at IS NULL;

CREATE UNIQUE INDEX uq_problem_difficulty_stats_component_id
    ON problem_difficulty_stats (component_id);

-- What each person finished on each of their days.
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

-- What each person did each week in each field of an exam.
CREATE MATERIALIZED VIEW mv_weekly_domain_progress AS
SELECT w.user_id, coalesce(c.domain_id, u.domain_id) AS domain_id, w.week_start,
    count(*) AS components,
    sum(w.activities) AS activities,
    sum(w.xp) AS xp,
    sum(w.seconds) AS seconds,
    round(avg(p.best_score), 2) AS average_score
FROM (
    SELECT user_id, component_id, date_trunc('week', local_date::timestamp)::date AS week_start,
        count(*) AS activities, sum(xp) AS xp, sum(seconds) AS seconds
    FROM activity_ledger WHERE component_id IS NOT NULL GROUP BY 1, 2, 3
) w
JOIN components c ON c.id = w.component_id
LEFT JOIN units u ON u.id = c.unit_id
LEFT JOIN user_progress p ON p.user_id = w.user_id AND p.component_id = w.component_id
WHERE coalesce(c.domain_id, u.domain_id) IS NOT NULL
GROUP BY w.user_id, coalesce(c.domain_id, u.domain_id), w.week_start;

CREATE UNIQUE INDEX uq_mv_weekly_domain_progress_user_domain_week
    ON mv_weekly_domain_progress (user_id, domain_id, week_start);
