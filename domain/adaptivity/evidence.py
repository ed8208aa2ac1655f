"""Which answers are learned from, as SQL: each learner's first one to a question or a challenge.

The rows follow from graded attempts alone, so `stoa rebuild` can derive those that are missing.
A later answer to the same is not learned from: it says more of memory than of skill. Lessons are
not either, so reading never counts against anybody; nor are flashcards, which have a model of
memory of their own, nor answers in live quizzes, which are given against the clock.

An answer that came with strong help counts a half at most: a question after a hint; a challenge
after three hints, after hints worth half of its points (giving up opens the solution and costs all
of them), or after the tutor named the kind of change (rung 3).
"""

from typing import Final

_COLUMNS: Final = (
    "user_id, item_id, course_id, component_id, question_id, attempt_id, skill, position, share,"
    " helped, occurred_at"
)
# What a hint takes from the points is put back: the share is of the answer, see rules.earned.
FROM_QUIZ: Final = """
    SELECT t.user_id, a.question_id AS item_id, k.course_id, t.assessment_id AS component_id,
           a.question_id, t.id AS attempt_id, skill_of(t.assessment_id, a.question_id) AS skill,
           a.position,
           CASE WHEN a.is_correct THEN 1 WHEN v.points = 0 OR a.hints_used >= 5 THEN 0
                ELSE least(1, a.points_earned / (v.points * (1 - 0.2 * a.hints_used)))
           END::double precision AS share,
           a.hints_used > 0 AS helped, t.graded_at AS occurred_at
    FROM assessment_attempts t
    JOIN components k ON k.id = t.assessment_id
    JOIN assessment_answers a ON a.attempt_id = t.id
    JOIN question_versions v ON v.question_id = a.question_id AND v.version = a.question_version
    WHERE t.status = 'graded' AND a.user_answer IS NOT NULL
"""
FROM_CHALLENGE: Final = """
    SELECT t.user_id, t.component_id AS item_id, k.course_id, t.component_id,
           NULL::uuid AS question_id, t.id AS attempt_id, skill_of(t.component_id, NULL) AS skill,
           0 AS position, (n.passed / greatest(n.tests, 1))::double precision AS share,
           t.hints_used >= 3 OR (t.hint_cost > 0 AND 2 * t.hint_cost >= t.max_score)
           OR EXISTS (
               SELECT FROM ai_interactions i
               WHERE i.user_id = t.user_id AND i.component_id = t.component_id AND i.level >= 3
                     AND i.created_at <= t.submitted_at) AS helped,
           t.finished_at AS occurred_at
    FROM challenge_attempts t
    JOIN components k ON k.id = t.component_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS tests, count(*) FILTER (WHERE r ->> 'status' = 'passed')::numeric
               AS passed
        FROM jsonb_array_elements(t.test_results) r) n
    WHERE t.finished_at IS NOT NULL
"""
KEEP_EVIDENCE: Final = f"INSERT INTO skill_evidence ({_COLUMNS})"
EVIDENCE_ONCE: Final = "ON CONFLICT (user_id, item_id) DO NOTHING"
