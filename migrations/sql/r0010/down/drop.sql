DROP FUNCTION lent_programs(uuid, integer, integer, integer);

ALTER TABLE user_settings DROP COLUMN lends_programs;

DROP TABLE tutor_rungs;

ALTER TABLE ai_interactions DROP CONSTRAINT ck_ai_interactions_open;

DELETE FROM ai_interactions WHERE status = 'open';

ALTER TABLE ai_interactions DROP CONSTRAINT ck_ai_interactions_status;

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_status
    CHECK (status IN ('answered', 'refused', 'failed'));

ALTER TABLE ai_interactions DROP COLUMN fence;

ALTER TABLE ai_interactions DROP COLUMN lease_until;

ALTER TABLE ai_interactions DROP COLUMN finished_at;

ALTER TABLE ai_interactions DROP COLUMN fallback_reason;

ALTER TABLE ai_interactions DROP COLUMN leak_blocked;

ALTER TABLE ai_interactions DROP COLUMN first_token_ms;

ALTER TABLE ai_interactions DROP COLUMN cached_tokens;

ALTER TABLE ai_interactions DROP COLUMN thought_tokens;

ALTER TABLE ai_interactions DROP COLUMN level;
