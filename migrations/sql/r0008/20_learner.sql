-- A request holds its learner's lock shared, so that nobody is joined or parted under it. Number 8
-- keeps it apart from other locks.
CREATE FUNCTION lock_learner(p_user_id uuid) RETURNS void
    LANGUAGE sql VOLATILE
    RETURN pg_advisory_xact_lock_shared(hashtextextended(p_user_id::text, 8));

-- As before; a language nobody chose stays unknown, and the platform's is kept with the account.
CREATE OR REPLACE FUNCTION resolve_learner(
    p_provider text, p_subject text, p_display_name text, p_locale text, p_user_id uuid,
    OUT user_id uuid, OUT identity_id uuid, OUT created boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found uuid;
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
        INSERT INTO user_profiles (user_id, display_name) VALUES (
            resolve_learner.user_id,
            coalesce(nullif(left(btrim(p_display_name), 100), ''), p_subject));
        INSERT INTO user_settings (user_id) VALUES (resolve_learner.user_id);
        INSERT INTO streaks (user_id) VALUES (resolve_learner.user_id);
        INSERT INTO user_stats (user_id) VALUES (resolve_learner.user_id);
        INSERT INTO identities (user_id, provider, subject, locale)
        VALUES (resolve_learner.user_id, p_provider, p_subject, nullif(p_locale, ''))
        RETURNING id INTO identity_id;
    END IF;
    LOOP
        PERFORM lock_learner(user_id);
        SELECT i.user_id INTO found
        FROM identities i WHERE i.provider = p_provider AND i.subject = p_subject;
        EXIT WHEN found IS NOT DISTINCT FROM user_id;
        user_id := found;
    END LOOP;
    PERFORM set_config('app.user_id', user_id::text, true);
END $$;

-- The language a platform tells of an account of the present learner.
CREATE FUNCTION note_locale(p_identity uuid, p_locale text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE identities SET locale = nullif(left(p_locale, 35), '')
    WHERE id = p_identity AND user_id = app_uid();
$$;
