-- A round is everybody's who is in its chat, as its chats and questions are. What somebody answered
-- is theirs alone until the worker, who shows the round, has closed the question.

ALTER TABLE live_players ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_players FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON live_players
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE live_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_answers FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON live_answers
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

GRANT SELECT, INSERT, UPDATE ON live_rounds, live_players, live_answers TO stoa_app;

GRANT SELECT, INSERT ON live_chats, live_questions TO stoa_app;

GRANT UPDATE (is_void) ON live_questions TO stoa_app;

GRANT INSERT ON live_events TO stoa_app;

GRANT UPDATE (settings) ON communities TO stoa_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    live_rounds, live_chats, live_questions, live_players, live_answers, live_events
    TO stoa_worker;
