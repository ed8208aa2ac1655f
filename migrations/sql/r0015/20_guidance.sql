-- What instructors tell the tutor, the answers they kept as hints, and those they have looked at.

CREATE TABLE tutor_guidance (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    component_id UUID,
    most_level INTEGER,
    style TEXT,
    notes TEXT DEFAULT '' NOT NULL,
    updated_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_tutor_guidance PRIMARY KEY (id),
    CONSTRAINT ck_tutor_guidance_most_level CHECK (most_level BETWEEN 0 AND 4),
    CONSTRAINT ck_tutor_guidance_style CHECK (style IN ('questions', 'balanced', 'direct')),
    CONSTRAINT ck_tutor_guidance_notes CHECK (char_length(notes) BETWEEN 0 AND 4000),
    CONSTRAINT uq_tutor_guidance_place UNIQUE NULLS NOT DISTINCT (course_id, component_id),
    CONSTRAINT fk_tutor_guidance_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_tutor_guidance_component FOREIGN KEY(component_id, course_id) REFERENCES components (id, course_id) ON DELETE CASCADE,
    CONSTRAINT fk_tutor_guidance_updated_by FOREIGN KEY(updated_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_tutor_guidance_component ON tutor_guidance (component_id, course_id);

CREATE INDEX ix_tutor_guidance_updated_by ON tutor_guidance (updated_by);

CREATE TABLE pinned_answers (
    id UUID DEFAULT uuidv7() NOT NULL,
    component_id UUID NOT NULL,
    interaction_id UUID NOT NULL,
    text TEXT NOT NULL,
    position INTEGER,
    pinned_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_pinned_answers PRIMARY KEY (id),
    CONSTRAINT ck_pinned_answers_text CHECK (char_length(text) BETWEEN 1 AND 1500),
    CONSTRAINT ck_pinned_answers_position CHECK (position >= 0),
    CONSTRAINT uq_pinned_answers_interaction UNIQUE (component_id, interaction_id),
    CONSTRAINT fk_pinned_answers_hint FOREIGN KEY(component_id, position) REFERENCES hints (component_id, position) ON DELETE SET NULL (position),
    CONSTRAINT fk_pinned_answers_component_id FOREIGN KEY(component_id) REFERENCES challenges (component_id) ON DELETE CASCADE,
    CONSTRAINT fk_pinned_answers_pinned_by FOREIGN KEY(pinned_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_pinned_answers_hint ON pinned_answers (component_id, position);

CREATE INDEX ix_pinned_answers_pinned_by ON pinned_answers (pinned_by);

CREATE TABLE tutor_reviews (
    interaction_id UUID NOT NULL,
    course_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    reviewed_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_tutor_reviews PRIMARY KEY (interaction_id),
    CONSTRAINT ck_tutor_reviews_outcome CHECK (outcome IN ('seen', 'pinned')),
    CONSTRAINT fk_tutor_reviews_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_tutor_reviews_reviewed_by FOREIGN KEY(reviewed_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_tutor_reviews_course_id ON tutor_reviews (course_id);

CREATE INDEX ix_tutor_reviews_reviewed_by ON tutor_reviews (reviewed_by);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON tutor_guidance
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON pinned_answers
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

REVOKE ALL ON tutor_guidance, pinned_answers, tutor_reviews FROM stoa_app, stoa_ro;

-- What a prompt is made with. Everything else of these goes through the functions that ask who asks.
GRANT SELECT ON tutor_guidance TO stoa_app;

GRANT SELECT (component_id, position) ON pinned_answers TO stoa_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON tutor_guidance, pinned_answers, tutor_reviews TO stoa_worker;
