-- Which part of a round a chat's message shows, and since when a phase waits to be shown.

ALTER TABLE live_chats ADD COLUMN message_phase TEXT;

ALTER TABLE live_chats ADD CONSTRAINT ck_live_chats_message_phase
    CHECK (message_phase IN ('lobby', 'question', 'rest', 'reveal', 'end')) NOT VALID;

ALTER TABLE live_chats VALIDATE CONSTRAINT ck_live_chats_message_phase;

ALTER TABLE live_rounds ADD COLUMN unseen_since TIMESTAMP WITH TIME ZONE;
