-- Events, roll-ups, measurements.

CREATE TABLE performance_metrics (
    id UUID DEFAULT uuidv7() NOT NULL,
    metric_type TEXT NOT NULL,
    metric_name TEXT NOT NULL,
    metric_value NUMERIC NOT NULL,
    unit TEXT,
    tags JSONB DEFAULT '{}' NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_performance_metrics PRIMARY KEY (id),
    CONSTRAINT ck_performance_metrics_metric_name CHECK (char_length(metric_name) BETWEEN 1 AND 100)
) PARTITION BY RANGE (id);

CREATE TABLE performance_metrics_default PARTITION OF performance_metrics DEFAULT;

CREATE INDEX ix_performance_metrics_name ON performance_metrics (metric_name, id DESC);

CREATE TABLE analytics_events (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    component_id UUID,
    duration_seconds INTEGER DEFAULT '0' NOT NULL,
    errors_made INTEGER DEFAULT '0' NOT NULL,
    help_requests INTEGER DEFAULT '0' NOT NULL,
    completion_rate NUMERIC(5, 2),
    code_quality_score SMALLINT,
    engagement_level TEXT,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_analytics_events PRIMARY KEY (id),
    CONSTRAINT ck_analytics_events_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT ck_analytics_events_errors_made CHECK (errors_made >= 0),
    CONSTRAINT ck_analytics_events_help_requests CHECK (help_requests >= 0),
    CONSTRAINT ck_analytics_events_completion_rate CHECK (completion_rate BETWEEN 0 AND 100),
    CONSTRAINT ck_analytics_events_code_quality_score CHECK (code_quality_score BETWEEN 0 AND 100),
    CONSTRAINT ck_analytics_events_engagement_level CHECK (engagement_level IN ('low', 'medium', 'high')),
    CONSTRAINT fk_analytics_events_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_analytics_events_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE SET NULL
) PARTITION BY RANGE (id);

CREATE TABLE analytics_events_default PARTITION OF analytics_events DEFAULT;

CREATE INDEX ix_analytics_events_component_id ON analytics_events (component_id);

CREATE INDEX ix_analytics_events_user ON analytics_events (user_id, component_id, id DESC);

CREATE TABLE component_daily (
    component_id UUID NOT NULL,
    day DATE NOT NULL,
    views INTEGER DEFAULT '0' NOT NULL,
    unique_users INTEGER DEFAULT '0' NOT NULL,
    completions INTEGER DEFAULT '0' NOT NULL,
    average_seconds NUMERIC(10, 2),
    average_score NUMERIC(5, 2),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_component_daily PRIMARY KEY (component_id, day),
    CONSTRAINT ck_component_daily_views CHECK (views >= 0),
    CONSTRAINT ck_component_daily_unique_users CHECK (unique_users >= 0),
    CONSTRAINT ck_component_daily_completions CHECK (completions >= 0),
    CONSTRAINT ck_component_daily_average_seconds CHECK (average_seconds >= 0),
    CONSTRAINT ck_component_daily_average_score CHECK (average_score BETWEEN 0 AND 100),
    CONSTRAINT ck_component_daily_unique_users_views CHECK (unique_users <= views),
    CONSTRAINT fk_component_daily_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE CASCADE
);

CREATE INDEX ix_component_daily_day ON component_daily (day);
