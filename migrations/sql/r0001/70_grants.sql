-- The application's role gets what requests of learners need. Courses are written by
-- stoa_worker, on behalf of an instructor whose right the service has checked.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM stoa_app, stoa_ro;

GRANT SELECT ON
    users, user_profiles, user_settings, identities, one_time_tokens, auth_sessions, communities,
    memberships, rate_limits, conversations,
    languages, courses, course_versions, course_prerequisites, domains, objectives, units,
    unit_prerequisites, components, component_prerequisites, component_objectives, tags,
    course_tags, media, lessons, lesson_versions,
    question_bank, question_versions, question_objectives, assessments, assessment_questions,
    assessment_attempts, assessment_answers, answer_appeals,
    challenges, challenge_versions, challenge_tests, hints, hint_unlocks, challenge_attempts,
    flashcard_sets, flashcards, flashcard_progress, flashcard_reviews,
    enrollments, user_progress, bookmarks, learning_sessions, activity_ledger, active_days,
    activity_log, certificates,
    streaks, user_stats, study_goals, achievements, user_achievements,
    notifications, delivery_channels, outbox, reminders, leases, inbound_updates
    TO stoa_app;

-- What a learner's request adds and never changes.
GRANT INSERT ON
    audit_log, activity_ledger, activity_log, hint_unlocks, flashcard_reviews, outbox
    TO stoa_app;

-- What it adds and changes.
GRANT INSERT, UPDATE ON
    user_profiles, user_settings, one_time_tokens, auth_sessions, communities, rate_limits,
    assessment_attempts, assessment_answers, answer_appeals, challenge_attempts,
    flashcard_progress, enrollments, user_progress, learning_sessions, active_days,
    streaks, user_stats, user_achievements, inbound_updates
    TO stoa_app;

-- What it may also take back.
GRANT INSERT, UPDATE, DELETE ON
    conversations, bookmarks, flashcard_sets, flashcards, study_goals, notifications,
    delivery_channels, reminders, leases
    TO stoa_app;

-- Nobody makes themselves an administrator: that column and roles are out of reach.
GRANT UPDATE (handle, email, email_verified_at, last_active_at, metadata) ON users TO stoa_app;

GRANT INSERT (user_id, community_id), DELETE ON memberships TO stoa_app;

-- The audit log is added to, never corrected.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM stoa_worker;

-- Dashboards read content and what row-level security shows to nobody in particular.
GRANT SELECT ON
    languages, courses, course_prerequisites, domains, objectives, units, unit_prerequisites,
    components, component_prerequisites, component_objectives, tags, course_tags, lessons,
    assessments, challenges, achievements, job_runs
    TO stoa_ro;
