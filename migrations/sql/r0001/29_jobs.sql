-- Slots, leases, received updates.

CREATE TABLE inbound_updates (
    platform TEXT NOT NULL,
    update_id TEXT NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    handled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_inbound_updates PRIMARY KEY (platform, update_id),
    CONSTRAINT ck_inbound_updates_platform CHECK (platform IN ('discord', 'telegram', 'terminal'))
);

CREATE INDEX ix_inbound_updates_received_at ON inbound_updates (received_at);

CREATE INDEX ix_inbound_updates_waiting ON inbound_updates (platform, received_at) WHERE handled_at IS NULL;

CREATE TABLE job_runs (
    job TEXT NOT NULL,
    slot TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    details JSONB,
    CONSTRAINT pk_job_runs PRIMARY KEY (job, slot),
    CONSTRAINT ck_job_runs_outcome CHECK (outcome IN ('done', 'failed')),
    CONSTRAINT ck_job_runs_finished_at CHECK ((outcome IS NULL) = (finished_at IS NULL))
);

CREATE INDEX ix_job_runs_started_at ON job_runs (started_at);

CREATE TABLE leases (
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    fence INTEGER DEFAULT '1' NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_leases PRIMARY KEY (name),
    CONSTRAINT ck_leases_fence CHECK (fence >= 1)
);
