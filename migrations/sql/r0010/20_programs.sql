-- Programs that pass, of people who agreed that the tutor may compare others' programs with them. The
-- asker must have tried the same challenge; nobody's own is among them, and no name goes out. Fewer
-- than p_least are none: one other person's program would say too much about that person.
CREATE FUNCTION lent_programs(p_challenge uuid, p_version integer, p_least integer, p_most integer)
    RETURNS TABLE (files jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH newest AS (
        SELECT DISTINCT ON (a.user_id) a.id, a.files
        FROM challenge_attempts a
        JOIN user_settings s ON s.user_id = a.user_id AND s.lends_programs
        JOIN users u ON u.id = a.user_id AND u.status = 'active' AND u.deleted_at IS NULL
        WHERE a.component_id = p_challenge AND a.version = p_version AND a.status = 'passed'
            AND a.user_id <> app_uid()
            AND EXISTS (SELECT FROM challenge_attempts mine
                        WHERE mine.user_id = app_uid() AND mine.component_id = p_challenge)
        ORDER BY a.user_id, a.id DESC)
    SELECT n.files FROM newest n
    WHERE (SELECT count(*) FROM newest) >= p_least
    ORDER BY n.id DESC LIMIT p_most
$$;

REVOKE ALL ON FUNCTION lent_programs(uuid, integer, integer, integer) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION lent_programs(uuid, integer, integer, integer) TO stoa_app;
