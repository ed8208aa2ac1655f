-- Enrollments, progress, sessions, ledger, certificates.

CREATE TABLE active_days (
    user_id UUID NOT NULL,
    local_date DATE NOT NULL,
    finished INTEGER DEFAULT '0' NOT NULL,
    xp INTEGER DEFAULT '0' NOT NULL,
    seconds INTEGER DEFAULT '0' NOT NULL,
    is_frozen BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_active_days PRIMARY KEY (user_id, local_date),
    CONSTRAINT ck_active_days_finished CHECK (finished >= 0),
    CONSTRAINT ck_active_days_xp CHECK (xp >= 0),
    CONSTRAINT ck_active_days_seconds CHECK (seconds >= 0),
    CONSTRAINT ck_active_days_reason CHECK (is_frozen OR (finished > 0)),
    CONSTRAINT fk_active_days_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_active_days_date ON active_days (local_date);

CREATE TABLE activity_log (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID,
    activity_type TEXT NOT NULL,
    activity_description TEXT,
    resource_type TEXT,
    resource_id UUID,
    metadata JSONB,
    ip INET,
    user_agent TEXT,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_activity_log PRIMARY KEY (id),
    CONSTRAINT ck_activity_log_activity_description CHECK (char_length(activity_description) BETWEEN 0 AND 500),
    CONSTRAINT fk_activity_log_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL
) PARTITION BY RANGE (id);

CREATE TABLE activity_log_default PARTITION OF activity_log DEFAULT;

CREATE INDEX ix_activity_log_resource ON activity_log (resource_type, resource_id);

CREATE INDEX ix_activity_log_user ON activity_log (user_id, id DESC);

CREATE TABLE activity_ledger (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    identity_id UUID,
    component_id UUID,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    xp INTEGER DEFAULT '0' NOT NULL,
    seconds INTEGER DEFAULT '0' NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    local_date DATE NOT NULL,
    timezone TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_activity_ledger PRIMARY KEY (id),
    CONSTRAINT ck_activity_ledger_source CHECK (char_length(source) BETWEEN 1 AND 200),
    CONSTRAINT ck_activity_ledger_xp CHECK (xp >= 0),
    CONSTRAINT ck_activity_ledger_seconds CHECK (seconds >= 0),
    CONSTRAINT uq_activity_ledger_user_source UNIQUE (user_id, source),
    CONSTRAINT fk_activity_ledger_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_activity_ledger_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE SET NULL,
    CONSTRAINT fk_activity_ledger_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE SET NULL
);

CREATE INDEX ix_activity_ledger_component_id ON activity_ledger (component_id);

CREATE INDEX ix_activity_ledger_identity_id ON activity_ledger (identity_id);

CREATE INDEX ix_activity_ledger_user_date ON activity_ledger (user_id, local_date);

CREATE TABLE bookmarks (
    user_id UUID NOT NULL,
    component_id UUID NOT NULL,
    position JSONB,
    note TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_bookmarks PRIMARY KEY (user_id, component_id),
    CONSTRAINT ck_bookmarks_note CHECK (char_length(note) BETWEEN 0 AND 500),
    CONSTRAINT fk_bookmarks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_bookmarks_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE INDEX ix_bookmarks_component_id ON bookmarks (component_id);

CREATE TABLE enrollments (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    last_component_id UUID,
    status TEXT DEFAULT 'active' NOT NULL,
    progress_percentage NUMERIC(5, 2) DEFAULT '0' NOT NULL,
    completed_count INTEGER DEFAULT '0' NOT NULL,
    total_count INTEGER DEFAULT '0' NOT NULL,
    seconds_spent INTEGER DEFAULT '0' NOT NULL,
    enrolled_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    dropped_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_enrollments PRIMARY KEY (id),
    CONSTRAINT ck_enrollments_status CHECK (status IN ('active', 'completed', 'dropped', 'expired')),
    CONSTRAINT ck_enrollments_progress_percentage CHECK (progress_percentage BETWEEN 0 AND 100),
    CONSTRAINT ck_enrollments_completed_count CHECK (completed_count >= 0),
    CONSTRAINT ck_enrollments_total_count CHECK (total_count >= 0),
    CONSTRAINT ck_enrollments_seconds_spent CHECK (seconds_spent >= 0),
    CONSTRAINT ck_enrollments_counts CHECK (completed_count <= total_count),
    CONSTRAINT ck_enrollments_completed CHECK ((status <> 'completed') OR (completed_at IS NOT NULL)),
    CONSTRAINT ck_enrollments_expired CHECK ((status <> 'expired') OR (expires_at IS NOT NULL)),
    CONSTRAINT uq_enrollments_user_course UNIQUE (user_id, course_id),
    CONSTRAINT uq_enrollments_id_user_course UNIQUE (id, user_id, course_id),
    CONSTRAINT fk_enrollments_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_enrollments_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_enrollments_last_component_id FOREIGN KEY(last_component_id) REFERENCES components (id) ON DELETE SET NULL
);

CREATE INDEX ix_enrollments_course_id ON enrollments (course_id);

CREATE INDEX ix_enrollments_expiring ON enrollments (expires_at) WHERE status = 'active';

CREATE INDEX ix_enrollments_last_component_id ON enrollments (last_component_id);

CREATE TABLE learning_sessions (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    component_id UUID,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    duration_seconds INTEGER DEFAULT '0' NOT NULL,
    interaction_count INTEGER DEFAULT '1' NOT NULL,
    completion_achieved BOOLEAN DEFAULT 'false' NOT NULL,
    device_type TEXT NOT NULL,
    session_data JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_learning_sessions PRIMARY KEY (id),
    CONSTRAINT ck_learning_sessions_device_type CHECK (device_type IN ('discord', 'telegram', 'terminal')),
    CONSTRAINT ck_learning_sessions_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT ck_learning_sessions_interaction_count CHECK (interaction_count >= 0),
    CONSTRAINT ck_learning_sessions_ended_at CHECK (ended_at >= started_at),
    CONSTRAINT fk_learning_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_learning_sessions_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE SET NULL
) PARTITION BY RANGE (id);

CREATE TABLE learning_sessions_default PARTITION OF learning_sessions DEFAULT;

CREATE INDEX ix_learning_sessions_component_id ON learning_sessions (component_id);

CREATE INDEX ix_learning_sessions_user ON learning_sessions (user_id, id DESC);

CREATE TABLE user_progress (
    user_id UUID NOT NULL,
    component_id UUID NOT NULL,
    status TEXT DEFAULT 'not_started' NOT NULL,
    progress_percentage NUMERIC(5, 2) DEFAULT '0' NOT NULL,
    last_position JSONB,
    best_score NUMERIC(5, 2),
    latest_score NUMERIC(5, 2),
    total_attempts INTEGER DEFAULT '0' NOT NULL,
    seconds_spent INTEGER DEFAULT '0' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    first_completed_at TIMESTAMP WITH TIME ZONE,
    last_attempt_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_progress PRIMARY KEY (user_id, component_id),
    CONSTRAINT ck_user_progress_status CHECK (status IN ('not_started', 'in_progress', 'completed')),
    CONSTRAINT ck_user_progress_progress_percentage CHECK (progress_percentage BETWEEN 0 AND 100),
    CONSTRAINT ck_user_progress_best_score CHECK (best_score BETWEEN 0 AND 100),
    CONSTRAINT ck_user_progress_latest_score CHECK (latest_score BETWEEN 0 AND 100),
    CONSTRAINT ck_user_progress_total_attempts CHECK (total_attempts >= 0),
    CONSTRAINT ck_user_progress_seconds_spent CHECK (seconds_spent >= 0),
    CONSTRAINT ck_user_progress_first_completed_at CHECK ((status = 'completed') = (first_completed_at IS NOT NULL)),
    CONSTRAINT ck_user_progress_best CHECK (best_score >= latest_score),
    CONSTRAINT fk_user_progress_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_user_progress_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE INDEX ix_user_progress_board ON user_progress (component_id, best_score DESC, first_completed_at) WHERE status = 'completed';

CREATE INDEX ix_user_progress_component_id ON user_progress (component_id);

CREATE TABLE certificates (
    id UUID DEFAULT uuidv7() NOT NULL,
    enrollment_id UUID NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    certificate_number TEXT NOT NULL,
    name_shown TEXT NOT NULL,
    pdf_path TEXT,
    completion_date TIMESTAMP WITH TIME ZONE NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_reason TEXT,
    revoked_by UUID,
    is_revoked BOOLEAN GENERATED ALWAYS AS (revoked_at IS NOT NULL) VIRTUAL NOT NULL,
    CONSTRAINT pk_certificates PRIMARY KEY (id),
    CONSTRAINT fk_certificates_enrollment FOREIGN KEY(enrollment_id, user_id, course_id) REFERENCES enrollments (id, user_id, course_id) ON DELETE CASCADE,
    CONSTRAINT ck_certificates_revoked_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
    CONSTRAINT uq_certificates_number UNIQUE (certificate_number),
    CONSTRAINT fk_certificates_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_certificates_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_certificates_revoked_by FOREIGN KEY(revoked_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_certificates_course_id ON certificates (course_id);

CREATE INDEX ix_certificates_enrollment ON certificates (enrollment_id, user_id, course_id);

CREATE INDEX ix_certificates_revoked_by ON certificates (revoked_by);

CREATE INDEX ix_certificates_user_id ON certificates (user_id);

CREATE UNIQUE INDEX uq_certificates_valid ON certificates (enrollment_id) WHERE revoked_at IS NULL;
