-- The same learners without an hour of their own. Who has a streak worth keeping was told so the
-- evening before yesterday, and half of them have learned today by now.
TRUNCATE reminders;

INSERT INTO nudges (user_id, timezone, day, last_day, sent_day, sent_at)
SELECT k.user_id, p.timezone, d.day, d.day, d.day, d.day + time '19:00'
FROM streaks k JOIN user_profiles p USING (user_id), (SELECT date '{today}' - 2 AS day) AS d
WHERE k.current_streak >= 3;

INSERT INTO active_days (user_id, local_date, finished)
SELECT user_id, date '{today}', 1 FROM streaks
WHERE current_streak >= 3 AND hashtext(user_id::text) % 2 = 0;

UPDATE streaks SET last_activity_date = date '{today}', current_streak = current_streak + 1,
                   longest_streak = longest_streak + 1, total_active_days = total_active_days + 1
WHERE current_streak >= 3 AND hashtext(user_id::text) % 2 = 0
