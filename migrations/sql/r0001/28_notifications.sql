-- Inbox, channels, outbox, reminders.

CREATE TABLE notifications (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT DEFAULT 'system' NOT NULL,
    title TEXT NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    metadata JSONB DEFAULT '{}' NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_notifications PRIMARY KEY (id),
    CONSTRAINT ck_notifications_origin CHECK (origin IN ('system', 'user')),
    CONSTRAINT ck_notifications_kind CHECK (char_length(kind) BETWEEN 1 AND 50),
    CONSTRAINT fk_notifications_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_notifications_unread ON notifications (user_id, id DESC) WHERE read_at IS NULL;

CREATE INDEX ix_notifications_user_id ON notifications (user_id);

CREATE TABLE reminders (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    kind TEXT DEFAULT 'daily' NOT NULL,
    local_time TIME WITHOUT TIME ZONE NOT NULL,
    weekdays SMALLINT[] DEFAULT '{1,2,3,4,5,6,7}' NOT NULL,
    timezone TEXT NOT NULL,
    is_enabled BOOLEAN DEFAULT 'true' NOT NULL,
    snoozed_until TIMESTAMP WITH TIME ZONE,
    next_fire_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_reminders PRIMARY KEY (id),
    CONSTRAINT ck_reminders_kind CHECK (kind IN ('daily', 'review', 'goal', 'streak')),
    CONSTRAINT ck_reminders_weekdays CHECK ((cardinality(weekdays) > 0) AND (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])),
    CONSTRAINT uq_reminders_user_kind UNIQUE (user_id, kind),
    CONSTRAINT fk_reminders_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_reminders_due ON reminders (next_fire_at) WHERE is_enabled;

CREATE TABLE delivery_channels (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID,
    community_id UUID,
    identity_id UUID,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    blocked_at TIMESTAMP WITH TIME ZONE,
    blocked_reason TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_delivery_channels PRIMARY KEY (id),
    CONSTRAINT ck_delivery_channels_platform CHECK (platform IN ('discord', 'telegram', 'terminal')),
    CONSTRAINT ck_delivery_channels_belongs CHECK (num_nonnulls(user_id, community_id) = 1),
    CONSTRAINT ck_delivery_channels_blocked_reason CHECK ((blocked_at IS NULL) = (blocked_reason IS NULL)),
    CONSTRAINT uq_delivery_channels_platform_address UNIQUE (platform, address),
    CONSTRAINT fk_delivery_channels_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_delivery_channels_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE CASCADE,
    CONSTRAINT fk_delivery_channels_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE
);

CREATE INDEX ix_delivery_channels_community_id ON delivery_channels (community_id);

CREATE INDEX ix_delivery_channels_identity_id ON delivery_channels (identity_id);

CREATE INDEX ix_delivery_channels_user_id ON delivery_channels (user_id);

CREATE TABLE outbox (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID,
    channel_id UUID,
    identity_id UUID,
    kind TEXT NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    idempotency_key TEXT NOT NULL,
    policy TEXT DEFAULT 'at_least_once' NOT NULL,
    state TEXT DEFAULT 'pending' NOT NULL,
    run_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    lease_until TIMESTAMP WITH TIME ZONE,
    fence INTEGER DEFAULT '0' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    last_error TEXT,
    finished_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT ck_outbox_policy CHECK (policy IN ('at_most_once', 'at_least_once')),
    CONSTRAINT ck_outbox_state CHECK (state IN ('pending', 'leased', 'done', 'dead')),
    CONSTRAINT ck_outbox_kind CHECK (char_length(kind) BETWEEN 1 AND 50),
    CONSTRAINT ck_outbox_fence CHECK (fence >= 0),
    CONSTRAINT ck_outbox_attempts CHECK (attempts >= 0),
    CONSTRAINT ck_outbox_lease_until CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
    CONSTRAINT ck_outbox_finished CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL)),
    CONSTRAINT uq_outbox_idempotency_key UNIQUE (idempotency_key),
    CONSTRAINT fk_outbox_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_outbox_channel_id FOREIGN KEY(channel_id) REFERENCES delivery_channels (id) ON DELETE CASCADE,
    CONSTRAINT fk_outbox_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE
);

CREATE INDEX ix_outbox_channel_id ON outbox (channel_id);

CREATE INDEX ix_outbox_due ON outbox (run_at) WHERE state = 'pending';

CREATE INDEX ix_outbox_finished ON outbox (finished_at) WHERE state IN ('done', 'dead');

CREATE INDEX ix_outbox_identity_id ON outbox (identity_id);

CREATE INDEX ix_outbox_leased ON outbox (lease_until) WHERE state = 'leased';

CREATE INDEX ix_outbox_user_id ON outbox (user_id);
