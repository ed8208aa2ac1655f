-- One index less to write for each reminder that is put forward. The program of the day before finds
-- its rows by `id` still, though no longer by an index; a later release drops the column.

ALTER TABLE reminders DROP CONSTRAINT pk_reminders;

ALTER TABLE reminders DROP CONSTRAINT uq_reminders_user_kind;

ALTER TABLE reminders ADD CONSTRAINT pk_reminders
    PRIMARY KEY USING INDEX ix_reminders_learner_kind;

ALTER INDEX ix_reminders_due_learner RENAME TO ix_reminders_due;

ALTER INDEX ix_nudges_due_learner RENAME TO ix_nudges_due;

ALTER INDEX ix_outbox_channel RENAME TO ix_outbox_channel_id;

ALTER INDEX ix_outbox_identity RENAME TO ix_outbox_identity_id;

-- When the learner changed it. That the worker put it forward is no change of theirs: `part_keyed`
-- asks, and a thousand reminders a second need no function called for each.
DROP TRIGGER set_updated_at ON reminders;

CREATE TRIGGER set_updated_at BEFORE UPDATE OF local_time, weekdays ON reminders
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Reminders that came with an account are kept under their new key, to go back with it.
UPDATE link_rows k
SET kind = 'kept', content = to_jsonb(r) || jsonb_build_object('user_id', l.absorbed_id)
FROM reminders r, account_links l
WHERE k.table_name = 'reminders' AND k.kind = 'moved' AND l.id = k.link_id
    AND r.id = (k.content ->> 'id')::uuid;
