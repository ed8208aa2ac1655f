-- The present learner wants none of these kinds: what waits goes at once, also what was tried and did
-- not arrive. A worker that is about to write one is waited for; one that comes later reads what was
-- chosen.
CREATE OR REPLACE FUNCTION drop_scheduled(p_kinds text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM 1 FROM reminders WHERE user_id = app_uid() FOR UPDATE;
    PERFORM 1 FROM nudges WHERE user_id = app_uid() FOR UPDATE;
    DELETE FROM outbox
    WHERE user_id = app_uid() AND state = 'pending'
        AND (kind = ANY (p_kinds) OR payload -> 'kinds' ?| p_kinds);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
