-- The team a newcomer joins: the smallest, the lowest number among equals; null without teams.
-- It counts the players of a round and tells nothing else of them.
CREATE FUNCTION live_next_team(p_round uuid, p_teams int) RETURNS smallint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF p_teams = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('live ' || p_round, 0));
    RETURN (
        SELECT t FROM generate_series(0, p_teams - 1) t
        LEFT JOIN live_players p ON p.round_id = p_round AND p.team = t
        GROUP BY t ORDER BY count(p.id), t LIMIT 1);
END $$;

REVOKE ALL ON FUNCTION live_next_team(uuid, int) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION live_next_team(uuid, int) TO stoa_app, stoa_worker;

-- The largest extension of time, in percent, among those who are here: a question waits for the
-- slowest without telling who that is.
CREATE FUNCTION live_slowest(p_round uuid) RETURNS int
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(extension_percent), 100) FROM live_players
    WHERE round_id = p_round AND left_at IS NULL
$$;

-- How many have answered a question: a number, and nothing of what they said.
CREATE FUNCTION live_answered(p_round uuid, p_position int) RETURNS int
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM live_answers WHERE round_id = p_round AND position = p_position
$$;

-- Whether somebody who was asked a closed question did not get all of it right; not who.
CREATE FUNCTION live_was_missed(p_round uuid, p_position int) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM live_questions q
        JOIN live_players p ON p.round_id = q.round_id AND p.joined_at_position <= q.position
        LEFT JOIN live_answers a ON a.player_id = p.id AND a.position = q.position
        WHERE q.round_id = p_round AND q.position = p_position AND q.closed_at IS NOT NULL
            AND NOT q.is_void AND (a.player_id IS NULL OR a.right_parts < a.parts))
$$;

-- Who plays under a name that everybody in the chat can read; null when nobody or several do.
CREATE FUNCTION live_player_called(p_round uuid, p_name text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN count(*) = 1 THEN (array_agg(user_id))[1] END FROM live_players
    WHERE round_id = p_round AND left_at IS NULL AND lower(name) = lower(p_name)
$$;

REVOKE ALL ON FUNCTION live_player_called(uuid, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION live_player_called(uuid, text) TO stoa_app;

REVOKE ALL ON FUNCTION
    live_slowest(uuid), live_answered(uuid, int), live_was_missed(uuid, int) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION
    live_slowest(uuid), live_answered(uuid, int), live_was_missed(uuid, int)
    TO stoa_app, stoa_worker;

-- The group behind a place, made at its first use, and the asker's membership in it.
CREATE FUNCTION enter_community(p_platform text, p_place text, p_title text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found uuid;
BEGIN
    INSERT INTO communities (platform, place_id, title)
    VALUES (p_platform, p_place, coalesce(nullif(left(btrim(p_title), 200), ''), p_place))
    ON CONFLICT (platform, place_id) DO UPDATE SET title = CASE
        WHEN nullif(btrim(p_title), '') IS NULL THEN communities.title
        ELSE left(btrim(p_title), 200) END
    RETURNING id INTO found;
    INSERT INTO memberships (user_id, community_id) VALUES (app_uid(), found)
    ON CONFLICT DO NOTHING;
    RETURN found;
END $$;

REVOKE ALL ON FUNCTION enter_community(text, text, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION enter_community(text, text, text) TO stoa_app;
