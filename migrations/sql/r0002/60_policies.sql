-- A learner sees and writes their own rows; what others may see goes through functions.

ALTER TABLE adaptive_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE adaptive_state FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON adaptive_state
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE ai_interactions ENABLE ROW LEVEL SECURITY;

ALTER TABLE ai_interactions FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON ai_interactions
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE follows ENABLE ROW LEVEL SECURITY;

ALTER TABLE follows FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON follows
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE course_feedback ENABLE ROW LEVEL SECURITY;

ALTER TABLE course_feedback FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON course_feedback
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE feedback_upvotes ENABLE ROW LEVEL SECURITY;

ALTER TABLE feedback_upvotes FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON feedback_upvotes
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE forum_posts ENABLE ROW LEVEL SECURITY;

ALTER TABLE forum_posts FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON forum_posts
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE forum_post_likes ENABLE ROW LEVEL SECURITY;

ALTER TABLE forum_post_likes FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON forum_post_likes
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE forum_replies ENABLE ROW LEVEL SECURITY;

ALTER TABLE forum_replies FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON forum_replies
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE shared_solutions ENABLE ROW LEVEL SECURITY;

ALTER TABLE shared_solutions FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON shared_solutions
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE forum_reply_likes ENABLE ROW LEVEL SECURITY;

ALTER TABLE forum_reply_likes FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON forum_reply_likes
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE analytics_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE analytics_events FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON analytics_events
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE data_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE data_requests FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON data_requests
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE files ENABLE ROW LEVEL SECURITY;

ALTER TABLE files FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON files
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE course_collaborators ENABLE ROW LEVEL SECURITY;

ALTER TABLE course_collaborators FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON course_collaborators
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE suggested_edits ENABLE ROW LEVEL SECURITY;

ALTER TABLE suggested_edits FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON suggested_edits
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

-- Partitions are reached through their parents only.
ALTER TABLE ai_interactions_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE ai_interactions_default FORCE ROW LEVEL SECURITY;

ALTER TABLE performance_metrics_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE performance_metrics_default FORCE ROW LEVEL SECURITY;

ALTER TABLE analytics_events_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE analytics_events_default FORCE ROW LEVEL SECURITY;
