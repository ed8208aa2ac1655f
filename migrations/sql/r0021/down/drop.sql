CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;

-- Nobody changes these learners' rows until the transaction ends.
CREATE OR REPLACE FUNCTION hold_learners(a uuid, b uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(least(a, b)::text, 8));
    PERFORM pg_advisory_xact_lock(hashtextextended(greatest(a, b)::text, 8));
    PERFORM FROM users WHERE id IN (a, b) ORDER BY id FOR UPDATE;
END $$;

-- Write a message to one account of a link; the present learner must be on either side of it.
CREATE OR REPLACE FUNCTION tell_linked(
    p_link uuid, p_to_first boolean, p_key text, p_payload jsonb, p_now timestamptz,
    p_until timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO outbox (user_id, channel_id, identity_id, platform, address, kind, payload,
                        idempotency_key, run_at, expires_at)
    SELECT i.user_id, c.id, i.id, i.provider, i.subject, 'link', p_payload, p_key, p_now, p_until
    FROM account_links l
    JOIN identities i ON i.id = CASE WHEN p_to_first THEN l.identity_id ELSE l.joining_id END
    LEFT JOIN delivery_channels c ON c.platform = i.provider AND c.address = i.subject
    WHERE l.id = p_link AND i.provider IN ('discord', 'telegram', 'terminal')
        AND (l.user_id = app_uid() OR EXISTS (
            SELECT FROM identities j WHERE j.id = l.joining_id AND j.user_id = app_uid()))
    ON CONFLICT DO NOTHING;
$$;

DROP TRIGGER drop_messages ON users;

DROP FUNCTION drop_messages();

DELETE FROM outbox o
WHERE o.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM users u WHERE u.id = o.user_id);

ALTER TABLE outbox ADD CONSTRAINT fk_outbox_user_id
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

UPDATE link_rows k
SET kind = 'moved', content = jsonb_build_object('id', k.content -> 'id')
WHERE k.table_name = 'reminders' AND k.kind = 'kept'
    AND EXISTS (SELECT FROM reminders r WHERE r.id = (k.content ->> 'id')::uuid);

UPDATE link_rows k
SET kind = 'aside' WHERE k.table_name = 'reminders' AND k.kind = 'kept';

DROP TRIGGER set_updated_at ON reminders;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON reminders
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

ALTER TABLE reminders DROP CONSTRAINT pk_reminders;

ALTER TABLE reminders ADD CONSTRAINT pk_reminders PRIMARY KEY (id);

ALTER TABLE reminders ADD CONSTRAINT uq_reminders_user_kind UNIQUE (user_id, kind);

ALTER INDEX ix_reminders_due_alone RENAME TO ix_reminders_due;

ALTER INDEX ix_nudges_due_alone RENAME TO ix_nudges_due;

ALTER INDEX ix_outbox_channel RENAME TO ix_outbox_channel_id;

ALTER INDEX ix_outbox_identity RENAME TO ix_outbox_identity_id;
