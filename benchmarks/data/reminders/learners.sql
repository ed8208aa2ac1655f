-- Learners with a reminder each, in forty zones; $1 of them are made. A third want it at 20:00 on
-- their wall, the others at a quarter of an hour between 08:00 and 21:30. All have an account, a
-- chat, settings, a streak and days, and was reminded yesterday; two in three have written since. Two
-- in five have a streak of five days, the others of two. Each tenth has a card that is due.
CREATE TEMP TABLE person AS
SELECT n, uuidv7() AS user_id, uuidv7() AS identity_id, uuidv7() AS card_id,
       zones.names[1 + abs(hashint4(n)) % 40] AS zone,
       CASE WHEN abs(hashint4(n + 1)) % 3 = 0 THEN time '20:00'
            ELSE time '08:00' + interval '15 minutes' * (abs(hashint4(n + 2)) % 55) END AS wall
FROM generate_series(1, {learners}) AS n, (SELECT '{{
    Pacific/Kiritimati, Pacific/Chatham, Pacific/Auckland, Australia/Lord_Howe, Australia/Sydney,
    Australia/Adelaide, Asia/Tokyo, Asia/Shanghai, Asia/Manila, Asia/Jakarta, Asia/Bangkok,
    Asia/Yangon, Asia/Dhaka, Asia/Kathmandu, Asia/Kolkata, Asia/Karachi, Asia/Kabul, Asia/Dubai,
    Asia/Tehran, Europe/Istanbul, Africa/Nairobi, Africa/Cairo, Europe/Kyiv, Africa/Lagos,
    Europe/Warsaw, Europe/Berlin, Europe/Paris, Africa/Casablanca, Europe/London, Africa/Accra,
    Atlantic/Azores, America/Sao_Paulo, America/St_Johns, America/Halifax, America/Bogota,
    America/New_York, America/Chicago, America/Denver, America/Los_Angeles, Pacific/Honolulu
}}'::text[] AS names) AS zones;

INSERT INTO users (id, last_active_at)
SELECT user_id, CASE WHEN n % 3 = 0 THEN timestamptz '{today}' - interval '3 days'
                     ELSE (date '{today}' + wall) AT TIME ZONE zone - interval '2 hours' END
FROM person;

INSERT INTO user_profiles (user_id, display_name, timezone, locale)
SELECT user_id, 'Learner ' || n, zone, 'en' FROM person;

INSERT INTO user_settings (user_id, daily_goal_minutes)
SELECT user_id, CASE WHEN n % 2 = 0 THEN 20 END FROM person;

INSERT INTO identities (id, user_id, provider, subject)
SELECT identity_id, user_id, 'telegram', (1000000000 + n)::text FROM person;

INSERT INTO conversations (identity_id, place_id, version)
SELECT identity_id, 'telegram:' || (1000000000 + n), 1 FROM person;

INSERT INTO active_days (user_id, local_date, finished)
SELECT user_id, date '{today}' - back, 1 FROM person, generate_series(1, 2) AS back;

INSERT INTO streaks (user_id, current_streak, longest_streak, last_activity_date,
                     streak_start_date, total_active_days)
SELECT user_id, s.days, s.days, date '{today}' - 1, date '{today}' - s.days, s.days
FROM person, LATERAL (SELECT CASE WHEN n % 5 < 2 THEN 5 ELSE 2 END AS days) AS s;

WITH deck AS (
    INSERT INTO flashcard_sets (owner_id, title) SELECT user_id, 'Words' FROM person WHERE n = 1
    RETURNING id)
INSERT INTO flashcards (id, set_id, key, front, back, position)
SELECT card_id, deck.id, n::text, 'front', 'back', n FROM person, deck WHERE n % 10 = 0;

INSERT INTO flashcard_progress (user_id, card_id, due_at)
SELECT user_id, card_id, timestamptz '{today}' - interval '1 day' FROM person WHERE n % 10 = 0;

INSERT INTO reminders (user_id, local_time, timezone, next_fire_at, last_day, sent_day, sent_at)
SELECT user_id, wall, zone, at, yesterday, yesterday, at - interval '1 day'
FROM person,
     LATERAL (SELECT (date '{today}' + wall) AT TIME ZONE zone AS first) AS f,
     LATERAL (SELECT first > timestamptz '{today}' AS is_open) AS o,
     LATERAL (SELECT CASE WHEN is_open THEN first ELSE first + interval '1 day' END AS at,
                     date '{today}' - is_open::int AS yesterday) AS d
ORDER BY n;

INSERT INTO outbox (user_id, identity_id, platform, address, kind, payload, idempotency_key,
                    policy, state, attempts, run_at, expires_at, finished_at)
SELECT p.user_id, p.identity_id, 'telegram', (1000000000 + n)::text, 'reminder',
       '{{"text": "Today is still open. One lesson makes it count.", "values": {{"minutes": 0, "days": 2,
          "cards": 0, "ignored": 0}}, "choices": ["/learn", "/remind later", "/remind not today",
          "/remind off"]}}',
       concat('reminder:', r.sent_day, ':', p.user_id), 'at_most_once', 'done', 1, r.sent_at,
       r.sent_at + interval '1 hour', r.sent_at + interval '1 second'
FROM person p JOIN reminders r USING (user_id)
ORDER BY r.sent_at
