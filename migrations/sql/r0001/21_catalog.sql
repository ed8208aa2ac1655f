-- Courses, units, components.

CREATE TABLE languages (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_languages PRIMARY KEY (code),
    CONSTRAINT ck_languages_code CHECK (code ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    CONSTRAINT uq_languages_name UNIQUE (name)
);

CREATE TABLE tags (
    id UUID DEFAULT uuidv7() NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_tags PRIMARY KEY (id),
    CONSTRAINT ck_tags_name CHECK (char_length(name) BETWEEN 1 AND 32)
);

CREATE UNIQUE INDEX uq_tags_name ON tags (lower(name));

CREATE TABLE courses (
    id UUID DEFAULT uuidv7() NOT NULL,
    slug TEXT NOT NULL,
    kind TEXT DEFAULT 'course' NOT NULL,
    title TEXT NOT NULL,
    summary TEXT DEFAULT '' NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    language_code TEXT DEFAULT 'en' NOT NULL,
    difficulty INTEGER,
    license TEXT,
    authors TEXT[] DEFAULT '{}' NOT NULL,
    owner_id UUID,
    status TEXT DEFAULT 'draft' NOT NULL,
    active_version INTEGER,
    estimated_minutes INTEGER,
    pass_percentage NUMERIC(5, 2),
    thumbnail_url TEXT,
    thumbnail_alt TEXT,
    metadata JSONB DEFAULT '{}' NOT NULL,
    search TSVECTOR GENERATED ALWAYS AS (to_tsvector(CASE language_code WHEN 'en' THEN 'english'::regconfig WHEN 'de' THEN 'german'::regconfig WHEN 'es' THEN 'spanish'::regconfig WHEN 'fr' THEN 'french'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig WHEN 'ru' THEN 'russian'::regconfig ELSE 'simple'::regconfig END, title || ' ' || slug || ' ' || summary || ' ' || description)) STORED NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_courses PRIMARY KEY (id),
    CONSTRAINT ck_courses_kind CHECK (kind IN ('track', 'course', 'certification')),
    CONSTRAINT ck_courses_status CHECK (status IN ('draft', 'published', 'archived')),
    CONSTRAINT ck_courses_difficulty CHECK (difficulty BETWEEN 1 AND 5),
    CONSTRAINT ck_courses_pass_percentage CHECK (pass_percentage BETWEEN 0 AND 100),
    CONSTRAINT ck_courses_title CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT ck_courses_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT ck_courses_active_version CHECK ((status = 'draft') OR (active_version > 0)),
    CONSTRAINT ck_courses_estimated_minutes CHECK (estimated_minutes > 0),
    CONSTRAINT uq_courses_slug UNIQUE (slug),
    CONSTRAINT fk_courses_language_code FOREIGN KEY(language_code) REFERENCES languages (code) ON DELETE RESTRICT,
    CONSTRAINT fk_courses_owner_id FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_courses_language_code ON courses (language_code);

CREATE INDEX ix_courses_listed ON courses (title) WHERE (status = 'published') AND (deleted_at IS NULL);

CREATE INDEX ix_courses_owner_id ON courses (owner_id);

CREATE INDEX ix_courses_search ON courses USING gin (search);

CREATE TABLE course_prerequisites (
    course_id UUID NOT NULL,
    requires_course_id UUID NOT NULL,
    CONSTRAINT pk_course_prerequisites PRIMARY KEY (course_id, requires_course_id),
    CONSTRAINT ck_course_prerequisites_itself CHECK (course_id <> requires_course_id),
    CONSTRAINT fk_course_prerequisites_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_prerequisites_requires_course_id FOREIGN KEY(requires_course_id) REFERENCES courses (id) ON DELETE CASCADE
);

CREATE INDEX ix_course_prerequisites_requires_course_id ON course_prerequisites (requires_course_id);

CREATE TABLE course_tags (
    course_id UUID NOT NULL,
    tag_id UUID NOT NULL,
    CONSTRAINT pk_course_tags PRIMARY KEY (course_id, tag_id),
    CONSTRAINT fk_course_tags_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_tags_tag_id FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE
);

CREATE INDEX ix_course_tags_tag_id ON course_tags (tag_id);

CREATE TABLE course_versions (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    version INTEGER,
    status TEXT DEFAULT 'draft' NOT NULL,
    content JSONB DEFAULT '{}' NOT NULL,
    tree_hash TEXT NOT NULL,
    created_by UUID,
    published_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_course_versions PRIMARY KEY (id),
    CONSTRAINT ck_course_versions_status CHECK (status IN ('draft', 'published')),
    CONSTRAINT ck_course_versions_numbered CHECK ((status = 'published') = (version IS NOT NULL)),
    CONSTRAINT ck_course_versions_published_at CHECK ((status = 'published') = (published_at IS NOT NULL)),
    CONSTRAINT ck_course_versions_version CHECK (version >= 1),
    CONSTRAINT uq_course_versions_course_version UNIQUE (course_id, version),
    CONSTRAINT fk_course_versions_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_course_versions_created_by FOREIGN KEY(created_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_course_versions_published_by FOREIGN KEY(published_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_course_versions_created_by ON course_versions (created_by);

CREATE INDEX ix_course_versions_published_by ON course_versions (published_by);

CREATE UNIQUE INDEX uq_course_versions_one_draft ON course_versions (course_id) WHERE status = 'draft';

CREATE TABLE domains (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    parent_id UUID,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    CONSTRAINT pk_domains PRIMARY KEY (id),
    CONSTRAINT uq_domains_course_code UNIQUE (course_id, code),
    CONSTRAINT fk_domains_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_domains_parent_id FOREIGN KEY(parent_id) REFERENCES domains (id) ON DELETE CASCADE
);

CREATE INDEX ix_domains_parent_id ON domains (parent_id);

CREATE TABLE objectives (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    domain_id UUID,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_objectives PRIMARY KEY (id),
    CONSTRAINT uq_objectives_course_code UNIQUE (course_id, code),
    CONSTRAINT fk_objectives_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_objectives_domain_id FOREIGN KEY(domain_id) REFERENCES domains (id) ON DELETE SET NULL
);

CREATE INDEX ix_objectives_domain_id ON objectives (domain_id);

CREATE TABLE units (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    parent_id UUID,
    domain_id UUID,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    position INTEGER,
    difficulty INTEGER,
    estimated_minutes INTEGER,
    archived_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_units PRIMARY KEY (id),
    CONSTRAINT ck_units_difficulty CHECK (difficulty BETWEEN 1 AND 5),
    CONSTRAINT ck_units_position CHECK (position >= 0),
    CONSTRAINT ck_units_placed CHECK ((archived_at IS NOT NULL) OR (position IS NOT NULL)),
    CONSTRAINT ck_units_estimated_minutes CHECK (estimated_minutes > 0),
    CONSTRAINT uq_units_course_key UNIQUE (course_id, key),
    CONSTRAINT uq_units_id_course UNIQUE (id, course_id),
    CONSTRAINT uq_units_course_position UNIQUE (course_id, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_units_parent FOREIGN KEY(parent_id, course_id) REFERENCES units (id, course_id) ON DELETE CASCADE,
    CONSTRAINT fk_units_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_units_domain_id FOREIGN KEY(domain_id) REFERENCES domains (id) ON DELETE SET NULL
);

CREATE INDEX ix_units_domain_id ON units (domain_id);

CREATE INDEX ix_units_parent ON units (parent_id, course_id);

CREATE TABLE components (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    unit_id UUID,
    parent_id UUID,
    lesson_id UUID,
    domain_id UUID,
    key TEXT NOT NULL,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    position INTEGER,
    difficulty INTEGER,
    estimated_minutes INTEGER,
    points NUMERIC(10, 2) DEFAULT '0' NOT NULL,
    is_required BOOLEAN DEFAULT 'true' NOT NULL,
    is_preview BOOLEAN DEFAULT 'false' NOT NULL,
    is_primary BOOLEAN DEFAULT 'false' NOT NULL,
    status TEXT DEFAULT 'draft' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    metadata JSONB DEFAULT '{}' NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_components PRIMARY KEY (id),
    CONSTRAINT ck_components_kind CHECK (kind IN ('lesson', 'quiz', 'challenge', 'assignment', 'deck')),
    CONSTRAINT ck_components_status CHECK (status IN ('draft', 'published', 'archived')),
    CONSTRAINT ck_components_difficulty CHECK (difficulty BETWEEN 1 AND 5),
    CONSTRAINT ck_components_title CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT ck_components_position CHECK (position >= 0),
    CONSTRAINT ck_components_points CHECK (points >= 0),
    CONSTRAINT ck_components_version CHECK (version >= 1),
    CONSTRAINT ck_components_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT ck_components_estimated_minutes CHECK (estimated_minutes > 0),
    CONSTRAINT ck_components_primary CHECK ((NOT is_primary) OR ((kind = 'quiz') AND (lesson_id IS NOT NULL))),
    CONSTRAINT ck_components_lesson CHECK ((lesson_id IS NULL) OR (kind <> 'lesson')),
    CONSTRAINT ck_components_nested CHECK ((parent_id IS NULL) OR (kind = 'lesson')),
    CONSTRAINT ck_components_deleted CHECK ((status <> 'published') OR (deleted_at IS NULL)),
    CONSTRAINT uq_components_course_slug UNIQUE (course_id, slug),
    CONSTRAINT uq_components_course_key UNIQUE (course_id, key),
    CONSTRAINT uq_components_id_course UNIQUE (id, course_id),
    CONSTRAINT uq_components_unit_position UNIQUE (unit_id, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_components_unit FOREIGN KEY(unit_id, course_id) REFERENCES units (id, course_id) ON DELETE NO ACTION,
    CONSTRAINT fk_components_parent FOREIGN KEY(parent_id, course_id) REFERENCES components (id, course_id) ON DELETE CASCADE,
    CONSTRAINT fk_components_lesson FOREIGN KEY(lesson_id, course_id) REFERENCES components (id, course_id) ON DELETE CASCADE,
    CONSTRAINT fk_components_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_components_domain_id FOREIGN KEY(domain_id) REFERENCES domains (id) ON DELETE SET NULL,
    CONSTRAINT fk_components_created_by FOREIGN KEY(created_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_components_created_by ON components (created_by);

CREATE INDEX ix_components_domain_id ON components (domain_id);

CREATE INDEX ix_components_lesson ON components (lesson_id, course_id);

CREATE INDEX ix_components_listed ON components (course_id, kind, difficulty) WHERE status = 'published';

CREATE INDEX ix_components_parent ON components (parent_id, course_id);

CREATE INDEX ix_components_unit ON components (unit_id, course_id);

CREATE UNIQUE INDEX uq_components_primary_quiz ON components (lesson_id) WHERE is_primary AND (status <> 'archived');

CREATE TABLE unit_prerequisites (
    unit_id UUID NOT NULL,
    requires_unit_id UUID NOT NULL,
    CONSTRAINT pk_unit_prerequisites PRIMARY KEY (unit_id, requires_unit_id),
    CONSTRAINT ck_unit_prerequisites_itself CHECK (unit_id <> requires_unit_id),
    CONSTRAINT fk_unit_prerequisites_unit_id FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE CASCADE,
    CONSTRAINT fk_unit_prerequisites_requires_unit_id FOREIGN KEY(requires_unit_id) REFERENCES units (id) ON DELETE CASCADE
);

CREATE INDEX ix_unit_prerequisites_requires_unit_id ON unit_prerequisites (requires_unit_id);

CREATE TABLE component_objectives (
    component_id UUID NOT NULL,
    objective_id UUID NOT NULL,
    CONSTRAINT pk_component_objectives PRIMARY KEY (component_id, objective_id),
    CONSTRAINT fk_component_objectives_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_component_objectives_objective_id FOREIGN KEY(objective_id) REFERENCES objectives (id) ON DELETE CASCADE
);

CREATE INDEX ix_component_objectives_objective_id ON component_objectives (objective_id);

CREATE TABLE component_prerequisites (
    component_id UUID NOT NULL,
    requires_component_id UUID NOT NULL,
    CONSTRAINT pk_component_prerequisites PRIMARY KEY (component_id, requires_component_id),
    CONSTRAINT ck_component_prerequisites_itself CHECK (component_id <> requires_component_id),
    CONSTRAINT fk_component_prerequisites_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_component_prerequisites_requires_component_id FOREIGN KEY(requires_component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE INDEX ix_component_prerequisites_requires_component_id ON component_prerequisites (requires_component_id);

CREATE TABLE media (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    component_id UUID,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    url TEXT,
    content BYTEA,
    content_hash TEXT,
    mime_type TEXT,
    alt TEXT NOT NULL,
    transcript TEXT,
    size_bytes INTEGER,
    duration_seconds INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_media PRIMARY KEY (id),
    CONSTRAINT ck_media_kind CHECK (kind IN ('image', 'audio', 'video', 'file')),
    CONSTRAINT ck_media_alt CHECK (char_length(alt) BETWEEN 1 AND 2000),
    CONSTRAINT ck_media_size_bytes CHECK (size_bytes >= 0),
    CONSTRAINT ck_media_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT ck_media_content CHECK (num_nonnulls(content, url) = 1),
    CONSTRAINT ck_media_url CHECK (url ~ '^https://'),
    CONSTRAINT uq_media_course_path UNIQUE (course_id, path),
    CONSTRAINT fk_media_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_media_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE SET NULL
);

CREATE INDEX ix_media_component_id ON media (component_id);

ALTER TABLE courses ADD CONSTRAINT fk_courses_active_version FOREIGN KEY(id, active_version) REFERENCES course_versions (course_id, version) ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED;
