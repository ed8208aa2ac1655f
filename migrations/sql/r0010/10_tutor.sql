-- The tutor's log says how an answer came about, and the rung of help is a fact, not a prompt.

ALTER TABLE ai_interactions ADD COLUMN level SMALLINT;

ALTER TABLE ai_interactions ADD COLUMN thought_tokens INTEGER;

ALTER TABLE ai_interactions ADD COLUMN cached_tokens INTEGER;

ALTER TABLE ai_interactions ADD COLUMN first_token_ms INTEGER;

ALTER TABLE ai_interactions ADD COLUMN leak_blocked BOOLEAN DEFAULT 'false' NOT NULL;

ALTER TABLE ai_interactions ADD COLUMN fallback_reason TEXT;

ALTER TABLE ai_interactions ADD COLUMN finished_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE ai_interactions ADD COLUMN lease_until TIMESTAMP WITH TIME ZONE;

ALTER TABLE ai_interactions ADD COLUMN fence INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE ai_interactions DROP CONSTRAINT ck_ai_interactions_status;

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_status
    CHECK (status IN ('open', 'answered', 'refused', 'failed'));

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_level CHECK (level BETWEEN 0 AND 5);

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_thought_tokens CHECK (thought_tokens >= 0);

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_cached_tokens CHECK (cached_tokens >= 0);

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_first_token_ms CHECK (first_token_ms >= 0);

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_fence CHECK (fence >= 0);

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_open
    CHECK ((status <> 'open') OR (lease_until IS NOT NULL));

CREATE TABLE tutor_rungs (
    user_id UUID NOT NULL,
    component_id UUID NOT NULL,
    level SMALLINT NOT NULL,
    submissions INTEGER NOT NULL,
    reached_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tutor_rungs PRIMARY KEY (user_id, component_id),
    CONSTRAINT ck_tutor_rungs_level CHECK (level BETWEEN 0 AND 4),
    CONSTRAINT ck_tutor_rungs_submissions CHECK (submissions >= 0),
    CONSTRAINT fk_tutor_rungs_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_tutor_rungs_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE INDEX ix_tutor_rungs_component_id ON tutor_rungs (component_id);

ALTER TABLE tutor_rungs ENABLE ROW LEVEL SECURITY;

ALTER TABLE tutor_rungs FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON tutor_rungs
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

REVOKE ALL ON tutor_rungs FROM stoa_app, stoa_ro;

GRANT SELECT, INSERT, UPDATE ON tutor_rungs TO stoa_app;

ALTER TABLE user_settings ADD COLUMN lends_programs BOOLEAN DEFAULT 'false' NOT NULL;
