-- Who is first, among those who agreed to be shown; ties share a place. The asker may look at a
-- course they are in and at a group they belong to. Nothing but a name and a number goes out.
--
-- p_kind: week, group (of p_target, this week), course, challenge or all. p_week is a Monday.
-- The first p_most places, and the asker's own as far as it is among the first thousand.
CREATE FUNCTION board(p_kind text, p_target uuid, p_week date, p_most integer)
    RETURNS TABLE (place bigint, name text, value numeric, is_me boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := app_uid();
BEGIN
    IF me IS NULL
        OR (p_kind = 'group' AND NOT EXISTS (
            SELECT FROM memberships m WHERE m.user_id = me AND m.community_id = p_target))
        OR (p_kind = 'course' AND NOT EXISTS (
            SELECT FROM enrollments e WHERE e.user_id = me AND e.course_id = p_target))
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH consenting AS (
        SELECT u.id AS user_id, p.display_name, u.handle, t.board_name
        FROM users u
        JOIN user_settings t ON t.user_id = u.id AND t.show_on_boards
        JOIN user_profiles p ON p.user_id = u.id
        WHERE u.status = 'active' AND u.deleted_at IS NULL
    ), scored AS (
        (SELECT s.user_id, s.week_xp::numeric AS value
         FROM user_stats s JOIN consenting c ON c.user_id = s.user_id
         WHERE p_kind = 'week' AND s.week_start = p_week AND s.week_xp > 0
         ORDER BY s.week_xp DESC LIMIT 1000)
        UNION ALL
        (SELECT s.user_id, s.xp::numeric
         FROM user_stats s JOIN consenting c ON c.user_id = s.user_id
         WHERE p_kind = 'all' AND s.xp > 0
         ORDER BY s.xp DESC LIMIT 1000)
        UNION ALL
        (SELECT s.user_id, s.week_xp::numeric
         FROM memberships m JOIN user_stats s ON s.user_id = m.user_id
         JOIN consenting c ON c.user_id = s.user_id
         WHERE p_kind = 'group' AND m.community_id = p_target
             AND s.week_start = p_week AND s.week_xp > 0
         ORDER BY s.week_xp DESC LIMIT 1000)
        UNION ALL
        (SELECT e.user_id, e.completed_count::numeric
         FROM enrollments e JOIN consenting c ON c.user_id = e.user_id
         WHERE p_kind = 'course' AND e.course_id = p_target AND e.completed_count > 0
             AND e.status IN ('active', 'completed')
         ORDER BY e.completed_count DESC LIMIT 1000)
        UNION ALL
        (SELECT g.user_id, g.best_score
         FROM user_progress g JOIN consenting c ON c.user_id = g.user_id
         WHERE p_kind = 'challenge' AND g.component_id = p_target AND g.status = 'completed'
             AND g.best_score IS NOT NULL
         ORDER BY g.best_score DESC LIMIT 1000)
    ), ranked AS (
        SELECT s.user_id, s.value, rank() OVER (ORDER BY s.value DESC) AS place FROM scored s
    )
    SELECT r.place,
        CASE c.board_name
            WHEN 'name' THEN c.display_name
            WHEN 'handle' THEN coalesce(c.handle, 'Learner ' || upper(left(md5(r.user_id::text), 4)))
            ELSE 'Learner ' || upper(left(md5(r.user_id::text), 4)) END,
        r.value, r.user_id = me
    FROM ranked r JOIN consenting c ON c.user_id = r.user_id
    WHERE r.place <= p_most OR r.user_id = me
    ORDER BY r.user_id = me DESC, r.place, r.user_id
    LIMIT p_most + 1;
END $$;

REVOKE ALL ON FUNCTION board(text, uuid, date, integer) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION board(text, uuid, date, integer) TO stoa_app;
