CREATE OR REPLACE FUNCTION drop_scheduled(p_kinds text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM 1 FROM reminders WHERE user_id = app_uid() FOR UPDATE;
    PERFORM 1 FROM nudges WHERE user_id = app_uid() FOR UPDATE;
    DELETE FROM outbox
    WHERE user_id = app_uid() AND state = 'pending' AND attempts = 0
        AND (kind = ANY (p_kinds) OR payload -> 'kinds' ?| p_kinds);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
