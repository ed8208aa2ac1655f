-- Messages that nobody set an hour for: one a local date for each learner, found zone by zone; and
-- what was told in them, so that nobody hears the same twice.

CREATE TABLE nudges (
    user_id UUID NOT NULL,
    timezone TEXT NOT NULL,
    day DATE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    last_day DATE,
    sent_day DATE,
    sent_at TIMESTAMP WITH TIME ZONE,
    ignored INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_nudges PRIMARY KEY (user_id),
    CONSTRAINT ck_nudges_ignored CHECK (ignored >= 0),
    CONSTRAINT fk_nudges_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_nudges_due ON nudges (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE told (
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    fact TEXT NOT NULL,
    day DATE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    message_key TEXT NOT NULL,
    CONSTRAINT pk_told PRIMARY KEY (user_id, kind, fact),
    CONSTRAINT ck_told_kind CHECK (char_length(kind) BETWEEN 1 AND 50),
    CONSTRAINT ck_told_fact CHECK (char_length(fact) BETWEEN 1 AND 100),
    CONSTRAINT fk_told_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_told_told_at ON told (told_at);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON nudges
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

ALTER TABLE nudges ENABLE ROW LEVEL SECURITY;

ALTER TABLE nudges FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON nudges
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE told ENABLE ROW LEVEL SECURITY;

ALTER TABLE told FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON told
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

REVOKE ALL ON nudges, told FROM stoa_app, stoa_ro;

GRANT SELECT ON nudges, told TO stoa_app;

-- The present learner wants none of these kinds: what waits and was not begun goes at once. A worker
-- that is about to write one is waited for; one that comes later reads what was chosen.
CREATE FUNCTION drop_scheduled(p_kinds text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM 1 FROM reminders WHERE user_id = app_uid() FOR UPDATE;
    PERFORM 1 FROM nudges WHERE user_id = app_uid() FOR UPDATE;
    DELETE FROM outbox
    WHERE user_id = app_uid() AND state = 'pending' AND attempts = 0
        AND (kind = ANY (p_kinds) OR payload -> 'kinds' ?| p_kinds);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

REVOKE ALL ON FUNCTION drop_scheduled(text[]) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION drop_scheduled(text[]) TO stoa_app;
