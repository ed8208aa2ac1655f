-- The ledger first; days, streaks and totals are what it says, as the product derives them.
INSERT INTO activity_ledger (id, user_id, identity_id, component_id, source, kind, xp, seconds,
                             occurred_at, local_date, timezone, created_at)
SELECT pg_temp.key(at, s.seed || ' ledger ' || learner || ' ' || item), user_id, identity_id,
       component_id, kind || ':' || component_id, kind,
       CASE kind WHEN 'lesson' THEN 10 WHEN 'quiz' THEN 5 ELSE 6 END, 480,
       at + interval '8 minutes', day, zone, at
FROM pair, size s WHERE status = 'completed'
ORDER BY at, learner, item;

INSERT INTO active_days (user_id, local_date, finished, xp, seconds, created_at, updated_at)
SELECT user_id, local_date, count(*), sum(xp), sum(seconds), min(occurred_at), max(occurred_at)
FROM activity_ledger GROUP BY user_id, local_date
ORDER BY local_date, user_id;

INSERT INTO user_stats (user_id, xp, level, week_start, week_xp, lessons_completed, quizzes_passed,
                        challenges_solved, seconds_spent)
SELECT user_id, xp, 1 + floor(sqrt(xp / 50))::integer, week, week_xp, lessons, quizzes, challenges,
       seconds
FROM (SELECT l.user_id, sum(xp) AS xp, w.week, sum(seconds) AS seconds,
             coalesce(sum(xp) FILTER (WHERE local_date >= w.week), 0) AS week_xp,
             count(*) FILTER (WHERE kind = 'lesson') AS lessons,
             count(*) FILTER (WHERE kind = 'quiz') AS quizzes,
             count(*) FILTER (WHERE kind = 'challenge') AS challenges
      FROM activity_ledger l JOIN (
          SELECT user_id, date_trunc('week', max(local_date)::timestamp)::date AS week
          FROM activity_ledger GROUP BY user_id) w ON w.user_id = l.user_id
      GROUP BY l.user_id, w.week) t;

INSERT INTO user_stats (user_id) SELECT user_id FROM person ON CONFLICT DO NOTHING;
