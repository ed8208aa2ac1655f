-- Everything of this revision; partitions go with their parents.
DROP MATERIALIZED VIEW mv_weekly_domain_progress, mv_daily_user_activity, problem_difficulty_stats,
    user_performance_summary;

DROP VIEW unit_streaks, streak_history, student_enrollments, lesson_progress, unit_progress,
    course_progress, countable_components;

DROP TRIGGER forget_person ON activity_log;

DROP TABLE
    suggested_edits,
    course_collaborators,
    files,
    data_requests,
    component_daily,
    analytics_events,
    performance_metrics,
    forum_reply_likes,
    shared_solutions,
    forum_replies,
    forum_post_likes,
    forum_posts,
    feedback_upvotes,
    course_feedback,
    follows,
    ai_interactions,
    item_difficulties,
    adaptive_state
    CASCADE;

DROP FUNCTION count_children();

DROP FUNCTION forget_person();
