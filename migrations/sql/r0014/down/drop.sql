DROP TABLE skill_evidence, question_difficulties, skill_difficulties, skill_abilities;

DROP FUNCTION
    course_calibration(uuid, int), course_bouts(uuid, int, timestamptz), skill_of(uuid, uuid);

REVOKE DELETE ON adaptive_state FROM stoa_app;

ALTER TABLE adaptive_state DROP COLUMN suggested_mean;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_ability_mean;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_ability_variance;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_next_difficulty;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_observations;

ALTER TABLE adaptive_state DROP CONSTRAINT ck_adaptive_state_performance_trend;

ALTER TABLE adaptive_state ALTER COLUMN confidence_score
    SET EXPRESSION AS (round(GREATEST(0::double precision, 1::double precision - ability_variance)::numeric, 2));

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

ALTER TABLE adaptive_state ALTER COLUMN ability_variance SET DEFAULT '1';
