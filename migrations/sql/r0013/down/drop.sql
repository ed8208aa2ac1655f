DROP FUNCTION live_deal_teams(uuid);

ALTER TABLE live_rounds DROP COLUMN reported_at, DROP COLUMN unseen_since;

ALTER TABLE live_chats DROP COLUMN message_phase;
