-- The arguments are the moves that `status` may make, as 'from>to'.
CREATE OR REPLACE FUNCTION allow_moves() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || TG_TABLE_NAME || '_moves';
    END IF;
    RETURN NEW;
END $$;

ALTER TABLE components ALTER CONSTRAINT fk_components_unit NOT DEFERRABLE;

ALTER TABLE assessment_questions ALTER CONSTRAINT fk_assessment_questions_question_id
    NOT DEFERRABLE;

ALTER TABLE user_profiles DROP CONSTRAINT ck_user_profiles_learning_goals;

ALTER TABLE users DROP CONSTRAINT ck_users_suspended;

ALTER TABLE activity_ledger DROP CONSTRAINT ck_activity_ledger_kind;
