-- People, accounts, roles, settings.

CREATE TABLE communities (
    id UUID DEFAULT uuidv7() NOT NULL,
    platform TEXT NOT NULL,
    place_id TEXT NOT NULL,
    title TEXT NOT NULL,
    settings JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_communities PRIMARY KEY (id),
    CONSTRAINT ck_communities_platform CHECK (platform IN ('discord', 'telegram', 'terminal')),
    CONSTRAINT ck_communities_title CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT uq_communities_platform_place UNIQUE (platform, place_id)
);

CREATE TABLE rate_limits (
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    tokens NUMERIC(10, 2) NOT NULL,
    refilled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rate_limits PRIMARY KEY (scope, subject, action),
    CONSTRAINT ck_rate_limits_scope CHECK (scope IN ('identity', 'place', 'platform')),
    CONSTRAINT ck_rate_limits_tokens CHECK (tokens >= 0)
);

CREATE INDEX ix_rate_limits_refilled_at ON rate_limits (refilled_at);

CREATE TABLE users (
    id UUID DEFAULT uuidv7() NOT NULL,
    handle TEXT,
    email TEXT,
    email_verified_at TIMESTAMP WITH TIME ZONE,
    status TEXT DEFAULT 'active' NOT NULL,
    status_reason TEXT,
    status_until TIMESTAMP WITH TIME ZONE,
    is_platform_admin BOOLEAN DEFAULT 'false' NOT NULL,
    last_active_at TIMESTAMP WITH TIME ZONE,
    erase_after TIMESTAMP WITH TIME ZONE,
    metadata JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_status CHECK (status IN ('active', 'suspended', 'closing')),
    CONSTRAINT ck_users_handle CHECK (char_length(handle) BETWEEN 3 AND 32),
    CONSTRAINT ck_users_verified CHECK ((email_verified_at IS NULL) OR (email IS NOT NULL)),
    CONSTRAINT ck_users_erase_after CHECK ((status = 'closing') = (erase_after IS NOT NULL))
);

CREATE UNIQUE INDEX uq_users_email ON users (lower(email)) WHERE email_verified_at IS NOT NULL;

CREATE UNIQUE INDEX uq_users_handle ON users (lower(handle));

CREATE TABLE audit_log (
    id UUID DEFAULT uuidv7() NOT NULL,
    actor_id UUID,
    actor_hash TEXT,
    action TEXT NOT NULL,
    target_type TEXT NOT NULL,
    target_id UUID,
    reason TEXT,
    details JSONB,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (id),
    CONSTRAINT fk_audit_log_actor_id FOREIGN KEY(actor_id) REFERENCES users (id) ON DELETE SET NULL
) PARTITION BY RANGE (id);

CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;

CREATE INDEX ix_audit_log_actor_id ON audit_log (actor_id);

CREATE INDEX ix_audit_log_target ON audit_log (target_type, target_id, id);

CREATE TABLE auth_sessions (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    jti UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    user_agent TEXT,
    ip TEXT,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_auth_sessions PRIMARY KEY (id),
    CONSTRAINT uq_auth_sessions_jti UNIQUE (jti),
    CONSTRAINT uq_auth_sessions_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_auth_sessions_token_hash CHECK (octet_length(token_hash) = 32),
    CONSTRAINT ck_auth_sessions_user_agent CHECK (char_length(user_agent) BETWEEN 0 AND 255),
    CONSTRAINT ck_auth_sessions_ip CHECK (char_length(ip) BETWEEN 0 AND 45),
    CONSTRAINT fk_auth_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_auth_sessions_live ON auth_sessions (user_id) WHERE revoked_at IS NULL;

CREATE INDEX ix_auth_sessions_user_id ON auth_sessions (user_id);

CREATE TABLE identities (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (id),
    CONSTRAINT ck_identities_provider CHECK (provider IN ('discord', 'telegram', 'terminal', 'github', 'clerk')),
    CONSTRAINT ck_identities_subject CHECK (char_length(subject) BETWEEN 1 AND 200),
    CONSTRAINT uq_identities_provider_subject UNIQUE (provider, subject),
    CONSTRAINT fk_identities_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_identities_user_id ON identities (user_id);

CREATE TABLE memberships (
    user_id UUID NOT NULL,
    community_id UUID NOT NULL,
    role TEXT DEFAULT 'student' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (user_id, community_id),
    CONSTRAINT ck_memberships_role CHECK (role IN ('student', 'instructor', 'moderator', 'admin')),
    CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_memberships_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE CASCADE
);

CREATE INDEX ix_memberships_community_id ON memberships (community_id);

CREATE TABLE one_time_tokens (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_one_time_tokens PRIMARY KEY (id),
    CONSTRAINT ck_one_time_tokens_purpose CHECK (purpose IN ('link', 'email', 'download')),
    CONSTRAINT ck_one_time_tokens_attempts CHECK (attempts >= 0),
    CONSTRAINT uq_one_time_tokens_purpose_hash UNIQUE (purpose, token_hash),
    CONSTRAINT ck_one_time_tokens_token_hash CHECK (octet_length(token_hash) = 32),
    CONSTRAINT fk_one_time_tokens_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_one_time_tokens_user_id ON one_time_tokens (user_id);

CREATE TABLE user_profiles (
    user_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    full_name TEXT,
    bio TEXT,
    avatar_url TEXT,
    timezone TEXT,
    locale TEXT,
    certifications TEXT[] DEFAULT '{}' NOT NULL,
    learning_goals TEXT,
    difficulty_preference INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_profiles PRIMARY KEY (user_id),
    CONSTRAINT ck_user_profiles_display_name CHECK (char_length(display_name) BETWEEN 1 AND 100),
    CONSTRAINT ck_user_profiles_first_name CHECK (char_length(first_name) BETWEEN 1 AND 100),
    CONSTRAINT ck_user_profiles_last_name CHECK (char_length(last_name) BETWEEN 1 AND 100),
    CONSTRAINT ck_user_profiles_full_name CHECK (char_length(full_name) BETWEEN 1 AND 200),
    CONSTRAINT ck_user_profiles_bio CHECK (char_length(bio) BETWEEN 0 AND 1000),
    CONSTRAINT ck_user_profiles_avatar_url CHECK (char_length(avatar_url) BETWEEN 8 AND 1000),
    CONSTRAINT ck_user_profiles_difficulty_preference CHECK (difficulty_preference BETWEEN 1 AND 5),
    CONSTRAINT ck_user_profiles_certifications CHECK (cardinality(certifications) <= 20),
    CONSTRAINT fk_user_profiles_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE user_settings (
    user_id UUID NOT NULL,
    theme TEXT DEFAULT 'standard' NOT NULL,
    text_size TEXT DEFAULT 'full' NOT NULL,
    images BOOLEAN DEFAULT 'true' NOT NULL,
    daily_goal_minutes INTEGER,
    day_ends TIME WITHOUT TIME ZONE DEFAULT '03:00' NOT NULL,
    notifications_enabled BOOLEAN DEFAULT 'true' NOT NULL,
    muted_kinds TEXT[] DEFAULT '{}' NOT NULL,
    quiet_from TIME WITHOUT TIME ZONE DEFAULT '22:00' NOT NULL,
    quiet_until TIME WITHOUT TIME ZONE DEFAULT '08:00' NOT NULL,
    show_on_boards BOOLEAN DEFAULT 'true' NOT NULL,
    board_name TEXT DEFAULT 'name' NOT NULL,
    tutor_history BOOLEAN DEFAULT 'true' NOT NULL,
    privacy_settings JSONB DEFAULT '{}' NOT NULL,
    onboarded_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_settings PRIMARY KEY (user_id),
    CONSTRAINT ck_user_settings_theme CHECK (theme IN ('standard', 'high_contrast')),
    CONSTRAINT ck_user_settings_text_size CHECK (text_size IN ('compact', 'full')),
    CONSTRAINT ck_user_settings_board_name CHECK (board_name IN ('name', 'handle', 'alias')),
    CONSTRAINT ck_user_settings_daily_goal_minutes CHECK (daily_goal_minutes BETWEEN 1 AND 1440),
    CONSTRAINT ck_user_settings_day_ends CHECK (day_ends <= '06:00'),
    CONSTRAINT fk_user_settings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE conversations (
    identity_id UUID NOT NULL,
    place_id TEXT NOT NULL,
    state JSONB DEFAULT '{}' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_conversations PRIMARY KEY (identity_id, place_id),
    CONSTRAINT ck_conversations_version CHECK (version >= 0),
    CONSTRAINT fk_conversations_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE
);
