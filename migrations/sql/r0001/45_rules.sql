-- What a CHECK cannot say because it needs the old row or other rows.

CREATE TRIGGER check_nesting AFTER INSERT OR UPDATE OF parent_id ON units
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION check_nesting();

CREATE TRIGGER check_nesting AFTER INSERT OR UPDATE OF parent_id ON components
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION check_nesting();

CREATE TRIGGER check_prerequisites AFTER INSERT OR UPDATE ON course_prerequisites
    FOR EACH ROW EXECUTE FUNCTION check_prerequisites('course_id', 'requires_course_id');

CREATE TRIGGER check_prerequisites AFTER INSERT OR UPDATE ON unit_prerequisites
    FOR EACH ROW EXECUTE FUNCTION check_prerequisites('unit_id', 'requires_unit_id');

CREATE TRIGGER check_prerequisites AFTER INSERT OR UPDATE ON component_prerequisites
    FOR EACH ROW EXECUTE FUNCTION check_prerequisites('component_id', 'requires_component_id');

CREATE TRIGGER allow_moves BEFORE UPDATE OF status ON enrollments
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION allow_moves(
        'active>completed', 'active>dropped', 'active>expired',
        'dropped>active', 'expired>active');

CREATE TRIGGER allow_moves BEFORE UPDATE OF status ON user_progress
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION allow_moves(
        'not_started>in_progress', 'not_started>completed', 'in_progress>completed');

CREATE TRIGGER allow_moves BEFORE UPDATE OF status ON assessment_attempts
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION allow_moves(
        'in_progress>submitted', 'submitted>graded', 'in_progress>graded');

CREATE TRIGGER allow_moves BEFORE UPDATE OF status ON challenge_attempts
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION allow_moves(
        'queued>running', 'running>queued',
        'queued>passed', 'queued>failed', 'queued>partial', 'queued>timeout', 'queued>error',
        'running>passed', 'running>failed', 'running>partial', 'running>timeout', 'running>error');

CREATE TRIGGER allow_moves BEFORE UPDATE OF status ON course_versions
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION allow_moves('draft>published');
