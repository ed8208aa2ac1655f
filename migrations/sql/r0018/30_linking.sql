-- Where one of two learners that become one has said no to something, no is what was said.
CREATE FUNCTION unite_choices(stays uuid, goes uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE user_settings m
    SET show_on_boards = m.show_on_boards AND o.show_on_boards,
        tutor_history = m.tutor_history AND o.tutor_history,
        lends_programs = m.lends_programs AND o.lends_programs
    FROM user_settings o
    WHERE m.user_id = stays AND o.user_id = goes;

    -- Two yeses of which one was to a service that does not train are no yes to one that does.
    UPDATE tutor_consents m
    SET is_allowed = m.is_allowed AND o.is_allowed, trains = m.trains AND o.trains,
        decided_at = greatest(m.decided_at, o.decided_at)
    FROM tutor_consents o
    WHERE m.user_id = stays AND o.user_id = goes AND o.destination = m.destination;
$$;

REVOKE ALL ON FUNCTION unite_choices(uuid, uuid) FROM PUBLIC;

-- How the days of the one that joins were counted: from now on the first account's choice holds.
-- What may be seen and sent: from now on the stricter choice of both holds.
CREATE OR REPLACE FUNCTION set_aside_settings(p_link uuid, goes uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    p record;
BEGIN
    PERFORM unite_choices(l.user_id, goes) FROM account_links l WHERE l.id = p_link;
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
