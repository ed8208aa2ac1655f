INSERT INTO users (id, last_active_at, created_at, updated_at)
SELECT user_id, s.until, first_day, s.until FROM person, size s ORDER BY user_id;

INSERT INTO user_profiles (user_id, display_name, timezone, locale)
SELECT user_id, 'Learner ' || n, zone, 'en' FROM person;

INSERT INTO user_settings (user_id) SELECT user_id FROM person;

INSERT INTO identities (id, user_id, provider, subject)
SELECT identity_id, user_id, 'terminal', 'learner-' || n FROM person;

INSERT INTO conversations (identity_id, place_id, version)
SELECT identity_id, 'terminal:learner-' || n, 1 FROM person;
