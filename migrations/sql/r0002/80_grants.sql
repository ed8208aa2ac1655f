-- The application's role gets what requests of learners need, and nothing over all learners.

REVOKE ALL ON
    adaptive_state, item_difficulties, ai_interactions, forum_posts, forum_replies,
    forum_post_likes, forum_reply_likes, course_feedback, feedback_upvotes, follows,
    shared_solutions, analytics_events, component_daily, performance_metrics, data_requests,
    course_collaborators, suggested_edits, files,
    countable_components, course_progress, unit_progress, lesson_progress, student_enrollments,
    streak_history, unit_streaks,
    user_performance_summary, problem_difficulty_stats, mv_daily_user_activity,
    mv_weekly_domain_progress
    FROM stoa_app, stoa_ro;

GRANT SELECT ON
    adaptive_state, item_difficulties, ai_interactions, forum_posts, forum_replies,
    forum_post_likes, forum_reply_likes, course_feedback, feedback_upvotes, follows,
    shared_solutions, analytics_events, data_requests, course_collaborators, suggested_edits,
    files, countable_components, course_progress, unit_progress, lesson_progress,
    student_enrollments, streak_history, unit_streaks
    TO stoa_app;

GRANT INSERT ON analytics_events, performance_metrics, suggested_edits TO stoa_app;

GRANT INSERT, UPDATE ON
    adaptive_state, ai_interactions, follows, shared_solutions, data_requests
    TO stoa_app;

-- Counts, hiding and nesting are not for the author to change.
GRANT INSERT (id, user_id, community_id, course_id, component_id, thread_id, title, body),
    UPDATE (title, body, deleted_at) ON forum_posts TO stoa_app;

GRANT INSERT (id, post_id, parent_reply_id, user_id, body), UPDATE (body, deleted_at)
    ON forum_replies TO stoa_app;

GRANT INSERT (id, user_id, course_id, rating, review), UPDATE (rating, review)
    ON course_feedback TO stoa_app;

GRANT INSERT, DELETE ON
    forum_post_likes, forum_reply_likes, feedback_upvotes, files
    TO stoa_app;

GRANT DELETE ON follows, shared_solutions, course_feedback TO stoa_app;

GRANT SELECT ON
    item_difficulties, component_daily, performance_metrics, countable_components,
    problem_difficulty_stats
    TO stoa_ro;
