DROP FUNCTION
    live_next_team(uuid, int), live_slowest(uuid), live_answered(uuid, int),
    live_was_missed(uuid, int), live_player_called(uuid, text),
    enter_community(text, text, text);

DROP TABLE live_events, live_answers, live_players, live_questions, live_chats, live_rounds;

REVOKE UPDATE (settings) ON communities FROM stoa_app;
