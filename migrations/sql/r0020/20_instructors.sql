DROP FUNCTION tutor_log(uuid, text, uuid, uuid, int);

-- The course's conversations with the tutor, newest first: those about its items, and those asked
-- in the course. `p_only` is "all", "queue" (nobody looked yet), "low", "blocked", "unsure", "model"
-- or "offline". A learner is a pseudonym, the same throughout one course and another in the next.
-- What learners keep out of the tutor's history is not here. Texts come sealed, as they are stored;
-- plain ones are of before and not sealed yet.
CREATE FUNCTION tutor_log(p_course uuid, p_only text, p_answer uuid, p_before uuid, p_limit int)
    RETURNS TABLE (id uuid, learner text, component_id uuid, item text, item_kind text,
        message_type text, status text, asked text, answered text, level smallint,
        provider text, model text, tokens int, quality smallint, leak_blocked boolean,
        fallback_reason text, ms int, confidence text, outcome text, is_pinned boolean,
        asked_sealed bytea, answered_sealed bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH mine AS (
        SELECT i.id FROM components k JOIN ai_interactions i ON i.component_id = k.id
        WHERE k.course_id = p_course
        UNION ALL
        SELECT i.id FROM ai_interactions i
        WHERE i.component_id IS NULL AND i.context_data ->> 'course' = p_course::text)
    SELECT i.id,
           upper(left(encode(sha256(convert_to(p_course || ' ' || i.user_id, 'UTF8')), 'hex'), 10)),
           k.id, k.title, k.kind, i.message_type, i.status, i.user_message, i.ai_response, i.level,
           i.provider, i.model,
           coalesce(i.input_tokens, 0) + coalesce(i.output_tokens, 0)
               + coalesce(i.thought_tokens, 0),
           i.response_quality, i.leak_blocked, i.fallback_reason, i.processing_time_ms,
           i.context_data ->> 'confidence', r.outcome,
           EXISTS (SELECT FROM pinned_answers p WHERE p.interaction_id = i.id),
           i.user_message_sealed, i.ai_response_sealed
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
