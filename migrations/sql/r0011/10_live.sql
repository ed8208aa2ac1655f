-- Live rounds: where they stand, their chats, questions, players and answers.

CREATE TABLE live_rounds (
    id UUID DEFAULT uuidv7() NOT NULL,
    community_id UUID NOT NULL,
    host_id UUID,
    title TEXT NOT NULL,
    source JSONB DEFAULT '{}' NOT NULL,
    mode TEXT DEFAULT 'accuracy' NOT NULL,
    entry TEXT DEFAULT 'buttons' NOT NULL,
    seconds SMALLINT,
    team_count SMALLINT DEFAULT '0' NOT NULL,
    question_count SMALLINT NOT NULL,
    phase TEXT DEFAULT 'lobby' NOT NULL,
    position INTEGER DEFAULT '-1' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    closes_at TIMESTAMP WITH TIME ZONE,
    extra INTERVAL DEFAULT '0' NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    silent SMALLINT DEFAULT '0' NOT NULL,
    paused_at TIMESTAMP WITH TIME ZONE,
    paused_in TEXT,
    why TEXT,
    moved INTERVAL,
    owner TEXT,
    version INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_live_rounds PRIMARY KEY (id),
    CONSTRAINT ck_live_rounds_phase CHECK (phase IN ('lobby', 'question', 'reveal', 'paused', 'finished', 'stopped')),
    CONSTRAINT ck_live_rounds_paused_in CHECK (paused_in IN ('question', 'reveal')),
    CONSTRAINT ck_live_rounds_why CHECK (why IN ('host', 'silence', 'outage')),
    CONSTRAINT ck_live_rounds_mode CHECK (mode IN ('accuracy', 'timed', 'first', 'survival')),
    CONSTRAINT ck_live_rounds_entry CHECK (entry IN ('buttons', 'typed')),
    CONSTRAINT ck_live_rounds_title CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT ck_live_rounds_seconds CHECK (seconds BETWEEN 5 AND 600),
    CONSTRAINT ck_live_rounds_team_count CHECK (team_count BETWEEN 0 AND 4),
    CONSTRAINT ck_live_rounds_question_count CHECK (question_count BETWEEN 1 AND 100),
    CONSTRAINT ck_live_rounds_silent CHECK (silent >= 0),
    CONSTRAINT ck_live_rounds_version CHECK (version >= 0),
    CONSTRAINT ck_live_rounds_position CHECK (position >= -1 AND position < question_count),
    CONSTRAINT ck_live_rounds_paused_at CHECK ((phase = 'paused') = (paused_at IS NOT NULL)),
    CONSTRAINT ck_live_rounds_rests_in CHECK ((phase = 'paused') = (paused_in IS NOT NULL)),
    CONSTRAINT ck_live_rounds_ended CHECK ((phase IN ('finished', 'stopped')) = (ended_at IS NOT NULL)),
    CONSTRAINT ck_live_rounds_opened CHECK ((phase <> 'question') OR (opened_at IS NOT NULL)),
    CONSTRAINT fk_live_rounds_community_id FOREIGN KEY(community_id) REFERENCES communities (id) ON DELETE CASCADE,
    CONSTRAINT fk_live_rounds_host_id FOREIGN KEY(host_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_live_rounds_community_id ON live_rounds (community_id);

CREATE INDEX ix_live_rounds_host_id ON live_rounds (host_id);

CREATE INDEX ix_live_rounds_open ON live_rounds (closes_at) WHERE ended_at IS NULL;

CREATE TABLE live_chats (
    id UUID DEFAULT uuidv7() NOT NULL,
    round_id UUID NOT NULL,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    message_id TEXT,
    message_position INTEGER,
    shown TEXT,
    edits SMALLINT DEFAULT '0' NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE,
    owner TEXT,
    failed TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_live_chats PRIMARY KEY (id),
    CONSTRAINT ck_live_chats_platform CHECK (platform IN ('discord', 'telegram', 'terminal')),
    CONSTRAINT ck_live_chats_address CHECK (char_length(address) BETWEEN 1 AND 200),
    CONSTRAINT ck_live_chats_edits CHECK (edits >= 0),
    CONSTRAINT ck_live_chats_message_position CHECK (message_position >= -1),
    CONSTRAINT fk_live_chats_round_id FOREIGN KEY(round_id) REFERENCES live_rounds (id) ON DELETE CASCADE
);

CREATE INDEX ix_live_chats_round_id ON live_chats (round_id);

CREATE INDEX ix_live_chats_waiting ON live_chats (platform) WHERE done_at IS NULL;

CREATE UNIQUE INDEX uq_live_chats_open ON live_chats (platform, address) WHERE ended_at IS NULL;

CREATE TABLE live_questions (
    round_id UUID NOT NULL,
    position INTEGER NOT NULL,
    question_id UUID,
    kind TEXT NOT NULL,
    prompt TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    answer JSONB DEFAULT '{}' NOT NULL,
    explanation TEXT DEFAULT '' NOT NULL,
    points NUMERIC(10, 2) DEFAULT '1' NOT NULL,
    option_order SMALLINT[] DEFAULT '{}' NOT NULL,
    is_void BOOLEAN DEFAULT 'false' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_live_questions PRIMARY KEY (round_id, position),
    CONSTRAINT ck_live_questions_kind CHECK (kind IN ('single', 'multi', 'true_false', 'short', 'numeric', 'matching', 'ordering', 'cloze')),
    CONSTRAINT ck_live_questions_position CHECK (position >= 0),
    CONSTRAINT ck_live_questions_points CHECK (points > 0),
    CONSTRAINT fk_live_questions_round_id FOREIGN KEY(round_id) REFERENCES live_rounds (id) ON DELETE CASCADE,
    CONSTRAINT fk_live_questions_question_id FOREIGN KEY(question_id) REFERENCES question_bank (id) ON DELETE SET NULL
);

CREATE INDEX ix_live_questions_question_id ON live_questions (question_id);

CREATE TABLE live_players (
    id UUID DEFAULT uuidv7() NOT NULL,
    round_id UUID NOT NULL,
    user_id UUID NOT NULL,
    identity_id UUID,
    name TEXT NOT NULL,
    team SMALLINT,
    extension_percent SMALLINT DEFAULT '100' NOT NULL,
    joined_at_position SMALLINT DEFAULT '0' NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_live_players PRIMARY KEY (id),
    CONSTRAINT ck_live_players_name CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT ck_live_players_team CHECK (team BETWEEN 0 AND 3),
    CONSTRAINT ck_live_players_extension_percent CHECK (extension_percent BETWEEN 100 AND 200),
    CONSTRAINT ck_live_players_joined_at_position CHECK (joined_at_position >= 0),
    CONSTRAINT uq_live_players_round_user UNIQUE (round_id, user_id),
    CONSTRAINT uq_live_players_id_user UNIQUE (id, user_id),
    CONSTRAINT uq_live_players_id_round UNIQUE (id, round_id),
    CONSTRAINT fk_live_players_round_id FOREIGN KEY(round_id) REFERENCES live_rounds (id) ON DELETE CASCADE,
    CONSTRAINT fk_live_players_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_live_players_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE SET NULL
);

CREATE INDEX ix_live_players_identity_id ON live_players (identity_id);

CREATE INDEX ix_live_players_user_id ON live_players (user_id);

CREATE TABLE live_answers (
    player_id UUID NOT NULL,
    position INTEGER NOT NULL,
    round_id UUID NOT NULL,
    user_id UUID NOT NULL,
    answer JSONB DEFAULT '{}' NOT NULL,
    right_parts INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    event_key UUID NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_live_answers PRIMARY KEY (player_id, position),
    CONSTRAINT fk_live_answers_player_user FOREIGN KEY(player_id, user_id) REFERENCES live_players (id, user_id) ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT fk_live_answers_question FOREIGN KEY(round_id, position) REFERENCES live_questions (round_id, position) ON DELETE CASCADE,
    CONSTRAINT ck_live_answers_used_ms CHECK (used_ms >= 0),
    CONSTRAINT ck_live_answers_right_parts CHECK (right_parts >= 0),
    CONSTRAINT ck_live_answers_parts CHECK (parts >= 1),
    CONSTRAINT ck_live_answers_right_parts_of CHECK (right_parts <= parts)
);

CREATE INDEX ix_live_answers_player ON live_answers (player_id, user_id);

CREATE INDEX ix_live_answers_question ON live_answers (round_id, position);

CREATE TABLE live_events (
    id UUID DEFAULT uuidv7() NOT NULL,
    round_id UUID NOT NULL,
    actor_id UUID,
    kind TEXT NOT NULL,
    details JSONB,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_live_events PRIMARY KEY (id),
    CONSTRAINT ck_live_events_kind CHECK (char_length(kind) BETWEEN 1 AND 40),
    CONSTRAINT fk_live_events_round_id FOREIGN KEY(round_id) REFERENCES live_rounds (id) ON DELETE CASCADE,
    CONSTRAINT fk_live_events_actor_id FOREIGN KEY(actor_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_live_events_actor_id ON live_events (actor_id);

CREATE INDEX ix_live_events_round ON live_events (round_id, id);

