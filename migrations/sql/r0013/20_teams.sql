-- Gives everybody in a lobby a team, evenly and in the order they came; or none, without teams.
CREATE FUNCTION live_deal_teams(p_round uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('live ' || p_round, 0));
    UPDATE live_players p
    SET team = CASE WHEN r.team_count > 0 THEN (o.place - 1) % r.team_count END
    FROM live_rounds r, (
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM live_players WHERE round_id = p_round) o
    WHERE r.id = p_round AND r.phase = 'lobby' AND p.id = o.id;
END $$;

REVOKE ALL ON FUNCTION live_deal_teams(uuid) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION live_deal_teams(uuid) TO stoa_app, stoa_worker;
