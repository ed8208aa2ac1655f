DROP TABLE live_events, live_answers, live_players, live_questions, live_chats, live_rounds;
