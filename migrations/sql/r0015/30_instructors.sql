-- What an instructor may do with the tutor of their own courses. Every function asks first whether
-- the learner of this request teaches the course; for anybody else there is nothing.

-- Whether whoever asks owns the course, works on it, or administers this Stoa.
CREATE FUNCTION tutor_teaches(p_course uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM courses c JOIN users u ON u.id = app_uid() AND u.status = 'active'
        WHERE c.id = p_course AND c.deleted_at IS NULL
          AND (u.is_platform_admin OR c.owner_id = u.id
               OR EXISTS (SELECT FROM course_collaborators l
                          WHERE l.course_id = c.id AND l.user_id = u.id)))
$$;

-- The courses whose tutor whoever asks may look after.
CREATE FUNCTION tutor_courses() RETURNS TABLE (id uuid, slug text, title text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.slug, c.title FROM courses c
    WHERE c.active_version IS NOT NULL AND c.deleted_at IS NULL AND tutor_teaches(c.id)
    ORDER BY c.title
$$;

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

-- Numbers over the course's conversations since a time; no row for anybody who does not teach it.
CREATE FUNCTION tutor_totals(p_course uuid, p_since timestamptz)
    RETURNS TABLE (answers int, learners int, by_model int, tokens bigint, rated int,
        mean_quality numeric, low int, blocked int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH mine AS (
        SELECT i.id FROM components k JOIN ai_interactions i ON i.component_id = k.id
        WHERE k.course_id = p_course
        UNION ALL
        SELECT i.id FROM ai_interactions i
        WHERE i.component_id IS NULL AND i.context_data ->> 'course' = p_course::text)
    SELECT count(*)::int, count(DISTINCT i.user_id)::int,
           (count(*) FILTER (WHERE i.provider <> 'offline'))::int,
           coalesce(sum(coalesce(i.input_tokens, 0) + coalesce(i.output_tokens, 0)
                        + coalesce(i.thought_tokens, 0)), 0)::bigint,
           count(i.response_quality)::int, round(avg(i.response_quality), 1),
           (count(*) FILTER (WHERE i.response_quality <= 2))::int,
           (count(*) FILTER (WHERE i.leak_blocked))::int
    FROM mine JOIN ai_interactions i ON i.id = mine.id
    WHERE i.status <> 'open' AND i.created_at >= p_since
    HAVING tutor_teaches(p_course)
$$;

-- Notes, the highest rung and the style of a course (without an item) or of one item; false when
-- whoever asks does not teach it.
CREATE FUNCTION tutor_guide(p_course uuid, p_component uuid, p_level int, p_style text, p_notes text)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT tutor_teaches(p_course) THEN
        RETURN false;
    END IF;
    INSERT INTO tutor_guidance AS g (course_id, component_id, most_level, style, notes, updated_by)
    VALUES (p_course, p_component, p_level, p_style, p_notes, app_uid())
    ON CONFLICT (course_id, component_id) DO UPDATE
        SET most_level = excluded.most_level, style = excluded.style, notes = excluded.notes,
            updated_by = excluded.updated_by
        WHERE (g.most_level, g.style, g.notes) IS DISTINCT FROM
              (excluded.most_level, excluded.style, excluded.notes);
    IF FOUND THEN
        INSERT INTO audit_log (actor_id, action, target_type, target_id, details)
        VALUES (app_uid(), 'tutor.guide', CASE WHEN p_component IS NULL THEN 'course'
                                          ELSE 'component' END, coalesce(p_component, p_course),
                jsonb_build_object('level', p_level, 'style', p_style, 'notes', p_notes));
    END IF;
    RETURN true;
END $$;

-- Takes the kept answers of a challenge out of its hints, before its author's change.
CREATE FUNCTION tutor_pins_away(p_component uuid) RETURNS void
    LANGUAGE sql AS $$
    DELETE FROM hints h USING pinned_answers p
    WHERE p.component_id = p_component AND h.component_id = p_component AND h.position = p.position
$$;

-- Puts those that are not among its hints behind its author's.
CREATE FUNCTION tutor_pins_back(p_component uuid) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    pin record;
    next_position int;
BEGIN
    FOR pin IN SELECT p.id, p.text FROM pinned_answers p
        WHERE p.component_id = p_component AND p.position IS NULL ORDER BY p.id
    LOOP
        SELECT coalesce(max(h.position) + 1, 0) INTO next_position
        FROM hints h WHERE h.component_id = p_component;
        INSERT INTO hints (component_id, position, text, cost, after_attempts)
        VALUES (p_component, next_position, pin.text, 0, 1);
        UPDATE pinned_answers SET position = next_position WHERE id = pin.id;
    END LOOP;
END $$;

-- Keeps an answer as a hint of its challenge, in the instructor's words; again changes the words.
-- False: not an answer about a challenge of a course that whoever asks teaches.
CREATE FUNCTION tutor_pin(p_interaction uuid, p_text text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    place record;
    pin uuid;
BEGIN
    SELECT k.id, k.course_id INTO place
    FROM ai_interactions i JOIN components k ON k.id = i.component_id
    JOIN challenges c ON c.component_id = k.id
    WHERE i.id = p_interaction AND tutor_teaches(k.course_id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO pinned_answers AS p (component_id, interaction_id, text, pinned_by)
    VALUES (place.id, p_interaction, p_text, app_uid())
    ON CONFLICT (component_id, interaction_id) DO UPDATE SET text = excluded.text
        WHERE p.text <> excluded.text
    RETURNING p.id INTO pin;
    IF pin IS NULL THEN
        RETURN true;
    END IF;
    UPDATE hints h SET text = p_text FROM pinned_answers p
    WHERE p.id = pin AND h.component_id = p.component_id AND h.position = p.position;
    PERFORM tutor_pins_back(place.id);
    INSERT INTO tutor_reviews (interaction_id, course_id, outcome, reviewed_by)
    VALUES (p_interaction, place.course_id, 'pinned', app_uid())
    ON CONFLICT (interaction_id) DO UPDATE SET outcome = 'pinned';
    INSERT INTO audit_log (actor_id, action, target_type, target_id, details)
    VALUES (app_uid(), 'tutor.pin', 'component', place.id,
            jsonb_build_object('answer', p_interaction, 'text', p_text));
    RETURN true;
END $$;

-- Takes a kept answer back; learners who opened it keep what they read. False: there is none.
CREATE FUNCTION tutor_unpin(p_interaction uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    place uuid;
BEGIN
    SELECT k.id INTO place FROM pinned_answers p JOIN components k ON k.id = p.component_id
    WHERE p.interaction_id = p_interaction AND tutor_teaches(k.course_id);
    IF place IS NULL THEN
        RETURN false;
    END IF;
    PERFORM tutor_pins_away(place);
    DELETE FROM pinned_answers WHERE component_id = place AND interaction_id = p_interaction;
    PERFORM tutor_pins_back(place);
    UPDATE tutor_reviews SET outcome = 'seen' WHERE interaction_id = p_interaction;
    INSERT INTO audit_log (actor_id, action, target_type, target_id, details)
    VALUES (app_uid(), 'tutor.unpin', 'component', place,
            jsonb_build_object('answer', p_interaction));
    RETURN true;
END $$;

-- Takes an answer off the queue. False: not one of a course that whoever asks teaches.
CREATE FUNCTION tutor_seen(p_course uuid, p_interaction uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM tutor_log(p_course, 'all', p_interaction, NULL, 1)) THEN
        RETURN false;
    END IF;
    INSERT INTO tutor_reviews (interaction_id, course_id, outcome, reviewed_by)
    VALUES (p_interaction, p_course, 'seen', app_uid()) ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION
    tutor_teaches(uuid), tutor_courses(), tutor_log(uuid, text, uuid, uuid, int),
    tutor_totals(uuid, timestamptz), tutor_guide(uuid, uuid, int, text, text),
    tutor_pins_away(uuid), tutor_pins_back(uuid), tutor_pin(uuid, text), tutor_unpin(uuid), tutor_seen(uuid, uuid)
    FROM PUBLIC;

GRANT EXECUTE ON FUNCTION
    tutor_teaches(uuid), tutor_courses(), tutor_log(uuid, text, uuid, uuid, int),
    tutor_totals(uuid, timestamptz), tutor_guide(uuid, uuid, int, text, text),
    tutor_pin(uuid, text), tutor_unpin(uuid), tutor_seen(uuid, uuid)
    TO stoa_app;

GRANT EXECUTE ON FUNCTION tutor_pins_away(uuid), tutor_pins_back(uuid) TO stoa_worker;
