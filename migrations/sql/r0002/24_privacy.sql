-- Requests about a person's own data.

CREATE TABLE data_requests (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    status TEXT DEFAULT 'pending' NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    file_path TEXT,
    file_expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_data_requests PRIMARY KEY (id),
    CONSTRAINT ck_data_requests_kind CHECK (kind IN ('export', 'erasure')),
    CONSTRAINT ck_data_requests_status CHECK (status IN ('pending', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_data_requests_finished_at CHECK ((status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT fk_data_requests_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_data_requests_due ON data_requests (due_at) WHERE status = 'pending';

CREATE INDEX ix_data_requests_user_id ON data_requests (user_id);

CREATE UNIQUE INDEX uq_data_requests_one_open ON data_requests (user_id, kind) WHERE status IN ('pending', 'running');
