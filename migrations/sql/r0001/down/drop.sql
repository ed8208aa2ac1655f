-- Everything of this revision; partitions go with their parents.
DROP TABLE
    leases,
    job_runs,
    inbound_updates,
    outbox,
    delivery_channels,
    reminders,
    notifications,
    user_stats,
    user_achievements,
    study_goals,
    streaks,
    achievements,
    certificates,
    user_progress,
    learning_sessions,
    enrollments,
    bookmarks,
    activity_ledger,
    activity_log,
    active_days,
    flashcard_reviews,
    flashcard_progress,
    flashcards,
    flashcard_sets,
    challenge_tests,
    challenge_attempts,
    hints,
    hint_unlocks,
    challenge_versions,
    challenges,
    answer_appeals,
    assessment_answers,
    assessment_questions,
    assessment_attempts,
    assessments,
    question_versions,
    question_objectives,
    question_bank,
    lesson_versions,
    lessons,
    media,
    component_prerequisites,
    component_objectives,
    unit_prerequisites,
    components,
    units,
    objectives,
    domains,
    course_versions,
    course_tags,
    course_prerequisites,
    courses,
    tags,
    languages,
    conversations,
    user_settings,
    user_profiles,
    one_time_tokens,
    memberships,
    identities,
    auth_sessions,
    audit_log,
    users,
    rate_limits,
    communities
    CASCADE;

DROP FUNCTION resolve_learner(text, text, text, text, uuid);

DROP FUNCTION ensure_partitions(integer);

DROP FUNCTION uuid7_floor(timestamptz);

DROP FUNCTION check_prerequisites();

DROP FUNCTION check_nesting();

DROP FUNCTION allow_moves();

DROP FUNCTION set_updated_at();

DROP FUNCTION app_uid();
