-- Whose ability it is sees it; how hard tasks are is a number over all learners, which only the
-- worker changes.

ALTER TABLE skill_abilities ENABLE ROW LEVEL SECURITY;

ALTER TABLE skill_abilities FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON skill_abilities
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE skill_evidence ENABLE ROW LEVEL SECURITY;

ALTER TABLE skill_evidence FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON skill_evidence
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

REVOKE ALL ON skill_abilities, skill_difficulties, question_difficulties, skill_evidence
    FROM stoa_app, stoa_ro;

GRANT SELECT, INSERT, UPDATE, DELETE ON skill_abilities TO stoa_app;

GRANT DELETE ON adaptive_state TO stoa_app;

GRANT SELECT, INSERT ON skill_evidence TO stoa_app;

GRANT UPDATE (turn, expected, ability_mean, ability_variance, task_mean, task_variance, rights,
    wrongs) ON skill_evidence TO stoa_app;

GRANT SELECT ON skill_difficulties, question_difficulties TO stoa_app, stoa_ro;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    skill_abilities, skill_difficulties, question_difficulties, skill_evidence
    TO stoa_worker;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON skill_abilities
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON skill_difficulties
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON question_difficulties
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();
