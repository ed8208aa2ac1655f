-- Finds the person behind an account or makes them, and makes the rest of the transaction theirs
-- (app.user_id), so that no second round trip is needed. Twenty starts at once make one person:
-- whoever waited for the lock looks again. `p_user_id` is the id a new person gets.
CREATE FUNCTION resolve_learner(
    p_provider text, p_subject text, p_display_name text, p_locale text, p_user_id uuid,
    OUT user_id uuid, OUT identity_id uuid, OUT created boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    created := false;
    SELECT i.user_id, i.id INTO user_id, identity_id
    FROM identities i WHERE i.provider = p_provider AND i.subject = p_subject;
    IF user_id IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_provider || ' ' || p_subject, 0));
        SELECT i.user_id, i.id INTO user_id, identity_id
        FROM identities i WHERE i.provider = p_provider AND i.subject = p_subject;
    END IF;
    IF user_id IS NULL THEN
        created := true;
        INSERT INTO users (id) VALUES (coalesce(p_user_id, uuidv7())) RETURNING id INTO user_id;
        INSERT INTO user_profiles (user_id, display_name, locale) VALUES (
            resolve_learner.user_id,
            coalesce(nullif(left(btrim(p_display_name), 100), ''), p_subject),
            coalesce(nullif(p_locale, ''), 'en'));
        INSERT INTO user_settings (user_id) VALUES (resolve_learner.user_id);
        INSERT INTO streaks (user_id) VALUES (resolve_learner.user_id);
        INSERT INTO user_stats (user_id) VALUES (resolve_learner.user_id);
        INSERT INTO identities (user_id, provider, subject)
        VALUES (resolve_learner.user_id, p_provider, p_subject) RETURNING id INTO identity_id;
    END IF;
    PERFORM set_config('app.user_id', user_id::text, true);
END $$;

REVOKE ALL ON FUNCTION resolve_learner(text, text, text, text, uuid) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION resolve_learner(text, text, text, text, uuid) TO stoa_app, stoa_worker;
