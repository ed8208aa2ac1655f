-- What was sealed cannot be read without the application's key: it is lost on the way down.
DROP FUNCTION tutor_log(uuid, text, uuid, uuid, int);

-- The course's conversations with the tutor, newest first: those about its items, and those asked
-- in the course. `p_only` is "all", "queue" (nobody looked yet), "low", "blocked", "unsure", "model"
-- or "offline". A learner is a pseudonym, the same throughout one course and another in the next.
-- What learners keep out of the tutor's history is not here.
CREATE FUNCTION tutor_log(p_course uuid, p_only text, p_answer uuid, p_before uuid, p_limit int)
    RETURNS TABLE (id uuid, learner text, component_id uuid, item text, item_kind text,
        message_type text, status text, asked text, answered text, level smallint,
        provider text, model text, tokens int, quality smallint, leak_blocked boolean,
        fallback_reason text, ms int, confidence text, outcome text, is_pinned boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH mine AS (
        SELECT i.id FROM components k JOIN ai_interactions i ON i.component_id = k.id
        WHERE k.course_id = p_course
        UNION ALL
        SELECT i.id FROM ai_interactions i
        WHERE i.component_id IS NULL AND i.context_data ->> 'course' = p_course::text)
    SELECT i.id,
           upper(left(encode(sha256(convert_to(p_course || ' ' || i.user_id, 'UTF8')), 'hex'), 4)),
           k.id, k.title, k.kind, i.message_type, i.status, i.user_message, i.ai_response, i.level,
           i.provider, i.model,
           coalesce(i.input_tokens, 0) + coalesce(i.output_tokens, 0)
               + coalesce(i.thought_tokens, 0),
           i.response_quality, i.leak_blocked, i.fallback_reason, i.processing_time_ms,
           i.context_data ->> 'confidence', r.outcome,
           EXISTS (SELECT FROM pinned_answers p WHERE p.interaction_id = i.id)
    FROM mine JOIN ai_interactions i ON i.id = mine.id
    LEFT JOIN components k ON k.id = i.component_id
    LEFT JOIN tutor_reviews r ON r.interaction_id = i.id
    LEFT JOIN user_settings s ON s.user_id = i.user_id
    WHERE tutor_teaches(p_course) AND i.status <> 'open' AND coalesce(s.tutor_history, true)
      AND (p_answer IS NULL OR i.id = p_answer) AND (p_before IS NULL OR i.id < p_before)
      AND CASE p_only
          WHEN 'low' THEN i.response_quality <= 2
          WHEN 'blocked' THEN i.leak_blocked
          WHEN 'unsure' THEN i.context_data ->> 'confidence' IN ('lines', 'test', 'none')
          WHEN 'model' THEN i.provider <> 'offline'
          WHEN 'offline' THEN i.provider = 'offline'
          WHEN 'queue' THEN r.outcome IS NULL
              AND (coalesce(i.response_quality, 5) <= 2 OR i.leak_blocked
                   OR coalesce(i.context_data ->> 'confidence' IN ('lines', 'test', 'none'), false))
          ELSE true END
    ORDER BY i.id DESC LIMIT p_limit
$$;

REVOKE ALL ON FUNCTION tutor_log(uuid, text, uuid, uuid, int) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION tutor_log(uuid, text, uuid, uuid, int) TO stoa_app;

ALTER TABLE ai_interactions DROP CONSTRAINT ck_ai_interactions_answered;

UPDATE ai_interactions SET ai_response = 'This was sealed, and is lost.'
WHERE status = 'answered' AND ai_response IS NULL;

ALTER TABLE ai_interactions ADD CONSTRAINT ck_ai_interactions_answered
    CHECK ((status <> 'answered') OR (ai_response IS NOT NULL));

ALTER TABLE ai_interactions ALTER COLUMN user_message DROP DEFAULT;

ALTER TABLE ai_interactions DROP COLUMN context_sealed;

ALTER TABLE ai_interactions DROP COLUMN ai_response_sealed;

ALTER TABLE ai_interactions DROP COLUMN user_message_sealed;

DROP TABLE seal_keys;
