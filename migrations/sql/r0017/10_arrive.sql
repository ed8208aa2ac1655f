-- All that a request needs before anything else, in one round trip: it becomes its learner, holds
-- their lock, and reads who they are, what the chat remembers, and whether the event was answered.
-- Nothing when the account is not this learner's. As the caller, so row-level security holds; each
-- statement of the function sees what was committed before it began, so the second one sees what
-- the lock waited for.
CREATE FUNCTION arrive(
    p_user_id uuid, p_provider text, p_subject text, p_place text, p_event text)
    RETURNS TABLE (
        user_id uuid, identity_id uuid, status text, status_reason text, status_until timestamptz,
        is_platform_admin boolean, last_active_at timestamptz, display_name text, timezone text,
        locale text, text_size text, day_ends time, told text,
        state jsonb, version integer, reply text)
    LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.user_id', p_user_id::text, true), lock_learner(p_user_id);
    RETURN QUERY
        SELECT u.id, i.id, u.status, u.status_reason, u.status_until,
               u.is_platform_admin, u.last_active_at, p.display_name, p.timezone,
               p.locale, s.text_size, s.day_ends, i.locale,
               c.state, coalesce(c.version, 0), r.reply::text
        FROM identities i
        JOIN users u ON u.id = i.user_id AND u.deleted_at IS NULL
        LEFT JOIN user_profiles p ON p.user_id = u.id
        LEFT JOIN user_settings s ON s.user_id = u.id
        LEFT JOIN conversations c ON c.identity_id = i.id AND c.place_id = p_place
        LEFT JOIN receipts r ON r.identity_id = i.id AND r.event_id = p_event
        WHERE i.provider = p_provider AND i.subject = p_subject AND i.user_id = p_user_id;
END $$;

REVOKE ALL ON FUNCTION arrive(uuid, text, text, text, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION arrive(uuid, text, text, text, text) TO stoa_app, stoa_worker;
