-- The present learner's zone or quiet hours have changed: what was written before, and could not be
-- sent yet, may be sent until then and no later. A worker that is about to write one is waited for.
-- A message that is marked done may be on its way, and come back to be tried again.
CREATE FUNCTION shorten_scheduled(p_until timestamptz) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    shortened integer;
BEGIN
    PERFORM 1 FROM reminders WHERE user_id = app_uid() FOR UPDATE;
    PERFORM 1 FROM nudges WHERE user_id = app_uid() FOR UPDATE;
    UPDATE outbox SET expires_at = p_until
    WHERE user_id = app_uid() AND starts_with(idempotency_key, 'reminder:')
        AND state <> 'dead' AND expires_at > p_until;
    GET DIAGNOSTICS shortened = ROW_COUNT;
    RETURN shortened;
END $$;

REVOKE ALL ON FUNCTION shorten_scheduled(timestamptz) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION shorten_scheduled(timestamptz) TO stoa_app;
