-- The tutor's conversations.

CREATE TABLE ai_interactions (
    id UUID DEFAULT uuidv7() NOT NULL,
    user_id UUID NOT NULL,
    component_id UUID,
    attempt_id UUID,
    message_type TEXT NOT NULL,
    status TEXT DEFAULT 'answered' NOT NULL,
    user_message TEXT NOT NULL,
    ai_response TEXT,
    context_data JSONB,
    response_quality SMALLINT,
    processing_time_ms INTEGER,
    provider TEXT,
    model TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    created_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (uuid_extract_timestamp(id)) VIRTUAL NOT NULL,
    CONSTRAINT pk_ai_interactions PRIMARY KEY (id),
    CONSTRAINT ck_ai_interactions_message_type CHECK (message_type IN ('question', 'hint_request', 'explanation', 'code_review')),
    CONSTRAINT ck_ai_interactions_status CHECK (status IN ('answered', 'refused', 'failed')),
    CONSTRAINT ck_ai_interactions_response_quality CHECK (response_quality BETWEEN 1 AND 5),
    CONSTRAINT ck_ai_interactions_processing_time_ms CHECK (processing_time_ms >= 0),
    CONSTRAINT ck_ai_interactions_input_tokens CHECK (input_tokens >= 0),
    CONSTRAINT ck_ai_interactions_output_tokens CHECK (output_tokens >= 0),
    CONSTRAINT ck_ai_interactions_answered CHECK ((status <> 'answered') OR (ai_response IS NOT NULL)),
    CONSTRAINT fk_ai_interactions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_ai_interactions_component_id FOREIGN KEY(component_id) REFERENCES components (id) ON DELETE SET NULL
) PARTITION BY RANGE (id);

CREATE TABLE ai_interactions_default PARTITION OF ai_interactions DEFAULT;

CREATE INDEX ix_ai_interactions_component ON ai_interactions (component_id, message_type);

CREATE INDEX ix_ai_interactions_user ON ai_interactions (user_id, id DESC);
