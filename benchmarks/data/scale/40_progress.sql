-- In the order in which it happened, so that one learner's rows lie scattered, as they do in life.
INSERT INTO user_progress (user_id, component_id, status, progress_percentage, last_position,
                           best_score, latest_score, total_attempts, seconds_spent, started_at,
                           first_completed_at, last_attempt_at, created_at, updated_at)
SELECT user_id, component_id, status, CASE status WHEN 'completed' THEN 100 ELSE 0 END,
       CASE WHEN kind = 'lesson' AND status <> 'not_started' THEN '{"page": 3}'::jsonb END,
       g.grade, g.grade, tries, CASE WHEN status = 'not_started' THEN 0 ELSE 480 END,
       CASE WHEN status <> 'not_started' THEN at END,
       CASE WHEN status = 'completed' THEN at + interval '8 minutes' END,
       CASE WHEN tries > 0 THEN at + interval '8 minutes' END, at, at
FROM pair, size s, LATERAL (
    SELECT CASE WHEN tries = 0 THEN NULL
                WHEN status <> 'completed' THEN 40
                WHEN kind = 'quiz' AND pg_temp.noise(s.seed * 100 + 12, learner * 100000 + item) < 0.5
                    THEN 80 ELSE 100 END::numeric(5, 2) AS grade) g
ORDER BY at, learner, item;

INSERT INTO enrollments (id, user_id, course_id, last_component_id, status, progress_percentage,
                         completed_count, total_count, seconds_spent, enrolled_at, completed_at,
                         updated_at)
SELECT pg_temp.key(began, s.seed || ' enrollment ' || user_id || course_id), user_id, course_id,
       last_component, CASE WHEN done = total THEN 'completed' ELSE 'active' END,
       round(100.0 * done / total, 2), done, total, 480 * started, began,
       CASE WHEN done = total THEN ended END, ended
FROM size s, (
    SELECT user_id, course_id, count(*) AS total,
           count(*) FILTER (WHERE status = 'completed') AS done,
           count(*) FILTER (WHERE status <> 'not_started') AS started,
           (array_agg(component_id ORDER BY item DESC)
               FILTER (WHERE status <> 'not_started'))[1] AS last_component,
           min(at) AS began, max(at) FILTER (WHERE status <> 'not_started')
               + interval '8 minutes' AS ended
    FROM pair GROUP BY user_id, course_id) e
WHERE started > 0
ORDER BY began;

INSERT INTO learning_sessions (id, user_id, component_id, started_at, ended_at, duration_seconds,
                               interaction_count, completion_achieved, device_type)
SELECT pg_temp.key(began, s.seed || ' session ' || user_id || bout), user_id, component_id,
       began, ended, extract(epoch FROM ended - began)::integer, 12 * pieces, true, 'terminal'
FROM size s, (
    SELECT user_id, bout, min(at) AS began, max(at) + interval '8 minutes' AS ended,
           count(*) AS pieces, (array_agg(component_id ORDER BY item))[1] AS component_id
    FROM pair WHERE status <> 'not_started' GROUP BY user_id, bout) b
ORDER BY began;
