-- The local day that was dealt with last, so that no day has two messages, wherever the learner
-- goes; and the messages that nobody reacted to, so that they become fewer.

ALTER TABLE reminders ADD COLUMN last_day DATE;

ALTER TABLE reminders ADD COLUMN sent_day DATE;

ALTER TABLE reminders ADD COLUMN sent_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE reminders ADD COLUMN ignored INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE reminders ADD CONSTRAINT ck_reminders_ignored CHECK (ignored >= 0) NOT VALID;

ALTER TABLE reminders VALIDATE CONSTRAINT ck_reminders_ignored;
