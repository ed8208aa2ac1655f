-- Vectors of texts, by which a question finds passages of the same meaning. They are kept by the
-- text and not by the passage, so that a course that is published again keeps what has not changed.

-- Of what is turned into a vector; null: the text was cut before there were vectors.
ALTER TABLE passages ADD COLUMN digest TEXT CONSTRAINT ck_passages_digest CHECK (char_length(digest) BETWEEN 1 AND 64);

CREATE TABLE passage_vectors (
    digest TEXT NOT NULL,
    model TEXT NOT NULL,
    task TEXT NOT NULL,
    vector BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_passage_vectors PRIMARY KEY (digest, model, task),
    CONSTRAINT ck_passage_vectors_model CHECK (char_length(model) BETWEEN 1 AND 200),
    CONSTRAINT ck_passage_vectors_task CHECK (task IN ('passage', 'question')),
    CONSTRAINT ck_passage_vectors_digest CHECK (char_length(digest) BETWEEN 1 AND 64),
    CONSTRAINT ck_passage_vectors_vector CHECK (octet_length(vector) BETWEEN 4 AND 8192 AND octet_length(vector) % 2 = 0)
);

REVOKE ALL ON passage_vectors FROM stoa_app, stoa_ro;

GRANT SELECT ON passage_vectors TO stoa_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON passage_vectors TO stoa_worker;

-- Books tokens of the day that no heart is taken for; false when the day has none left.
CREATE FUNCTION tutor_spend(p_tokens int, p_now timestamptz, p_day_cap bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (p_now AT TIME ZONE 'UTC')::date;
    used bigint;
BEGIN
    IF app_uid() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody asks';
    END IF;
    INSERT INTO tutor_usage (day) VALUES (today) ON CONFLICT (day, community_id) DO NOTHING;
    SELECT u.tokens INTO used FROM tutor_usage u
    WHERE u.day = today AND u.community_id IS NULL FOR UPDATE;
    used := used + (
        SELECT coalesce(sum(r.tokens), 0) FROM tutor_reservations r
        WHERE r.day = today AND r.settled_at IS NULL AND r.expires_at > p_now);
    IF used + greatest(p_tokens, 1) > p_day_cap THEN
        RETURN false;
    END IF;
    UPDATE tutor_usage SET tokens = tokens + greatest(p_tokens, 1)
    WHERE day = today AND community_id IS NULL;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION tutor_spend(int, timestamptz, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION tutor_spend(int, timestamptz, bigint) TO stoa_app;
