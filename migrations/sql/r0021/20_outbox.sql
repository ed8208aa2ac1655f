-- Looking after the learner of each message, and locking them, took a fifth of a set's time, and
-- made each set write to a page of `users` for every learner. Whoever writes a message holds its
-- learner otherwise: a set holds their reminder, which goes before them; all others lock them.

ALTER TABLE outbox DROP CONSTRAINT fk_outbox_user_id;

-- What the foreign key did. The name puts it after the foreign keys' own triggers, which wait for
-- whoever holds a reminder: what was written meanwhile is seen.
CREATE FUNCTION drop_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM outbox WHERE user_id = OLD.id;
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION drop_messages() FROM PUBLIC;

CREATE TRIGGER drop_messages AFTER DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION drop_messages();

-- Write a message to one account of a link; the present learner must be on either side of it.
CREATE OR REPLACE FUNCTION tell_linked(
    p_link uuid, p_to_first boolean, p_key text, p_payload jsonb, p_now timestamptz,
    p_until timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO outbox (user_id, channel_id, identity_id, platform, address, kind, payload,
                        idempotency_key, run_at, expires_at)
    SELECT u.id, c.id, i.id, i.provider, i.subject, 'link', p_payload, p_key, p_now, p_until
    FROM account_links l
    JOIN identities i ON i.id = CASE WHEN p_to_first THEN l.identity_id ELSE l.joining_id END
    JOIN users u ON u.id = i.user_id
    LEFT JOIN delivery_channels c ON c.platform = i.provider AND c.address = i.subject
    WHERE l.id = p_link AND i.provider IN ('discord', 'telegram', 'terminal')
        AND (l.user_id = app_uid() OR EXISTS (
            SELECT FROM identities j WHERE j.id = l.joining_id AND j.user_id = app_uid()))
    FOR KEY SHARE OF u
    ON CONFLICT DO NOTHING;
$$;

-- Nobody changes these learners' rows until the transaction ends. A set of reminders that holds one
-- of them is waited for before their learners are held, which the set may ask for itself.
CREATE OR REPLACE FUNCTION hold_learners(a uuid, b uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(least(a, b)::text, 8));
    PERFORM pg_advisory_xact_lock(hashtextextended(greatest(a, b)::text, 8));
    PERFORM FROM reminders WHERE user_id IN (a, b) ORDER BY user_id, kind FOR UPDATE;
    PERFORM FROM nudges WHERE user_id IN (a, b) ORDER BY user_id FOR UPDATE;
    PERFORM FROM users WHERE id IN (a, b) ORDER BY id FOR UPDATE;
END $$;
