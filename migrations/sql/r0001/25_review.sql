-- Flashcards.

CREATE TABLE flashcard_sets (
    id UUID DEFAULT uuidv7() NOT NULL,
    component_id UUID,
    owner_id UUID,
    title TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_flashcard_sets PRIMARY KEY (id),
    CONSTRAINT ck_flashcard_sets_belongs CHECK (num_nonnulls(component_id, owner_id) = 1),
    CONSTRAINT ck_flashcard_sets_component CHECK (component_id = id),
    CONSTRAINT ck_flashcard_sets_title CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT uq_flashcard_sets_component UNIQUE (component_id),
    CONSTRAINT fk_flashcard_sets_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE,
    CONSTRAINT fk_flashcard_sets_owner_id FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_flashcard_sets_owner_id ON flashcard_sets (owner_id);

CREATE TABLE flashcards (
    id UUID DEFAULT uuidv7() NOT NULL,
    set_id UUID NOT NULL,
    key TEXT NOT NULL,
    front TEXT NOT NULL,
    back TEXT NOT NULL,
    tags TEXT[] DEFAULT '{}' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_flashcards PRIMARY KEY (id),
    CONSTRAINT ck_flashcards_front CHECK (char_length(front) BETWEEN 1 AND 1000),
    CONSTRAINT ck_flashcards_back CHECK (char_length(back) BETWEEN 1 AND 1000),
    CONSTRAINT ck_flashcards_position CHECK (position >= 0),
    CONSTRAINT uq_flashcards_set_key UNIQUE (set_id, key),
    CONSTRAINT fk_flashcards_set_id FOREIGN KEY(set_id) REFERENCES flashcard_sets (id) ON DELETE CASCADE
);

CREATE TABLE flashcard_progress (
    user_id UUID NOT NULL,
    card_id UUID NOT NULL,
    state TEXT DEFAULT 'learning' NOT NULL,
    step INTEGER,
    stability DOUBLE PRECISION,
    difficulty DOUBLE PRECISION,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_review_at TIMESTAMP WITH TIME ZONE,
    reps INTEGER DEFAULT '0' NOT NULL,
    lapses INTEGER DEFAULT '0' NOT NULL,
    mastery SMALLINT GENERATED ALWAYS AS (CASE WHEN stability IS NULL THEN 0 WHEN stability < 2 THEN 1 WHEN stability < 7 THEN 2 WHEN stability < 21 THEN 3 WHEN stability < 90 THEN 4 ELSE 5 END) VIRTUAL NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_flashcard_progress PRIMARY KEY (user_id, card_id),
    CONSTRAINT ck_flashcard_progress_state CHECK (state IN ('learning', 'review', 'relearning')),
    CONSTRAINT ck_flashcard_progress_step CHECK (step >= 0),
    CONSTRAINT ck_flashcard_progress_reps CHECK (reps >= 0),
    CONSTRAINT ck_flashcard_progress_lapses CHECK (lapses >= 0),
    CONSTRAINT ck_flashcard_progress_stability CHECK (stability > 0),
    CONSTRAINT ck_flashcard_progress_difficulty CHECK (difficulty BETWEEN 1 AND 10),
    CONSTRAINT fk_flashcard_progress_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_flashcard_progress_card_id FOREIGN KEY(card_id) REFERENCES flashcards (id) ON DELETE CASCADE
);

CREATE INDEX ix_flashcard_progress_card_id ON flashcard_progress (card_id);

CREATE INDEX ix_flashcard_progress_due ON flashcard_progress (user_id, due_at);

CREATE TABLE flashcard_reviews (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    card_id UUID NOT NULL,
    rating SMALLINT NOT NULL,
    state_before JSONB,
    duration_ms INTEGER,
    reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_flashcard_reviews PRIMARY KEY (id),
    CONSTRAINT ck_flashcard_reviews_rating CHECK (rating BETWEEN 1 AND 4),
    CONSTRAINT ck_flashcard_reviews_duration_ms CHECK (duration_ms >= 0),
    CONSTRAINT fk_flashcard_reviews_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_flashcard_reviews_card_id FOREIGN KEY(card_id) REFERENCES flashcards (id) ON DELETE CASCADE
) PARTITION BY RANGE (id);

CREATE TABLE flashcard_reviews_default PARTITION OF flashcard_reviews DEFAULT;

CREATE INDEX ix_flashcard_reviews_card_id ON flashcard_reviews (card_id);

CREATE INDEX ix_flashcard_reviews_user ON flashcard_reviews (user_id, id DESC);
