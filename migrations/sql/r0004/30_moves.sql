-- The arguments are the moves that `status` may make, as 'from>to'. A partition speaks of its
-- parent, so that the name of the broken rule is the same every month.
CREATE OR REPLACE FUNCTION allow_moves() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent text := regexp_replace(TG_TABLE_NAME, '_(default|[0-9]{4}_[0-9]{2})$', '');
BEGIN
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot go from % to %', parent, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || parent || '_moves';
    END IF;
    RETURN NEW;
END $$;
