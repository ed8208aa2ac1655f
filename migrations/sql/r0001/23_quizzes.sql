-- Questions, assessments, attempts.

CREATE TABLE question_bank (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    domain_id UUID,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    difficulty INTEGER,
    status TEXT DEFAULT 'draft' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    usage_count INTEGER DEFAULT '0' NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_question_bank PRIMARY KEY (id),
    CONSTRAINT ck_question_bank_kind CHECK (kind IN ('single', 'multi', 'true_false', 'short', 'numeric', 'matching', 'ordering', 'cloze')),
    CONSTRAINT ck_question_bank_status CHECK (status IN ('draft', 'published', 'archived')),
    CONSTRAINT ck_question_bank_difficulty CHECK (difficulty BETWEEN 1 AND 5),
    CONSTRAINT ck_question_bank_version CHECK (version >= 1),
    CONSTRAINT ck_question_bank_usage_count CHECK (usage_count >= 0),
    CONSTRAINT uq_question_bank_course_key UNIQUE (course_id, key),
    CONSTRAINT fk_question_bank_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_question_bank_domain_id FOREIGN KEY(domain_id) REFERENCES domains (id) ON DELETE SET NULL,
    CONSTRAINT fk_question_bank_created_by FOREIGN KEY(created_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_question_bank_created_by ON question_bank (created_by);

CREATE INDEX ix_question_bank_domain_id ON question_bank (domain_id);

CREATE INDEX ix_question_bank_draw ON question_bank (course_id, domain_id, difficulty) WHERE (status = 'published') AND (deleted_at IS NULL);

CREATE TABLE question_objectives (
    question_id UUID NOT NULL,
    objective_id UUID NOT NULL,
    CONSTRAINT pk_question_objectives PRIMARY KEY (question_id, objective_id),
    CONSTRAINT fk_question_objectives_question_id FOREIGN KEY(question_id) REFERENCES question_bank (id) ON DELETE CASCADE,
    CONSTRAINT fk_question_objectives_objective_id FOREIGN KEY(objective_id) REFERENCES objectives (id) ON DELETE CASCADE
);

CREATE INDEX ix_question_objectives_objective_id ON question_objectives (objective_id);

CREATE TABLE question_versions (
    question_id UUID NOT NULL,
    version INTEGER NOT NULL,
    prompt TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    answer JSONB DEFAULT '{}' NOT NULL,
    explanation TEXT DEFAULT '' NOT NULL,
    hints JSONB DEFAULT '[]' NOT NULL,
    points NUMERIC(10, 2) DEFAULT '1' NOT NULL,
    content_hash TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_question_versions PRIMARY KEY (question_id, version),
    CONSTRAINT ck_question_versions_version CHECK (version >= 1),
    CONSTRAINT ck_question_versions_points CHECK (points > 0),
    CONSTRAINT ck_question_versions_hints CHECK (jsonb_typeof(hints) = 'array'),
    CONSTRAINT fk_question_versions_question_id FOREIGN KEY(question_id) REFERENCES question_bank (id) ON DELETE CASCADE
);

CREATE TABLE assessments (
    component_id UUID NOT NULL,
    assessment_type TEXT DEFAULT 'practice' NOT NULL,
    domain_id UUID,
    difficulty INTEGER,
    passing_score NUMERIC(5, 2) DEFAULT '70' NOT NULL,
    time_limit_seconds INTEGER,
    max_attempts INTEGER,
    shuffle_questions BOOLEAN DEFAULT 'false' NOT NULL,
    shuffle_options BOOLEAN DEFAULT 'false' NOT NULL,
    reveal TEXT DEFAULT 'after_submit' NOT NULL,
    draw JSONB DEFAULT '[]' NOT NULL,
    CONSTRAINT pk_assessments PRIMARY KEY (component_id),
    CONSTRAINT ck_assessments_assessment_type CHECK (assessment_type IN ('practice', 'graded', 'exam')),
    CONSTRAINT ck_assessments_reveal CHECK (reveal IN ('after_question', 'after_submit', 'never')),
    CONSTRAINT ck_assessments_passing_score CHECK (passing_score BETWEEN 0 AND 100),
    CONSTRAINT ck_assessments_difficulty CHECK (difficulty BETWEEN 1 AND 5),
    CONSTRAINT ck_assessments_time_limit_seconds CHECK (time_limit_seconds >= 1),
    CONSTRAINT ck_assessments_max_attempts CHECK (max_attempts >= 1),
    CONSTRAINT ck_assessments_draw CHECK (jsonb_typeof(draw) = 'array'),
    CONSTRAINT fk_assessments_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_assessments_domain_id FOREIGN KEY(domain_id) REFERENCES domains (id) ON DELETE SET NULL
);

CREATE INDEX ix_assessments_domain_id ON assessments (domain_id);

CREATE TABLE assessment_attempts (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    identity_id UUID,
    attempt_number INTEGER NOT NULL,
    status TEXT DEFAULT 'in_progress' NOT NULL,
    seed INTEGER DEFAULT '0' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deadline_at TIMESTAMP WITH TIME ZONE,
    submitted_at TIMESTAMP WITH TIME ZONE,
    graded_at TIMESTAMP WITH TIME ZONE,
    graded_by UUID,
    score NUMERIC(10, 2),
    max_score NUMERIC(10, 2),
    percentage NUMERIC(5, 2),
    passed BOOLEAN,
    seconds_spent INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_assessment_attempts PRIMARY KEY (id),
    CONSTRAINT ck_assessment_attempts_status CHECK (status IN ('in_progress', 'submitted', 'graded')),
    CONSTRAINT ck_assessment_attempts_percentage CHECK (percentage BETWEEN 0 AND 100),
    CONSTRAINT ck_assessment_attempts_attempt_number CHECK (attempt_number >= 1),
    CONSTRAINT ck_assessment_attempts_score CHECK (score >= 0),
    CONSTRAINT ck_assessment_attempts_max_score CHECK (max_score >= 0),
    CONSTRAINT ck_assessment_attempts_seconds_spent CHECK (seconds_spent >= 0),
    CONSTRAINT ck_assessment_attempts_score_max CHECK (score <= max_score),
    CONSTRAINT ck_assessment_attempts_submitted_at CHECK ((status = 'in_progress') = (submitted_at IS NULL)),
    CONSTRAINT ck_assessment_attempts_graded_at CHECK ((status = 'graded') = (graded_at IS NOT NULL)),
    CONSTRAINT ck_assessment_attempts_graded CHECK ((status <> 'graded') OR (num_nulls(score, max_score, percentage, passed) = 0)),
    CONSTRAINT uq_assessment_attempts_user_assessment_number UNIQUE (user_id, assessment_id, attempt_number),
    CONSTRAINT uq_assessment_attempts_id_user UNIQUE (id, user_id),
    CONSTRAINT fk_assessment_attempts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_assessment_attempts_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessments (component_id) ON DELETE CASCADE,
    CONSTRAINT fk_assessment_attempts_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE SET NULL,
    CONSTRAINT fk_assessment_attempts_graded_by FOREIGN KEY(graded_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_assessment_attempts_assessment_id ON assessment_attempts (assessment_id);

CREATE INDEX ix_assessment_attempts_deadline ON assessment_attempts (deadline_at) WHERE status = 'in_progress';

CREATE INDEX ix_assessment_attempts_graded_by ON assessment_attempts (graded_by);

CREATE INDEX ix_assessment_attempts_identity_id ON assessment_attempts (identity_id);

CREATE UNIQUE INDEX uq_assessment_attempts_one_open ON assessment_attempts (user_id, assessment_id) WHERE status = 'in_progress';

CREATE TABLE assessment_questions (
    assessment_id UUID NOT NULL,
    question_id UUID NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_assessment_questions PRIMARY KEY (assessment_id, question_id),
    CONSTRAINT ck_assessment_questions_position CHECK (position >= 0),
    CONSTRAINT uq_assessment_questions_position UNIQUE (assessment_id, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_assessment_questions_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessments (component_id) ON DELETE CASCADE,
    CONSTRAINT fk_assessment_questions_question_id FOREIGN KEY(question_id) REFERENCES question_bank (id) ON DELETE NO ACTION
);

CREATE INDEX ix_assessment_questions_question_id ON assessment_questions (question_id);

CREATE TABLE assessment_answers (
    attempt_id UUID NOT NULL,
    question_id UUID NOT NULL,
    question_version INTEGER NOT NULL,
    user_id UUID DEFAULT app_uid() NOT NULL,
    position INTEGER NOT NULL,
    option_order SMALLINT[] DEFAULT '{}' NOT NULL,
    user_answer JSONB,
    is_correct BOOLEAN,
    points_earned NUMERIC(10, 2),
    hints_used INTEGER DEFAULT '0' NOT NULL,
    seconds_spent INTEGER DEFAULT '0' NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_assessment_answers PRIMARY KEY (attempt_id, question_id),
    CONSTRAINT fk_assessment_answers_attempt FOREIGN KEY(attempt_id, user_id) REFERENCES assessment_attempts (id, user_id) ON DELETE CASCADE,
    CONSTRAINT fk_assessment_answers_question FOREIGN KEY(question_id, question_version) REFERENCES question_versions (question_id, version) ON DELETE CASCADE,
    CONSTRAINT ck_assessment_answers_position CHECK (position >= 0),
    CONSTRAINT ck_assessment_answers_points_earned CHECK (points_earned >= 0),
    CONSTRAINT ck_assessment_answers_hints_used CHECK (hints_used >= 0),
    CONSTRAINT ck_assessment_answers_seconds_spent CHECK (seconds_spent >= 0),
    CONSTRAINT uq_assessment_answers_attempt_position UNIQUE (attempt_id, position)
);

CREATE INDEX ix_assessment_answers_question ON assessment_answers (question_id, question_version);

CREATE INDEX ix_assessment_answers_user_attempt ON assessment_answers (user_id, attempt_id);

CREATE TABLE answer_appeals (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    attempt_id UUID NOT NULL,
    question_id UUID NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    status TEXT DEFAULT 'open' NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_answer_appeals PRIMARY KEY (id),
    CONSTRAINT fk_answer_appeals_answer FOREIGN KEY(attempt_id, question_id) REFERENCES assessment_answers (attempt_id, question_id) ON DELETE CASCADE,
    CONSTRAINT ck_answer_appeals_status CHECK (status IN ('open', 'accepted', 'declined')),
    CONSTRAINT ck_answer_appeals_note CHECK (char_length(note) BETWEEN 0 AND 500),
    CONSTRAINT ck_answer_appeals_decided_at CHECK ((status = 'open') = (decided_at IS NULL)),
    CONSTRAINT uq_answer_appeals_answer UNIQUE (attempt_id, question_id),
    CONSTRAINT fk_answer_appeals_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_answer_appeals_decided_by FOREIGN KEY(decided_by) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_answer_appeals_decided_by ON answer_appeals (decided_by);

CREATE INDEX ix_answer_appeals_open ON answer_appeals (created_at) WHERE status = 'open';

CREATE INDEX ix_answer_appeals_user_id ON answer_appeals (user_id);

ALTER TABLE question_bank ADD CONSTRAINT fk_question_bank_current_version FOREIGN KEY(id, version) REFERENCES question_versions (question_id, version) ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED;
