ALTER TABLE reminders
    DROP COLUMN last_day, DROP COLUMN sent_day, DROP COLUMN sent_at, DROP COLUMN ignored;
