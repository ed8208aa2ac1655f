-- Challenges, tests, hints, attempts.

CREATE TABLE challenges (
    component_id UUID NOT NULL,
    language TEXT NOT NULL,
    CONSTRAINT pk_challenges PRIMARY KEY (component_id),
    CONSTRAINT ck_challenges_language CHECK (language IN ('python', 'web')),
    CONSTRAINT fk_challenges_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE TABLE challenge_versions (
    component_id UUID NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT DEFAULT '' NOT NULL,
    business_context TEXT DEFAULT '' NOT NULL,
    instructions TEXT NOT NULL,
    starter_files JSONB DEFAULT '{}' NOT NULL,
    solution_files JSONB DEFAULT '{}' NOT NULL,
    language TEXT NOT NULL,
    mode TEXT NOT NULL,
    function_name TEXT,
    limits JSONB DEFAULT '{}' NOT NULL,
    show_hidden TEXT DEFAULT 'name' NOT NULL,
    tutor_notes TEXT DEFAULT '' NOT NULL,
    content_hash TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_challenge_versions PRIMARY KEY (component_id, version),
    CONSTRAINT ck_challenge_versions_language CHECK (language IN ('python', 'web')),
    CONSTRAINT ck_challenge_versions_mode CHECK (mode IN ('call', 'stdin', 'assert', 'checker')),
    CONSTRAINT ck_challenge_versions_show_hidden CHECK (show_hidden IN ('name', 'full')),
    CONSTRAINT ck_challenge_versions_version CHECK (version >= 1),
    CONSTRAINT ck_challenge_versions_starter_files CHECK (jsonb_typeof(starter_files) = 'object'),
    CONSTRAINT ck_challenge_versions_solution_files CHECK (jsonb_typeof(solution_files) = 'object'),
    CONSTRAINT fk_challenge_versions_component_id FOREIGN KEY(component_id) REFERENCES challenges (component_id) ON DELETE CASCADE
);

CREATE TABLE hint_unlocks (
    user_id UUID NOT NULL,
    component_id UUID NOT NULL,
    position INTEGER NOT NULL,
    cost NUMERIC(10, 2) NOT NULL,
    unlocked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_hint_unlocks PRIMARY KEY (user_id, component_id, position),
    CONSTRAINT ck_hint_unlocks_position CHECK (position >= 0),
    CONSTRAINT ck_hint_unlocks_cost CHECK (cost >= 0),
    CONSTRAINT fk_hint_unlocks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_hint_unlocks_component_id FOREIGN KEY(component_id) REFERENCES challenges (component_id) ON DELETE CASCADE
);

CREATE INDEX ix_hint_unlocks_component_id ON hint_unlocks (component_id);

CREATE TABLE hints (
    component_id UUID NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    cost NUMERIC(10, 2) DEFAULT '0' NOT NULL,
    after_attempts INTEGER DEFAULT '0' NOT NULL,
    after_minutes INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_hints PRIMARY KEY (component_id, position),
    CONSTRAINT ck_hints_position CHECK (position >= 0),
    CONSTRAINT ck_hints_cost CHECK (cost >= 0),
    CONSTRAINT ck_hints_after_attempts CHECK (after_attempts >= 0),
    CONSTRAINT ck_hints_after_minutes CHECK (after_minutes >= 0),
    CONSTRAINT fk_hints_component_id FOREIGN KEY(component_id) REFERENCES challenges (component_id) ON DELETE CASCADE
);

CREATE TABLE challenge_attempts (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    component_id UUID NOT NULL,
    version INTEGER NOT NULL,
    identity_id UUID,
    place_id TEXT,
    files JSONB DEFAULT '{}' NOT NULL,
    status TEXT DEFAULT 'queued' NOT NULL,
    test_results JSONB DEFAULT '[]' NOT NULL,
    score NUMERIC(10, 2),
    max_score NUMERIC(10, 2),
    percentage NUMERIC(5, 2),
    hints_used INTEGER DEFAULT '0' NOT NULL,
    hint_cost NUMERIC(10, 2) DEFAULT '0' NOT NULL,
    execution_time_ms INTEGER,
    cpu_time_ms INTEGER,
    memory_peak_kb INTEGER,
    runtime_logs TEXT,
    error_messages JSONB,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    lease_until TIMESTAMP WITH TIME ZONE,
    fence INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_challenge_attempts PRIMARY KEY (id),
    CONSTRAINT ck_challenge_attempts_status CHECK (status IN ('queued', 'running', 'passed', 'failed', 'partial', 'timeout', 'error')),
    CONSTRAINT ck_challenge_attempts_percentage CHECK (percentage BETWEEN 0 AND 100),
    CONSTRAINT ck_challenge_attempts_score CHECK (score >= 0),
    CONSTRAINT ck_challenge_attempts_max_score CHECK (max_score >= 0),
    CONSTRAINT ck_challenge_attempts_hints_used CHECK (hints_used >= 0),
    CONSTRAINT ck_challenge_attempts_hint_cost CHECK (hint_cost >= 0),
    CONSTRAINT ck_challenge_attempts_execution_time_ms CHECK (execution_time_ms >= 0),
    CONSTRAINT ck_challenge_attempts_cpu_time_ms CHECK (cpu_time_ms >= 0),
    CONSTRAINT ck_challenge_attempts_memory_peak_kb CHECK (memory_peak_kb >= 0),
    CONSTRAINT ck_challenge_attempts_fence CHECK (fence >= 0),
    CONSTRAINT ck_challenge_attempts_score_max CHECK (score <= max_score),
    CONSTRAINT ck_challenge_attempts_finished_at CHECK ((status IN ('queued', 'running')) = (finished_at IS NULL)),
    CONSTRAINT fk_challenge_attempts_version FOREIGN KEY(component_id, version) REFERENCES challenge_versions (component_id, version) ON DELETE CASCADE,
    CONSTRAINT fk_challenge_attempts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_challenge_attempts_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE SET NULL
) PARTITION BY RANGE (id);

CREATE TABLE challenge_attempts_default PARTITION OF challenge_attempts DEFAULT;

CREATE INDEX ix_challenge_attempts_identity_id ON challenge_attempts (identity_id);

CREATE INDEX ix_challenge_attempts_user ON challenge_attempts (user_id, id DESC);

CREATE INDEX ix_challenge_attempts_user_component ON challenge_attempts (user_id, component_id, id DESC);

CREATE INDEX ix_challenge_attempts_version ON challenge_attempts (component_id, version);

CREATE INDEX ix_challenge_attempts_waiting ON challenge_attempts (lease_until) WHERE status IN ('queued', 'running');

CREATE TABLE challenge_tests (
    component_id UUID NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    points NUMERIC(10, 2) NOT NULL,
    is_sample BOOLEAN DEFAULT 'false' NOT NULL,
    spec JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_challenge_tests PRIMARY KEY (component_id, version, position),
    CONSTRAINT fk_challenge_tests_version FOREIGN KEY(component_id, version) REFERENCES challenge_versions (component_id, version) ON DELETE CASCADE,
    CONSTRAINT ck_challenge_tests_position CHECK (position >= 0),
    CONSTRAINT ck_challenge_tests_points CHECK (points >= 0),
    CONSTRAINT uq_challenge_tests_key UNIQUE (component_id, version, key)
);

CREATE INDEX ix_challenge_tests_spec ON challenge_tests USING gin (spec jsonb_path_ops);
