-- Functions that tables, policies and the application stand on.

-- The learner whose request this is; NULL when nobody was set (the policies then show nothing).
CREATE FUNCTION app_uid() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.user_id', true), '')::uuid;

CREATE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;

-- The arguments are the moves that `status` may make, as 'from>to'.
CREATE FUNCTION allow_moves() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || TG_TABLE_NAME || '_moves';
    END IF;
    RETURN NEW;
END $$;

-- Units stand inside units, lessons inside lessons: at most three deep, and never in a circle.
-- One course is changed by one transaction at a time, so that two halves of a circle meet.
CREATE FUNCTION check_nesting() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    above integer;
    below integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.course_id::text, 1));
    EXECUTE format(
        'WITH RECURSIVE up AS ('
        ' SELECT id, parent_id, 1 AS depth FROM %1$I.%2$I WHERE id = $1'
        ' UNION ALL SELECT t.id, t.parent_id, up.depth + 1 FROM %1$I.%2$I t'
        ' JOIN up ON t.id = up.parent_id WHERE up.depth < 4)'
        ' SELECT max(depth) FROM up', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO above USING NEW.id;
    EXECUTE format(
        'WITH RECURSIVE down AS ('
        ' SELECT id, 1 AS depth FROM %1$I.%2$I WHERE id = $1'
        ' UNION ALL SELECT t.id, down.depth + 1 FROM %1$I.%2$I t'
        ' JOIN down ON t.parent_id = down.id WHERE down.depth < 4)'
        ' SELECT max(depth) FROM down', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO below USING NEW.id;
    IF above + below - 1 > 3 THEN
        RAISE EXCEPTION '% may be nested three deep and not in a circle', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || TG_TABLE_NAME || '_nesting';
    END IF;
    RETURN NULL;
END $$;

-- The arguments are the two columns: what waits, and what it waits for.
CREATE FUNCTION check_prerequisites() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    circular boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_NAME, 2));
    EXECUTE format(
        'WITH RECURSIVE needed AS ('
        ' SELECT ($1).%4$I AS id UNION'
        ' SELECT t.%4$I FROM %1$I.%2$I t JOIN needed ON t.%3$I = needed.id)'
        ' SELECT EXISTS (SELECT FROM needed WHERE id = ($1).%3$I)',
        TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1]) INTO circular USING NEW;
    IF circular THEN
        RAISE EXCEPTION '% would wait for itself', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || TG_TABLE_NAME || '_circle';
    END IF;
    RETURN NULL;
END $$;

-- The smallest uuid of version 7 minted at or after an instant: the edge of a partition.
CREATE FUNCTION uuid7_floor(at timestamptz) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN rpad(lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

-- Makes the missing monthly partitions (UTC) of every partitioned table, from last month to
-- `months` ahead, and moves rows there that waited in the default partition. Gives their number.
CREATE FUNCTION ensure_partitions(months integer DEFAULT 3) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    parent regclass;
    start timestamptz;
    low uuid;
    high uuid;
    child text;
    columns text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ensure_partitions', 3));
    FOR parent IN
        SELECT p.partrelid FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
        WHERE c.relnamespace = 'public'::regnamespace AND p.partstrat = 'r' ORDER BY c.relname
    LOOP
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
        FROM pg_attribute
        WHERE attrelid = parent AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        FOR start IN
            SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m))
                AT TIME ZONE 'UTC'
            FROM generate_series(-1, months) AS m
        LOOP
            child := parent::text || to_char(start AT TIME ZONE 'UTC', '_YYYY_MM');
            CONTINUE WHEN to_regclass('public.' || child) IS NOT NULL;
            low := uuid7_floor(start);
            high := uuid7_floor(((start AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
            EXECUTE format('CREATE TABLE public.%I (LIKE %s INCLUDING ALL)', child, parent);
            EXECUTE format('REVOKE ALL ON public.%I FROM stoa_app, stoa_ro', child);
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', child);
            EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', child);
            EXECUTE format(
                'WITH moved AS (DELETE FROM public.%1$I WHERE id >= %3$L AND id < %4$L'
                ' RETURNING %5$s) INSERT INTO public.%2$I (%5$s) SELECT %5$s FROM moved',
                parent::text || '_default', child, low, high, columns);
            EXECUTE format(
                'ALTER TABLE %s ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                parent, child, low, high);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;

REVOKE ALL ON FUNCTION ensure_partitions(integer) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION ensure_partitions(integer) TO stoa_worker;
