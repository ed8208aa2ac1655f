-- What keeps people going: days that may be missed, rewards, cards of the day, boards.

ALTER TABLE user_settings ADD COLUMN show_streak BOOLEAN DEFAULT 'true' NOT NULL;

CREATE TABLE study_days (
    user_id UUID NOT NULL,
    since DATE NOT NULL,
    weekdays SMALLINT[] DEFAULT '{1,2,3,4,5,6,7}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_study_days PRIMARY KEY (user_id, since),
    CONSTRAINT ck_study_days_weekdays CHECK ((cardinality(weekdays) > 0) AND (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])),
    CONSTRAINT fk_study_days_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE day_settings (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    timezone TEXT NOT NULL,
    day_ends TIME WITHOUT TIME ZONE DEFAULT '03:00' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_day_settings PRIMARY KEY (id),
    CONSTRAINT ck_day_settings_day_ends CHECK (day_ends <= '06:00'),
    CONSTRAINT uq_day_settings_user_until UNIQUE (user_id, until),
    CONSTRAINT fk_day_settings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE outages (
    id UUID DEFAULT uuidv7() NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_outages PRIMARY KEY (id),
    CONSTRAINT ck_outages_ended_at CHECK (ended_at > began_at),
    CONSTRAINT ck_outages_reason CHECK (char_length(reason) BETWEEN 1 AND 200),
    CONSTRAINT uq_outages_began_at UNIQUE (began_at)
);

CREATE INDEX ix_outages_ended_at ON outages (ended_at);

ALTER TABLE activity_ledger DROP CONSTRAINT ck_activity_ledger_kind;

ALTER TABLE activity_ledger ADD CONSTRAINT ck_activity_ledger_kind
    CHECK (kind IN ('lesson', 'quiz', 'challenge', 'assignment', 'cards', 'freeze', 'reward', 'again')) NOT VALID;

ALTER TABLE activity_ledger VALIDATE CONSTRAINT ck_activity_ledger_kind;

ALTER TABLE achievements ADD COLUMN freezes INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE achievements ADD CONSTRAINT ck_achievements_freezes
    CHECK (freezes BETWEEN 0 AND 2) NOT VALID;

ALTER TABLE achievements VALIDATE CONSTRAINT ck_achievements_freezes;

ALTER TABLE flashcard_progress ADD COLUMN resting_until TIMESTAMP WITH TIME ZONE;

ALTER TABLE flashcard_reviews ADD COLUMN local_date DATE;

ALTER TABLE flashcard_reviews ADD COLUMN is_first BOOLEAN DEFAULT 'true' NOT NULL;

ALTER TABLE study_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE study_days FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON study_days
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE day_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE day_settings FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON day_settings
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

REVOKE ALL ON study_days, day_settings, outages FROM stoa_app, stoa_ro;

GRANT SELECT ON study_days, day_settings, outages TO stoa_app;

GRANT INSERT, UPDATE ON study_days, day_settings TO stoa_app;

GRANT DELETE ON active_days TO stoa_app;

GRANT SELECT ON outages TO stoa_ro;
