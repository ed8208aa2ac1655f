-- What models may cost and have cost, and what learners said about their words leaving.

CREATE TABLE tutor_hearts (
    user_id UUID NOT NULL,
    place UUID NOT NULL,
    course_id UUID,
    full_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tutor_hearts PRIMARY KEY (user_id, place),
    CONSTRAINT fk_tutor_hearts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_tutor_hearts_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE
);

CREATE INDEX ix_tutor_hearts_course_id ON tutor_hearts (course_id);

CREATE TABLE tutor_reservations (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID,
    community_id UUID,
    day DATE NOT NULL,
    tokens INTEGER NOT NULL,
    spent INTEGER,
    outcome TEXT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_tutor_reservations PRIMARY KEY (id),
    CONSTRAINT ck_tutor_reservations_tokens CHECK (tokens >= 1),
    CONSTRAINT ck_tutor_reservations_spent CHECK (spent >= 0),
    CONSTRAINT ck_tutor_reservations_outcome CHECK (outcome IN ('settled', 'refunded', 'expired')),
    CONSTRAINT ck_tutor_reservations_settled_at CHECK ((settled_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT ck_tutor_reservations_expires_at CHECK (expires_at >= made_at),
    CONSTRAINT fk_tutor_reservations_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_tutor_reservations_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE SET NULL,
    CONSTRAINT fk_tutor_reservations_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE SET NULL
);

CREATE INDEX ix_tutor_reservations_user ON tutor_reservations (user_id, made_at);

CREATE INDEX ix_tutor_reservations_course_id ON tutor_reservations (course_id);

CREATE INDEX ix_tutor_reservations_community_id ON tutor_reservations (community_id);

CREATE INDEX ix_tutor_reservations_open ON tutor_reservations (day, community_id) WHERE settled_at IS NULL;

CREATE TABLE tutor_usage (
    id UUID DEFAULT uuidv7() NOT NULL,
    day DATE NOT NULL,
    community_id UUID,
    tokens BIGINT DEFAULT '0' NOT NULL,
    answers INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_tutor_usage PRIMARY KEY (id),
    CONSTRAINT ck_tutor_usage_tokens CHECK (tokens >= 0),
    CONSTRAINT ck_tutor_usage_answers CHECK (answers >= 0),
    CONSTRAINT uq_tutor_usage_day UNIQUE NULLS NOT DISTINCT (day, community_id),
    CONSTRAINT fk_tutor_usage_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE CASCADE
);

CREATE INDEX ix_tutor_usage_community_id ON tutor_usage (community_id);

CREATE TABLE tutor_consents (
    user_id UUID NOT NULL,
    destination TEXT NOT NULL,
    is_allowed BOOLEAN NOT NULL,
    trains BOOLEAN NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_tutor_consents PRIMARY KEY (user_id, destination),
    CONSTRAINT ck_tutor_consents_destination CHECK (char_length(destination) BETWEEN 1 AND 200),
    CONSTRAINT fk_tutor_consents_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tutor_consents
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

ALTER TABLE tutor_hearts ENABLE ROW LEVEL SECURITY;

ALTER TABLE tutor_hearts FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON tutor_hearts
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE tutor_reservations ENABLE ROW LEVEL SECURITY;

ALTER TABLE tutor_reservations FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON tutor_reservations
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE tutor_consents ENABLE ROW LEVEL SECURITY;

ALTER TABLE tutor_consents FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON tutor_consents
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

REVOKE ALL ON tutor_hearts, tutor_reservations, tutor_usage, tutor_consents FROM stoa_app, stoa_ro;

-- Hearts and money only change through the functions.
GRANT SELECT ON tutor_hearts, tutor_reservations, tutor_consents TO stoa_app;

GRANT INSERT, UPDATE ON tutor_consents TO stoa_app;

GRANT SELECT ON tutor_usage TO stoa_ro;

GRANT SELECT ON tutor_hearts, tutor_reservations, tutor_usage, tutor_consents TO stoa_worker;
