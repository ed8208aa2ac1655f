-- How the days of the one that joins were counted; from now on the first account's choice holds.
CREATE OR REPLACE FUNCTION set_aside_settings(p_link uuid, goes uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT * FROM person_columns() WHERE tab IN ('study_days', 'day_settings') LOOP
        IF NOT p.keyed THEN
            EXECUTE format(
                'UPDATE link_rows r SET kind = ''aside'', content = to_jsonb(t) FROM %1$I t'
                ' WHERE r.link_id = $1 AND r.table_name = %1$L AND r.column_name = %2$L'
                ' AND r.kind = ''moved'' AND t.id = (r.content ->> ''id'')::uuid',
                p.tab, p.col) USING p_link;
        END IF;
        EXECUTE format('DELETE FROM %I WHERE %I = $1', p.tab, p.col) USING goes;
    END LOOP;
END $$;

DROP FUNCTION unite_choices(uuid, uuid);

DROP FUNCTION tutor_settle(uuid, int, timestamptz, boolean, interval);

DROP FUNCTION tutor_reserve(
    uuid, uuid, uuid, int, timestamptz, timestamptz, int, interval, bigint, bigint);

DROP FUNCTION tutor_give_back(timestamptz, interval);

DROP TABLE tutor_consents;

DROP TABLE tutor_usage;

DROP TABLE tutor_reservations;

DROP TABLE tutor_hearts;
