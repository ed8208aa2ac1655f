-- The learner model by skill, of tasks and of skills, and what it learned from.

ALTER TABLE adaptive_state ALTER COLUMN ability_variance SET DEFAULT '0.6';

ALTER TABLE adaptive_state ADD COLUMN suggested_mean DOUBLE PRECISION;

-- PostgreSQL changes the expression of a virtual column only where no CHECK stands.

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_ability_mean;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_ability_variance;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_next_difficulty;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_observations;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_performance_trend;

ALTER TABLE adaptive_state ALTER COLUMN confidence_score
    SET EXPRESSION AS (round(GREATEST(0::double precision, 1::double precision - sqrt(ability_variance / 0.6::double precision))::numeric, 2));

ALTER TABLE adaptive_state ADD CONSTRAINT ck_adaptive_state_ability_mean
    CHECK (ability_mean BETWEEN -20 AND 20) NOT VALID;

ALTER TABLE adaptive_state VALIDATE CONSTRAINT ck_adaptive_state_ability_mean;

ALTER TABLE adaptive_state ADD CONSTRAINT ck_adaptive_state_ability_variance
    CHECK (ability_variance > 0) NOT VALID;

ALTER TABLE adaptive_state VALIDATE CONSTRAINT ck_adaptive_state_ability_variance;

ALTER TABLE adaptive_state ADD CONSTRAINT ck_adaptive_state_next_difficulty
    CHECK (next_difficulty BETWEEN 1 AND 5) NOT VALID;

ALTER TABLE adaptive_state VALIDATE CONSTRAINT ck_adaptive_state_next_difficulty;

ALTER TABLE adaptive_state ADD CONSTRAINT ck_adaptive_state_observations
    CHECK (observations >= 0) NOT VALID;

ALTER TABLE adaptive_state VALIDATE CONSTRAINT ck_adaptive_state_observations;

ALTER TABLE adaptive_state ADD CONSTRAINT ck_adaptive_state_performance_trend
    CHECK (jsonb_typeof(performance_trend) = 'array') NOT VALID;

ALTER TABLE adaptive_state VALIDATE CONSTRAINT ck_adaptive_state_performance_trend;

ALTER TABLE adaptive_state ADD CONSTRAINT ck_adaptive_state_suggested_mean
    CHECK (suggested_mean BETWEEN -1000 AND 1000) NOT VALID;

ALTER TABLE adaptive_state VALIDATE CONSTRAINT ck_adaptive_state_suggested_mean;

CREATE TABLE skill_abilities (
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    skill TEXT NOT NULL,
    ability_mean DOUBLE PRECISION DEFAULT '0' NOT NULL,
    ability_variance DOUBLE PRECISION DEFAULT '0.4' NOT NULL,
    rights DOUBLE PRECISION DEFAULT '0' NOT NULL,
    wrongs DOUBLE PRECISION DEFAULT '0' NOT NULL,
    observations INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_skill_abilities PRIMARY KEY (user_id, course_id, skill),
    CONSTRAINT ck_skill_abilities_skill CHECK (char_length(skill) BETWEEN 1 AND 200),
    CONSTRAINT ck_skill_abilities_ability_mean CHECK (ability_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_skill_abilities_ability_variance CHECK (ability_variance > 0),
    CONSTRAINT ck_skill_abilities_rights CHECK (rights >= 0),
    CONSTRAINT ck_skill_abilities_wrongs CHECK (wrongs >= 0),
    CONSTRAINT ck_skill_abilities_observations CHECK (observations >= 0),
    CONSTRAINT fk_skill_abilities_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_skill_abilities_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE
);

CREATE INDEX ix_skill_abilities_course_id ON skill_abilities (course_id);

CREATE TABLE skill_difficulties (
    course_id UUID NOT NULL,
    skill TEXT NOT NULL,
    difficulty_mean DOUBLE PRECISION NOT NULL,
    difficulty_variance DOUBLE PRECISION NOT NULL,
    right_mean DOUBLE PRECISION NOT NULL,
    right_variance DOUBLE PRECISION NOT NULL,
    wrong_mean DOUBLE PRECISION NOT NULL,
    wrong_variance DOUBLE PRECISION NOT NULL,
    observations INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_skill_difficulties PRIMARY KEY (course_id, skill),
    CONSTRAINT ck_skill_difficulties_skill CHECK (char_length(skill) BETWEEN 1 AND 200),
    CONSTRAINT ck_skill_difficulties_difficulty_mean CHECK (difficulty_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_skill_difficulties_right_mean CHECK (right_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_skill_difficulties_wrong_mean CHECK (wrong_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_skill_difficulties_difficulty_variance CHECK (difficulty_variance > 0),
    CONSTRAINT ck_skill_difficulties_right_variance CHECK (right_variance > 0),
    CONSTRAINT ck_skill_difficulties_wrong_variance CHECK (wrong_variance > 0),
    CONSTRAINT ck_skill_difficulties_observations CHECK (observations >= 0),
    CONSTRAINT fk_skill_difficulties_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE
);

CREATE TABLE question_difficulties (
    question_id UUID NOT NULL,
    difficulty_mean DOUBLE PRECISION NOT NULL,
    difficulty_variance DOUBLE PRECISION NOT NULL,
    observations INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_question_difficulties PRIMARY KEY (question_id),
    CONSTRAINT ck_question_difficulties_difficulty_mean CHECK (difficulty_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_question_difficulties_difficulty_variance CHECK (difficulty_variance > 0),
    CONSTRAINT ck_question_difficulties_observations CHECK (observations >= 0),
    CONSTRAINT fk_question_difficulties_question_id FOREIGN KEY(question_id) REFERENCES question_bank (id) ON DELETE CASCADE
);

CREATE TABLE skill_evidence (
    user_id UUID NOT NULL,
    item_id UUID NOT NULL,
    course_id UUID NOT NULL,
    component_id UUID NOT NULL,
    question_id UUID,
    attempt_id UUID NOT NULL,
    skill TEXT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    share DOUBLE PRECISION NOT NULL,
    helped BOOLEAN DEFAULT 'false' NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    turn INTEGER,
    expected DOUBLE PRECISION,
    ability_mean DOUBLE PRECISION,
    ability_variance DOUBLE PRECISION,
    task_mean DOUBLE PRECISION,
    task_variance DOUBLE PRECISION,
    rights DOUBLE PRECISION,
    wrongs DOUBLE PRECISION,
    learned_as INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_skill_evidence PRIMARY KEY (user_id, item_id),
    CONSTRAINT ck_skill_evidence_item_id CHECK (item_id = coalesce(question_id, component_id)),
    CONSTRAINT ck_skill_evidence_skill CHECK (char_length(skill) BETWEEN 1 AND 200),
    CONSTRAINT ck_skill_evidence_share CHECK (share BETWEEN 0 AND 1),
    CONSTRAINT ck_skill_evidence_expected CHECK (expected BETWEEN 0 AND 1),
    CONSTRAINT ck_skill_evidence_ability_mean CHECK (ability_mean BETWEEN -100 AND 100),
    CONSTRAINT ck_skill_evidence_task_mean CHECK (task_mean BETWEEN -1000 AND 1000),
    CONSTRAINT ck_skill_evidence_ability_variance CHECK (ability_variance > 0),
    CONSTRAINT ck_skill_evidence_task_variance CHECK (task_variance > 0),
    CONSTRAINT ck_skill_evidence_position CHECK (position >= 0),
    CONSTRAINT ck_skill_evidence_turn CHECK (turn >= 0),
    CONSTRAINT ck_skill_evidence_rights CHECK (rights >= 0),
    CONSTRAINT ck_skill_evidence_wrongs CHECK (wrongs >= 0),
    CONSTRAINT ck_skill_evidence_learned_as CHECK (learned_as >= 0),
    CONSTRAINT fk_skill_evidence_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_skill_evidence_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT fk_skill_evidence_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_skill_evidence_question_id FOREIGN KEY(question_id) REFERENCES question_bank (id) ON DELETE CASCADE
);

CREATE INDEX ix_skill_evidence_component_id ON skill_evidence (component_id);

CREATE INDEX ix_skill_evidence_course ON skill_evidence (course_id, user_id, turn);

CREATE INDEX ix_skill_evidence_question_id ON skill_evidence (question_id);

CREATE INDEX ix_skill_evidence_waiting ON skill_evidence (occurred_at) WHERE learned_as IS NULL;

CREATE UNIQUE INDEX uq_skill_evidence_learned_as ON skill_evidence (learned_as) WHERE learned_as IS NOT NULL;
