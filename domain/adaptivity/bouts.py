"""What one attempt was like, in numbers: the rows of `analytics_events`.

A row has the id of its attempt, so that it is there once, and follows from rows that no longer
change: the attempt, its answers, the attempt before, hints and questions to the tutor. Deriving it
again gives the same. (Ids of attempts tell their time; one that does not, made by hand, has no
row.) For attempts at quizzes and at challenges:

- duration: from when the attempt (or the try before it) began; a longer silence was a pause.
- errors: questions answered wrongly, or tests that did not pass.
- help: hints taken and questions to the tutor in that time.
- completion: the share of questions right, or of tests passed, in percent.
- quality, of challenges that passed: how much of the allowed processor time was left, in percent.
- engagement: high from the third try or ten minutes on, low when next to nothing was done.
"""

from typing import Final

LONGEST_S: Final = 1800  # a longer try was interrupted
LONG_S: Final = 600  # of somebody who stays with it
_COLUMNS: Final = (
    "id, user_id, component_id, duration_seconds, errors_made, help_requests, completion_rate,"
    " code_quality_score, engagement_level"
)
QUIZ_BOUT: Final = f"""
    SELECT t.id, t.user_id, t.assessment_id AS component_id, t.seconds_spent AS duration_seconds,
           n.wrong AS errors_made, n.hints AS help_requests,
           round(100.0 * n.right_ones / greatest(n.asked, 1), 2) AS completion_rate,
           NULL::smallint AS code_quality_score,
           CASE WHEN n.given = 0 OR t.seconds_spent < n.given THEN 'low'
                WHEN t.attempt_number >= 3 OR t.seconds_spent >= {LONG_S} THEN 'high'
                ELSE 'medium' END AS engagement_level
    FROM assessment_attempts t
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS asked, count(a.user_answer)::int AS given,
               count(*) FILTER (WHERE a.is_correct)::int AS right_ones,
               count(*) FILTER (WHERE a.user_answer IS NOT NULL AND NOT a.is_correct)::int AS wrong,
               coalesce(sum(a.hints_used), 0)::int AS hints
        FROM assessment_answers a WHERE a.attempt_id = t.id) n
    WHERE t.status = 'graded' AND uuid_extract_timestamp(t.id) IS NOT NULL
"""  # noqa: S608 - a constant
CHALLENGE_BOUT: Final = f"""
    SELECT a.id, a.user_id, a.component_id, w.seconds AS duration_seconds,
           n.tests - n.passed AS errors_made, h.hints + i.questions AS help_requests,
           round(100.0 * n.passed / greatest(n.tests, 1), 2) AS completion_rate,
           CASE WHEN a.status = 'passed' AND a.cpu_time_ms IS NOT NULL THEN round(
               100 * (1 - least(1, a.cpu_time_ms / (1000 * greatest(n.tests, 1)
                   * coalesce((v.limits ->> 'time_s')::numeric, 2)))))::smallint
           END AS code_quality_score,
           CASE WHEN w.tries >= 2 OR w.seconds >= {LONG_S} THEN 'high'
                WHEN n.passed = 0 AND w.seconds < 20 THEN 'low'
                ELSE 'medium' END AS engagement_level
    FROM challenge_attempts a
    JOIN challenge_versions v ON v.component_id = a.component_id AND v.version = a.version
    LEFT JOIN user_progress p ON p.user_id = a.user_id AND p.component_id = a.component_id
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS tests,
               count(*) FILTER (WHERE r ->> 'status' = 'passed')::int AS passed
        FROM jsonb_array_elements(a.test_results) r) n
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS tries, max(b.submitted_at) AS before
        FROM challenge_attempts b
        WHERE b.user_id = a.user_id AND b.component_id = a.component_id AND b.id < a.id) b
    CROSS JOIN LATERAL (
        SELECT b.tries, greatest(b.before, p.started_at) AS since,
               least({LONGEST_S}, greatest(0, extract(epoch FROM
                   a.submitted_at - greatest(b.before, p.started_at)))::int) AS seconds) w
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS hints FROM hint_unlocks u
        WHERE u.user_id = a.user_id AND u.component_id = a.component_id
              AND u.unlocked_at <= a.submitted_at
              AND (b.before IS NULL OR u.unlocked_at > b.before)) h
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS questions FROM ai_interactions q
        WHERE q.user_id = a.user_id AND q.component_id = a.component_id
              AND q.created_at <= a.submitted_at
              AND (b.before IS NULL OR q.created_at > b.before)) i
    WHERE a.finished_at IS NOT NULL
"""  # noqa: S608 - constants
WRITE_BOUT: Final = f"INSERT INTO analytics_events ({_COLUMNS})"
BOUT_ANEW: Final = """
    ON CONFLICT (id) DO UPDATE
    SET user_id = excluded.user_id, component_id = excluded.component_id,
        duration_seconds = excluded.duration_seconds, errors_made = excluded.errors_made,
        help_requests = excluded.help_requests, completion_rate = excluded.completion_rate,
        code_quality_score = excluded.code_quality_score,
        engagement_level = excluded.engagement_level
"""
