-- When the players of a round that has ended were told how it ended, each in private.

ALTER TABLE live_rounds ADD COLUMN reported_at TIMESTAMP WITH TIME ZONE;

UPDATE live_rounds SET reported_at = ended_at WHERE ended_at IS NOT NULL;

ALTER TABLE live_rounds ADD CONSTRAINT ck_live_rounds_reported
    CHECK ((reported_at IS NULL) OR (ended_at IS NOT NULL)) NOT VALID;

ALTER TABLE live_rounds VALIDATE CONSTRAINT ck_live_rounds_reported;
