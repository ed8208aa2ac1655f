-- How hard a course's tasks turn out to be, for whoever teaches it: numbers over at least five
-- learners, never a learner. Each side is added up before it is joined, so that no row counts twice.
CREATE FUNCTION course_calibration(p_course uuid, p_least int)
    RETURNS TABLE (kind text, component_id uuid, question_id uuid, title text, level int,
        learners int, passed int, first_share double precision, tries double precision,
        hints double precision, difficulty_mean double precision,
        difficulty_variance double precision)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT tutor_teaches(p_course) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH tried AS (
        SELECT a.component_id AS task, a.user_id, bool_or(a.status = 'passed') AS passed,
               count(*) AS tries, max(a.hints_used) AS hints
        FROM challenge_attempts a JOIN components k ON k.id = a.component_id
        WHERE k.course_id = p_course AND a.finished_at IS NOT NULL
        GROUP BY a.component_id, a.user_id
        UNION ALL
        SELECT t.assessment_id, t.user_id, bool_or(t.passed), count(*),
               sum((SELECT sum(w.hints_used) FROM assessment_answers w WHERE w.attempt_id = t.id))
        FROM assessment_attempts t JOIN components k ON k.id = t.assessment_id
        WHERE k.course_id = p_course AND t.status = 'graded'
        GROUP BY t.assessment_id, t.user_id
    ), tasks AS (
        SELECT t.task, count(*)::int AS learners, (count(*) FILTER (WHERE t.passed))::int AS passed,
               avg(t.tries)::double precision AS tries, avg(t.hints)::double precision AS hints
        FROM tried t GROUP BY t.task HAVING count(*) >= greatest(p_least, 5)
    ), firsts AS (
        SELECT e.component_id AS task, avg(e.share) AS share FROM skill_evidence e
        WHERE e.course_id = p_course GROUP BY e.component_id
    ), asked AS (
        SELECT e.question_id AS question, count(*)::int AS learners,
               (count(*) FILTER (WHERE e.share >= 0.5 AND NOT e.helped))::int AS passed,
               avg(e.share) AS share, avg(e.helped::int)::double precision AS hints
        FROM skill_evidence e
        WHERE e.course_id = p_course AND e.question_id IS NOT NULL
        GROUP BY e.question_id HAVING count(*) >= greatest(p_least, 5)
    )
    SELECT k.kind, k.id, NULL::uuid, k.title, k.difficulty, t.learners, t.passed, f.share, t.tries,
           t.hints, i.difficulty_mean, i.difficulty_variance
    FROM tasks t JOIN components k ON k.id = t.task AND k.deleted_at IS NULL
    LEFT JOIN firsts f ON f.task = t.task
    LEFT JOIN item_difficulties i ON i.component_id = t.task
    UNION ALL
    SELECT 'question', NULL::uuid, q.id, left(v.prompt, 100), q.difficulty, a.learners, a.passed,
           a.share, 1, a.hints, d.difficulty_mean, d.difficulty_variance
    FROM asked a JOIN question_bank q ON q.id = a.question AND q.deleted_at IS NULL
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    LEFT JOIN question_difficulties d ON d.question_id = q.id;
END $$;

-- What work on a course's tasks is like: averages over bouts of at least five learners.
CREATE FUNCTION course_bouts(p_course uuid, p_least int, p_since timestamptz)
    RETURNS TABLE (component_id uuid, title text, learners int, bouts int, seconds double precision,
        errors double precision, help double precision, completion double precision,
        quality double precision, engaged double precision)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT tutor_teaches(p_course) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT k.id, k.title, count(DISTINCT b.user_id)::int, count(*)::int,
           avg(b.duration_seconds)::double precision, avg(b.errors_made)::double precision,
           avg(b.help_requests)::double precision, avg(b.completion_rate)::double precision,
           avg(b.code_quality_score)::double precision,
           avg((b.engagement_level = 'high')::int)::double precision
    FROM components k JOIN analytics_events b ON b.component_id = k.id
    WHERE k.course_id = p_course AND b.created_at >= p_since
    GROUP BY k.id HAVING count(DISTINCT b.user_id) >= greatest(p_least, 5);
END $$;

REVOKE ALL ON FUNCTION course_calibration(uuid, int), course_bouts(uuid, int, timestamptz)
    FROM PUBLIC;

GRANT EXECUTE ON FUNCTION course_calibration(uuid, int), course_bouts(uuid, int, timestamptz)
    TO stoa_app;
