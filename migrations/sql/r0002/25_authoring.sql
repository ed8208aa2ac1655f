-- Collaborators, suggested edits, files.

CREATE TABLE files (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    filename TEXT NOT NULL,
    original_filename TEXT NOT NULL,
    file_url TEXT,
    storage_path TEXT NOT NULL,
    file_type TEXT,
    mime_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    folder TEXT,
    storage_provider TEXT DEFAULT 'local' NOT NULL,
    is_public BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_files PRIMARY KEY (id),
    CONSTRAINT ck_files_storage_provider CHECK (storage_provider IN ('local', 's3')),
    CONSTRAINT ck_files_original_filename CHECK (char_length(original_filename) BETWEEN 1 AND 255),
    CONSTRAINT ck_files_size_bytes CHECK (size_bytes BETWEEN 0 AND 52428800),
    CONSTRAINT ck_files_storage_path CHECK (storage_path !~ '(^/|(^|/)[.][.](/|$))'),
    CONSTRAINT uq_files_filename UNIQUE (filename),
    CONSTRAINT fk_files_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_files_user_id ON files (user_id);

CREATE TABLE course_collaborators (
    course_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT DEFAULT 'editor' NOT NULL,
    invited_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_course_collaborators PRIMARY KEY (course_id, user_id),
    CONSTRAINT ck_course_collaborators_role CHECK (role IN ('owner', 'editor')),
    CONSTRAINT fk_course_collaborators_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_collaborators_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_collaborators_invited_by FOREIGN KEY(invited_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_course_collaborators_invited_by ON course_collaborators (invited_by);

CREATE INDEX ix_course_collaborators_user_id ON course_collaborators (user_id);

CREATE TABLE suggested_edits (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    component_id UUID,
    base_version INTEGER NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    status TEXT DEFAULT 'open' NOT NULL,
    reason TEXT,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_suggested_edits PRIMARY KEY (id),
    CONSTRAINT ck_suggested_edits_status CHECK (status IN ('open', 'accepted', 'declined')),
    CONSTRAINT ck_suggested_edits_base_version CHECK (base_version >= 1),
    CONSTRAINT ck_suggested_edits_reason CHECK (char_length(reason) BETWEEN 1 AND 1000),
    CONSTRAINT ck_suggested_edits_decided_at CHECK ((status = 'open') = (decided_at IS NULL)),
    CONSTRAINT ck_suggested_edits_declined CHECK ((status <> 'declined') OR (reason IS NOT NULL)),
    CONSTRAINT fk_suggested_edits_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_suggested_edits_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_suggested_edits_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_suggested_edits_decided_by FOREIGN KEY(decided_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_suggested_edits_component_id ON suggested_edits (component_id);

CREATE INDEX ix_suggested_edits_course_id ON suggested_edits (course_id);

CREATE INDEX ix_suggested_edits_decided_by ON suggested_edits (decided_by);

CREATE INDEX ix_suggested_edits_open ON suggested_edits (course_id) WHERE status = 'open';

CREATE INDEX ix_suggested_edits_user_id ON suggested_edits (user_id);
