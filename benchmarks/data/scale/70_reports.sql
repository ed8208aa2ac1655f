INSERT INTO component_daily (component_id, day, views, unique_users, completions, average_seconds,
                             average_score)
SELECT component_id, (at AT TIME ZONE 'UTC')::date, count(*), count(DISTINCT user_id),
       count(*) FILTER (WHERE status = 'completed'), 480, 90
FROM pair WHERE status <> 'not_started' GROUP BY 1, 2;

REFRESH MATERIALIZED VIEW user_performance_summary;

REFRESH MATERIALIZED VIEW problem_difficulty_stats;

REFRESH MATERIALIZED VIEW mv_daily_user_activity;

REFRESH MATERIALIZED VIEW mv_weekly_domain_progress;
