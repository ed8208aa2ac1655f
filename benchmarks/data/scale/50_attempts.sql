CREATE TEMP TABLE attempt AS
SELECT p.*, k AS number, p.tries = k AND p.status = 'completed' AS is_good,
       p.at - (p.tries - k) * interval '7 minutes' AS began,
       p.at - (p.tries - k) * interval '7 minutes' + interval '6 minutes' AS ended,
       s.seed || ' attempt ' || p.learner || ' ' || p.item || ' ' || k AS name
FROM pair p, size s, generate_series(1, p.tries) AS k;

INSERT INTO challenge_attempts (id, user_id, component_id, version, identity_id, place_id, files,
                                status, test_results, score, max_score, percentage,
                                execution_time_ms, cpu_time_ms, memory_peak_kb, submitted_at,
                                finished_at, fence)
SELECT pg_temp.key(ended, name), user_id, component_id, 1, identity_id,
       'terminal:learner-' || learner, f.files,
       CASE WHEN is_good THEN 'passed' ELSE 'partial' END,
       CASE WHEN is_good THEN f.good ELSE f.bad END,
       CASE WHEN is_good THEN 6 ELSE 2.4 END, 6, CASE WHEN is_good THEN 100 ELSE 40 END,
       42 + item % 9, 31 + item % 7, 9216, ended, ended + interval '1 second', 1
FROM attempt, (
    SELECT jsonb_build_object('solution.py',
               'def add(a, b):' || repeat(E'\n    # What is asked is the sum of both.', 8)
               || E'\n    return a + b\n') AS files,
           jsonb_agg(jsonb_build_object('key', 'case-' || k, 'name', 'Adds ' || k || ' and 1',
                                        'passed', true, 'points', '1')) AS good,
           jsonb_agg(jsonb_build_object('key', 'case-' || k, 'name', 'Adds ' || k || ' and 1',
                                        'passed', k < 2, 'points', '1', 'message',
                                        'expected ' || k + 1 || ', got ' || k)) AS bad
    FROM generate_series(0, 5) AS k) f
WHERE kind = 'challenge'
ORDER BY ended, learner, item;

INSERT INTO assessment_attempts (id, user_id, assessment_id, identity_id, attempt_number, status,
                                 seed, started_at, submitted_at, graded_at, score, max_score,
                                 percentage, passed, seconds_spent, created_at, updated_at)
SELECT pg_temp.key(began, name), user_id, component_id, identity_id, number, 'graded', 1, began,
       ended, ended, g.grade / 20, 5, g.grade, g.grade >= 70, 360, began, ended
FROM attempt, size s, LATERAL (
    SELECT CASE WHEN NOT is_good THEN 40
                WHEN pg_temp.noise(s.seed * 100 + 12, learner * 100000 + item) < 0.5
                    THEN 80 ELSE 100 END AS grade) g
WHERE kind = 'quiz'
ORDER BY ended, learner, item;

INSERT INTO assessment_answers (attempt_id, question_id, question_version, user_id, position,
                                option_order, user_answer, is_correct, points_earned,
                                seconds_spent, answered_at, created_at, updated_at)
SELECT pg_temp.key(began, name), pg_temp.key(s.begins, s.seed || ' question ' || item || ' ' || k),
       1, user_id, k, '{0,1,2,3,4}', jsonb_build_object('picks', jsonb_build_array(k)),
       k < g.right, (k < g.right)::integer, 72, at, began, at
FROM size s, attempt, LATERAL (
    SELECT CASE WHEN NOT is_good THEN 2
                WHEN pg_temp.noise(s.seed * 100 + 12, learner * 100000 + item) < 0.5
                    THEN 4 ELSE 5 END AS right) g, generate_series(0, 4) AS k
WHERE kind = 'quiz'
ORDER BY ended, learner, item, k;
