-- From the code to the second confirmation. Each function looks at who asks: `app_uid()`.

-- A new code and a new token for the present learner; older ones stop working.
CREATE FUNCTION open_link(
    p_identity uuid, p_code bytea, p_token bytea, p_now timestamptz, p_until timestamptz)
    RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM identities WHERE id = p_identity AND user_id = app_uid()) THEN
        RAISE EXCEPTION 'not an account of this learner' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(app_uid()::text, 9));
    UPDATE account_links SET status = 'cancelled'
    WHERE user_id = app_uid() AND status IN ('open', 'claimed', 'confirmed');
    UPDATE one_time_tokens SET used_at = p_now
    WHERE user_id = app_uid() AND purpose = 'link' AND used_at IS NULL;
    INSERT INTO account_links (user_id, identity_id, expires_at, created_at)
    VALUES (app_uid(), p_identity, p_until, p_now) RETURNING id INTO made;
    INSERT INTO one_time_tokens (user_id, purpose, token_hash, payload, expires_at, created_at)
    SELECT app_uid(), 'link', h.hash, jsonb_build_object('link', made), p_until, p_now
    FROM unnest(ARRAY[p_code, p_token]) AS h (hash);
    RETURN made;
END $$;

-- Enter a code or token. It is used up only by an account that can be joined, and then for good.
CREATE FUNCTION claim_link(
    p_hash bytea, p_identity uuid, p_now timestamptz, p_rested timestamptz,
    OUT outcome text, OUT link uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    token one_time_tokens;
    asked account_links;
BEGIN
    SELECT t.* INTO token FROM one_time_tokens t
    WHERE t.purpose = 'link' AND t.token_hash = p_hash FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'unknown';
        RETURN;
    END IF;
    SELECT l.* INTO asked FROM account_links l
    WHERE l.id = (token.payload ->> 'link')::uuid FOR UPDATE;
    link := asked.id;
    IF NOT EXISTS (SELECT FROM identities i WHERE i.id = p_identity AND i.user_id = app_uid()) THEN
        outcome := 'unknown';
    ELSIF asked.user_id = app_uid() THEN
        outcome := 'self';
    ELSIF asked.joining_id = p_identity AND asked.status IN ('claimed', 'confirmed')
        AND asked.expires_at > p_now THEN
        outcome := 'claimed';
    ELSIF token.used_at IS NOT NULL OR asked.status <> 'open' THEN
        outcome := 'used';
    ELSIF asked.expires_at <= p_now THEN
        outcome := 'expired';
    ELSIF EXISTS (
        SELECT FROM identities mine JOIN identities theirs USING (provider)
        WHERE mine.user_id = app_uid() AND theirs.user_id = asked.user_id) THEN
        outcome := 'taken';
    ELSIF EXISTS (
        SELECT FROM account_links l JOIN identities i ON i.id = l.joining_id
        WHERE l.parted_at > p_rested AND i.user_id IN (app_uid(), asked.user_id)) THEN
        outcome := 'resting';
    ELSIF EXISTS (
        SELECT FROM users u WHERE u.id IN (app_uid(), asked.user_id) AND u.status <> 'active') THEN
        outcome := 'closing';
    ELSE
        outcome := 'claimed';
        UPDATE one_time_tokens SET used_at = p_now
        WHERE user_id = asked.user_id AND purpose = 'link' AND used_at IS NULL;
        UPDATE account_links SET status = 'claimed', joining_id = p_identity WHERE id = asked.id;
    END IF;
    IF outcome <> 'claimed' THEN
        link := NULL;
    END IF;
END $$;

-- A code that was shown to others works no longer; whether there was one.
CREATE FUNCTION burn_link(p_hash bytea, p_now timestamptz) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH burnt AS (
        UPDATE one_time_tokens SET used_at = p_now
        WHERE purpose = 'link' AND used_at IS NULL AND payload ->> 'link' = (
            SELECT t.payload ->> 'link' FROM one_time_tokens t
            WHERE t.purpose = 'link' AND t.token_hash = p_hash)
        RETURNING payload),
    closed AS (
        UPDATE account_links SET status = 'cancelled'
        WHERE status = 'open' AND id IN (SELECT (payload ->> 'link')::uuid FROM burnt)
        RETURNING id)
    SELECT EXISTS (SELECT FROM closed);
$$;

-- The links the present learner takes part in, as either side, with what the accounts are called.
CREATE FUNCTION my_links()
    RETURNS TABLE (
        id uuid, status text, is_first boolean, first_id uuid, first_platform text,
        first_name text, joining_id uuid, joining_platform text, joining_name text,
        joining_user uuid, expires_at timestamptz, created_at timestamptz,
        joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.id, l.status, l.user_id = app_uid(), l.identity_id, a.provider, p.display_name,
           l.joining_id, b.provider, coalesce(k.content ->> 'display_name', q.display_name),
           b.user_id, l.expires_at, l.created_at,
           l.joined_at
    FROM account_links l
    JOIN identities a ON a.id = l.identity_id
    JOIN user_profiles p ON p.user_id = l.user_id
    LEFT JOIN identities b ON b.id = l.joining_id
    LEFT JOIN user_profiles q ON q.user_id = b.user_id
    LEFT JOIN link_rows k
        ON k.link_id = l.id AND k.table_name = 'user_profiles' AND k.kind = 'kept'
    WHERE l.status IN ('open', 'claimed', 'confirmed', 'joined')
        AND (l.user_id = app_uid() OR b.user_id = app_uid())
    ORDER BY l.id;
$$;

-- The joining account says yes.
CREATE FUNCTION confirm_link(p_link uuid, p_now timestamptz, p_until timestamptz) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH confirmed AS (
        UPDATE account_links l SET status = 'confirmed', expires_at = p_until
        WHERE l.id = p_link AND l.status = 'claimed' AND l.expires_at > p_now
            AND l.joining_id IN (SELECT i.id FROM identities i WHERE i.user_id = app_uid())
        RETURNING l.id)
    SELECT EXISTS (SELECT FROM confirmed);
$$;

-- Either side says no, as long as nothing is joined.
CREATE FUNCTION cancel_link(p_link uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH cancelled AS (
        UPDATE account_links l SET status = 'cancelled'
        WHERE l.id = p_link AND l.status IN ('open', 'claimed', 'confirmed')
            AND (l.user_id = app_uid() OR l.joining_id IN (
                SELECT i.id FROM identities i WHERE i.user_id = app_uid()))
        RETURNING l.id, l.user_id),
    used AS (
        UPDATE one_time_tokens t SET used_at = now() FROM cancelled c
        WHERE t.user_id = c.user_id AND t.purpose = 'link' AND t.used_at IS NULL)
    SELECT EXISTS (SELECT FROM cancelled);
$$;

-- Write a message to one account of a link; the present learner must be on either side of it.
CREATE FUNCTION tell_linked(
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
