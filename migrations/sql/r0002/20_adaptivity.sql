-- The learner model.

CREATE TABLE adaptive_state (
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    ability_mean DOUBLE PRECISION DEFAULT '0' NOT NULL,
    ability_variance DOUBLE PRECISION DEFAULT '1' NOT NULL,
    observations INTEGER DEFAULT '0' NOT NULL,
    performance_trend JSONB DEFAULT '[]' NOT NULL,
    next_difficulty SMALLINT,
    current_skill_level NUMERIC(3, 2) GENERATED ALWAYS AS (round((1::double precision / (1::double precision + exp(- ability_mean)))::numeric, 2)) VIRTUAL NOT NULL,
    confidence_score NUMERIC(3, 2) GENERATED ALWAYS AS (round(GREATEST(0::double precision, 1::double precision - ability_variance)::numeric, 2)) VIRTUAL NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_adaptive_state PRIMARY KEY (user_id, course_id),
    CONSTRAINT ck_adaptive_state_ability_mean CHECK (ability_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_adaptive_state_ability_variance CHECK (ability_variance > 0),
    CONSTRAINT ck_adaptive_state_next_difficulty CHECK (next_difficulty BETWEEN 1 AND 5),
    CONSTRAINT ck_adaptive_state_observations CHECK (observations >= 0),
    CONSTRAINT ck_adaptive_state_performance_trend CHECK (jsonb_typeof(performance_trend) = 'array'),
    CONSTRAINT fk_adaptive_state_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_adaptive_state_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE
);

CREATE INDEX ix_adaptive_state_course_id ON adaptive_state (course_id);

CREATE TABLE item_difficulties (
    component_id UUID NOT NULL,
    difficulty_mean DOUBLE PRECISION DEFAULT '0' NOT NULL,
    difficulty_variance DOUBLE PRECISION DEFAULT '1' NOT NULL,
    observations INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_item_difficulties PRIMARY KEY (component_id),
    CONSTRAINT ck_item_difficulties_difficulty_mean CHECK (difficulty_mean BETWEEN -20 AND 20),
    CONSTRAINT ck_item_difficulties_difficulty_variance CHECK (difficulty_variance > 0),
    CONSTRAINT ck_item_difficulties_observations CHECK (observations >= 0),
    CONSTRAINT fk_item_difficulties_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);
