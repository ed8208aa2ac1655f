-- Lessons and their pages.

CREATE TABLE lessons (
    component_id UUID NOT NULL,
    lesson_type TEXT DEFAULT 'text' NOT NULL,
    media_url TEXT,
    media_seconds INTEGER,
    transcript TEXT,
    CONSTRAINT pk_lessons PRIMARY KEY (component_id),
    CONSTRAINT ck_lessons_lesson_type CHECK (lesson_type IN ('text', 'video', 'audio', 'exercise', 'assignment')),
    CONSTRAINT ck_lessons_media_seconds CHECK (media_seconds >= 0),
    CONSTRAINT ck_lessons_media_url CHECK (media_url ~ '^https://'),
    CONSTRAINT fk_lessons_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE TABLE lesson_versions (
    component_id UUID NOT NULL,
    version INTEGER NOT NULL,
    pages JSONB DEFAULT '[]' NOT NULL,
    content_hash TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_lesson_versions PRIMARY KEY (component_id, version),
    CONSTRAINT ck_lesson_versions_version CHECK (version >= 1),
    CONSTRAINT ck_lesson_versions_pages CHECK (jsonb_typeof(pages) = 'array'),
    CONSTRAINT fk_lesson_versions_component_id FOREIGN KEY(component_id) REFERENCES lessons (component_id) ON DELETE CASCADE
);
