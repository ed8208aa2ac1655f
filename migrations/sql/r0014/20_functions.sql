-- The skill that a task belongs to: the author's field (the outer one of two), else the unit.
-- A question has its own field; without one it belongs where its quiz does.
CREATE FUNCTION skill_of(p_component uuid, p_question uuid) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce('field:' || coalesce(o.code, d.code), 'unit:' || u.key, 'course')
    FROM components c
    LEFT JOIN units u ON u.id = c.unit_id
    LEFT JOIN question_bank q ON q.id = p_question
    LEFT JOIN domains d ON d.id = coalesce(q.domain_id, c.domain_id, u.domain_id)
    LEFT JOIN domains o ON o.id = d.parent_id
    WHERE c.id = p_component
$$;

REVOKE ALL ON FUNCTION skill_of(uuid, uuid) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION skill_of(uuid, uuid) TO stoa_app, stoa_worker;
