-- A learner sees and writes their own rows and no others; without a learner there are none.

ALTER TABLE users ENABLE ROW LEVEL SECURITY;

ALTER TABLE users FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON users
    USING (id = (SELECT app_uid()))
    WITH CHECK (id = (SELECT app_uid()));

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON audit_log
    USING (actor_id = (SELECT app_uid()))
    WITH CHECK (actor_id = (SELECT app_uid()));

ALTER TABLE auth_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth_sessions FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON auth_sessions
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;

ALTER TABLE memberships FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON memberships
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE one_time_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE one_time_tokens FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON one_time_tokens
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE user_profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_profiles FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON user_profiles
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE user_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_settings FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON user_settings
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;

ALTER TABLE conversations FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON conversations
    USING (identity_id IN (SELECT i.id FROM identities i WHERE i.user_id = (SELECT app_uid())))
    WITH CHECK (identity_id IN (SELECT i.id FROM identities i WHERE i.user_id = (SELECT app_uid())));

ALTER TABLE assessment_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE assessment_attempts FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON assessment_attempts
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE assessment_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE assessment_answers FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON assessment_answers
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE answer_appeals ENABLE ROW LEVEL SECURITY;

ALTER TABLE answer_appeals FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON answer_appeals
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE hint_unlocks ENABLE ROW LEVEL SECURITY;

ALTER TABLE hint_unlocks FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON hint_unlocks
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE challenge_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE challenge_attempts FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON challenge_attempts
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE flashcard_sets ENABLE ROW LEVEL SECURITY;

ALTER TABLE flashcard_sets FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON flashcard_sets
    USING ((component_id IS NOT NULL) OR (owner_id = (SELECT app_uid())))
    WITH CHECK (owner_id = (SELECT app_uid()));

ALTER TABLE flashcards ENABLE ROW LEVEL SECURITY;

ALTER TABLE flashcards FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON flashcards
    USING (set_id IN (SELECT s.id FROM flashcard_sets s))
    WITH CHECK (set_id IN (SELECT s.id FROM flashcard_sets s WHERE s.owner_id = (SELECT app_uid())));

ALTER TABLE flashcard_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE flashcard_progress FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON flashcard_progress
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE flashcard_reviews ENABLE ROW LEVEL SECURITY;

ALTER TABLE flashcard_reviews FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON flashcard_reviews
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE active_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE active_days FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON active_days
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE activity_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE activity_log FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON activity_log
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE activity_ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE activity_ledger FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON activity_ledger
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;

ALTER TABLE bookmarks FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON bookmarks
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE enrollments ENABLE ROW LEVEL SECURITY;

ALTER TABLE enrollments FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON enrollments
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE learning_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning_sessions FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON learning_sessions
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE user_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_progress FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON user_progress
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE certificates ENABLE ROW LEVEL SECURITY;

ALTER TABLE certificates FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON certificates
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE streaks ENABLE ROW LEVEL SECURITY;

ALTER TABLE streaks FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON streaks
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE study_goals ENABLE ROW LEVEL SECURITY;

ALTER TABLE study_goals FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON study_goals
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE user_achievements ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_achievements FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON user_achievements
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE user_stats ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_stats FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON user_stats
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE notifications FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON notifications
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE reminders ENABLE ROW LEVEL SECURITY;

ALTER TABLE reminders FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON reminders
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE delivery_channels ENABLE ROW LEVEL SECURITY;

ALTER TABLE delivery_channels FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON delivery_channels
    USING ((user_id = (SELECT app_uid())) OR (community_id IS NOT NULL))
    WITH CHECK ((user_id = (SELECT app_uid())) OR (community_id IS NOT NULL));

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON outbox
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

-- Partitions are reached through their parents only.
ALTER TABLE audit_log_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_log_default FORCE ROW LEVEL SECURITY;

ALTER TABLE challenge_attempts_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE challenge_attempts_default FORCE ROW LEVEL SECURITY;

ALTER TABLE flashcard_reviews_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE flashcard_reviews_default FORCE ROW LEVEL SECURITY;

ALTER TABLE activity_log_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE activity_log_default FORCE ROW LEVEL SECURITY;

ALTER TABLE learning_sessions_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning_sessions_default FORCE ROW LEVEL SECURITY;
