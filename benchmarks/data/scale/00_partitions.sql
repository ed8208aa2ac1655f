-- Months that are over: the product makes partitions from last month on.
DO $$
DECLARE
    parent text;
    month timestamptz;
    months timestamptz[];
BEGIN
    SELECT array_agg(m AT TIME ZONE 'UTC') INTO months FROM size s, generate_series(
        date_trunc('month', s.begins AT TIME ZONE 'UTC'),
        date_trunc('month', s.until AT TIME ZONE 'UTC'), interval '1 month') AS m;
    SET LOCAL ROLE stoa_owner;
    FOREACH parent IN ARRAY '{challenge_attempts,learning_sessions}'::text[] LOOP
        FOREACH month IN ARRAY months LOOP
            CONTINUE WHEN to_regclass(
                parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM')) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM'), parent,
                uuid7_floor(month),
                uuid7_floor(((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'));
        END LOOP;
    END LOOP;
    RESET ROLE;
END $$;
