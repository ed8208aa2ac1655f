-- Streaks, totals, goals, achievements.

CREATE TABLE achievements (
    id UUID DEFAULT uuidv7() NOT NULL,
    code TEXT NOT NULL,
    achievement_type TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    criteria JSONB DEFAULT '{}' NOT NULL,
    points INTEGER DEFAULT '0' NOT NULL,
    rarity TEXT DEFAULT 'common' NOT NULL,
    is_active BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_achievements PRIMARY KEY (id),
    CONSTRAINT ck_achievements_rarity CHECK (rarity IN ('common', 'uncommon', 'rare', 'epic', 'legendary')),
    CONSTRAINT ck_achievements_points CHECK (points >= 0),
    CONSTRAINT ck_achievements_criteria CHECK (jsonb_typeof(criteria) = 'object'),
    CONSTRAINT uq_achievements_code UNIQUE (code)
);

CREATE TABLE streaks (
    user_id UUID NOT NULL,
    current_streak INTEGER DEFAULT '0' NOT NULL,
    longest_streak INTEGER DEFAULT '0' NOT NULL,
    last_activity_date DATE,
    streak_start_date DATE,
    total_active_days INTEGER DEFAULT '0' NOT NULL,
    freezes_left INTEGER DEFAULT '0' NOT NULL,
    timezone TEXT DEFAULT 'UTC' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_streaks PRIMARY KEY (user_id),
    CONSTRAINT ck_streaks_current_streak CHECK (current_streak >= 0),
    CONSTRAINT ck_streaks_longest_streak CHECK (longest_streak >= 0),
    CONSTRAINT ck_streaks_total_active_days CHECK (total_active_days >= 0),
    CONSTRAINT ck_streaks_freezes_left CHECK (freezes_left >= 0),
    CONSTRAINT ck_streaks_longest CHECK (longest_streak >= current_streak),
    CONSTRAINT ck_streaks_dates CHECK (streak_start_date <= last_activity_date),
    CONSTRAINT fk_streaks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE study_goals (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    goal_type TEXT DEFAULT 'custom' NOT NULL,
    title TEXT NOT NULL,
    metric TEXT NOT NULL,
    target_value INTEGER NOT NULL,
    current_value INTEGER DEFAULT '0' NOT NULL,
    start_date DATE NOT NULL,
    target_date DATE,
    completed_date DATE,
    status TEXT DEFAULT 'active' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_study_goals PRIMARY KEY (id),
    CONSTRAINT ck_study_goals_goal_type CHECK (goal_type IN ('daily', 'weekly', 'custom')),
    CONSTRAINT ck_study_goals_metric CHECK (metric IN ('minutes', 'xp', 'lessons', 'quizzes', 'challenges', 'cards', 'days')),
    CONSTRAINT ck_study_goals_status CHECK (status IN ('active', 'completed', 'dropped', 'missed')),
    CONSTRAINT ck_study_goals_title CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT ck_study_goals_current_value CHECK (current_value >= 0),
    CONSTRAINT ck_study_goals_target_value CHECK (target_value >= 1),
    CONSTRAINT ck_study_goals_target_date CHECK (target_date >= start_date),
    CONSTRAINT ck_study_goals_completed CHECK ((status = 'completed') = (completed_date IS NOT NULL)),
    CONSTRAINT fk_study_goals_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_study_goals_active ON study_goals (user_id) WHERE status = 'active';

CREATE INDEX ix_study_goals_user_id ON study_goals (user_id);

CREATE TABLE user_achievements (
    user_id UUID NOT NULL,
    achievement_id UUID NOT NULL,
    progress_level INTEGER DEFAULT '0' NOT NULL,
    progress_data JSONB DEFAULT '{}' NOT NULL,
    earned_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_achievements PRIMARY KEY (user_id, achievement_id),
    CONSTRAINT ck_user_achievements_progress_level CHECK (progress_level >= 0),
    CONSTRAINT fk_user_achievements_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_user_achievements_achievement_id FOREIGN KEY(achievement_id) REFERENCES achievements (id) ON DELETE CASCADE
);

CREATE INDEX ix_user_achievements_achievement_id ON user_achievements (achievement_id);

CREATE TABLE user_stats (
    user_id UUID NOT NULL,
    xp INTEGER DEFAULT '0' NOT NULL,
    level INTEGER DEFAULT '1' NOT NULL,
    week_start DATE,
    week_xp INTEGER DEFAULT '0' NOT NULL,
    lessons_completed INTEGER DEFAULT '0' NOT NULL,
    quizzes_passed INTEGER DEFAULT '0' NOT NULL,
    challenges_solved INTEGER DEFAULT '0' NOT NULL,
    cards_reviewed INTEGER DEFAULT '0' NOT NULL,
    seconds_spent INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_stats PRIMARY KEY (user_id),
    CONSTRAINT ck_user_stats_xp CHECK (xp >= 0),
    CONSTRAINT ck_user_stats_week_xp CHECK (week_xp >= 0),
    CONSTRAINT ck_user_stats_seconds_spent CHECK (seconds_spent >= 0),
    CONSTRAINT ck_user_stats_lessons_completed CHECK (lessons_completed >= 0),
    CONSTRAINT ck_user_stats_quizzes_passed CHECK (quizzes_passed >= 0),
    CONSTRAINT ck_user_stats_challenges_solved CHECK (challenges_solved >= 0),
    CONSTRAINT ck_user_stats_cards_reviewed CHECK (cards_reviewed >= 0),
    CONSTRAINT ck_user_stats_level CHECK (level >= 1),
    CONSTRAINT fk_user_stats_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_user_stats_week ON user_stats (week_start, week_xp DESC);

CREATE INDEX ix_user_stats_xp ON user_stats (xp DESC);
