DROP FUNCTION part_learners(uuid, timestamptz), part_keyed(uuid, uuid, uuid, timestamptz),
    named_by(text, text[]), put_back(text, jsonb), join_learners(uuid, timestamptz),
    doubly_open(uuid), hold_learners(uuid, uuid), set_aside_doubles(uuid, uuid, uuid),
    number_attempts(uuid), set_aside_settings(uuid, uuid), unite_ledger(uuid, uuid, uuid), unite_enrollments(uuid, uuid, uuid),
    unite_progress(uuid, uuid), remember_rows(uuid, uuid, uuid),
    same_columns(text, text, text[]), person_columns(),
    tell_linked(uuid, boolean, text, jsonb, timestamptz, timestamptz), cancel_link(uuid),
    confirm_link(uuid, timestamptz, timestamptz), my_links(), burn_link(bytea, timestamptz),
    claim_link(bytea, uuid, timestamptz, timestamptz),
    open_link(uuid, bytea, bytea, timestamptz, timestamptz), note_locale(uuid, text);

CREATE OR REPLACE FUNCTION resolve_learner(
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

DROP FUNCTION lock_learner(uuid);

CREATE OR REPLACE FUNCTION allow_moves() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent text := regexp_replace(TG_TABLE_NAME, '_(default|[0-9]{4}_[0-9]{2})$', '');
BEGIN
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot go from % to %', parent, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || parent || '_moves';
    END IF;
    RETURN NEW;
END $$;

ALTER TABLE certificates ALTER CONSTRAINT fk_certificates_enrollment NOT DEFERRABLE;

ALTER TABLE assessment_answers ALTER CONSTRAINT fk_assessment_answers_attempt NOT DEFERRABLE;

DROP TABLE bot_accounts, link_rows, account_links;

ALTER TABLE identities DROP COLUMN locale;

REVOKE DELETE ON user_achievements FROM stoa_app;
