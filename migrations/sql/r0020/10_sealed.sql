-- What learners ask the tutor and what it answers, sealed with the application's key. The plain
-- columns stay: rows of before are in them until they are sealed, and the program of the day before
-- still writes them.

CREATE TABLE seal_keys (
    id TEXT NOT NULL,
    proof BYTEA NOT NULL,
    sealed_all_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_seal_keys PRIMARY KEY (id),
    CONSTRAINT ck_seal_keys_proof CHECK (octet_length(proof) BETWEEN 32 AND 256)
);

REVOKE ALL ON seal_keys FROM stoa_app, stoa_ro;

GRANT SELECT ON seal_keys TO stoa_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON seal_keys TO stoa_worker;

ALTER TABLE ai_interactions ADD COLUMN user_message_sealed BYTEA;

ALTER TABLE ai_interactions ADD COLUMN ai_response_sealed BYTEA;

ALTER TABLE ai_interactions ADD COLUMN context_sealed BYTEA;

ALTER TABLE ai_interactions ALTER COLUMN user_message SET DEFAULT '';

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_user_message_sealed
    CHECK (octet_length(user_message_sealed) BETWEEN 37 AND 65536) NOT VALID;

ALTER TABLE ai_interactions VALIDATE CONSTRAINT ck_ai_interactions_user_message_sealed;

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_ai_response_sealed
    CHECK (octet_length(ai_response_sealed) BETWEEN 37 AND 1048576) NOT VALID;

ALTER TABLE ai_interactions VALIDATE CONSTRAINT ck_ai_interactions_ai_response_sealed;

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_context_sealed
    CHECK (octet_length(context_sealed) BETWEEN 37 AND 1048576) NOT VALID;

ALTER TABLE ai_interactions VALIDATE CONSTRAINT ck_ai_interactions_context_sealed;

ALTER TABLE ai_interactions DROP CONSTRAINT ck_ai_interactions_answered;

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_answered CHECK (
    (status <> 'answered') OR (ai_response IS NOT NULL) OR (ai_response_sealed IS NOT NULL)) NOT VALID;

ALTER TABLE ai_interactions VALIDATE CONSTRAINT ck_ai_interactions_answered;
