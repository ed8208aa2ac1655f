-- Parting what was joined: what an account brought goes back, what came since stays.

-- Insert a row as it was, unless it is there; columns that are gone or computed are left out.
CREATE FUNCTION put_back(p_table text, p_row jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    names text;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO names
    FROM pg_attribute a
    WHERE a.attrelid = format('public.%I', p_table)::regclass AND a.attnum > 0
        AND NOT a.attisdropped AND a.attgenerated = '' AND p_row ? a.attname;
    EXECUTE format(
        'INSERT INTO %1$I (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$I, $1)'
        ' ON CONFLICT DO NOTHING',
        p_table, names) USING p_row;
EXCEPTION WHEN foreign_key_violation THEN
    NULL;  -- what it was about, such as a page of a course, is gone
END $$;

-- "t.x = ($1 ->> 'x')::uuid AND ..." for the columns of a key.
CREATE FUNCTION named_by(p_table text, p_columns text[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(string_agg(format(
        't.%I = ($1 ->> %L)::%s', c, c, format_type(a.atttypid, a.atttypmod)), ' AND '), 'true')
    FROM unnest(p_columns) AS c
    JOIN pg_attribute a ON a.attrelid = format('public.%I', p_table)::regclass AND a.attname = c;
$$;

-- Rows whose key holds the person: the one that goes gets its row back as it was; the one that
-- stays gets its own back, too, unless it was changed since they were joined.
CREATE FUNCTION part_keyed(p_link uuid, stays uuid, goes uuid, merged timestamptz) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    p record;
    kept record;
    earlier jsonb;
    unchanged text;
    removed integer;
BEGIN
    FOR p IN SELECT * FROM person_columns() WHERE keyed LOOP
        unchanged := CASE WHEN EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = format('public.%I', p.tab)::regclass
                AND attname = 'updated_at' AND NOT attisdropped)
            THEN 't.updated_at <= $3' ELSE '$3 IS NOT NULL' END;
        FOR kept IN
            SELECT content FROM link_rows
            WHERE link_id = p_link AND table_name = p.tab AND column_name = p.col
                AND kind = 'kept'
        LOOP
            SELECT b.content INTO earlier FROM link_rows b
            WHERE b.link_id = p_link AND b.table_name = p.tab AND b.column_name = p.col
                AND b.kind = 'before' AND NOT EXISTS (
                    SELECT FROM unnest(p.others) AS o
                    WHERE b.content -> o IS DISTINCT FROM kept.content -> o);
            EXECUTE format(
                'DELETE FROM %I t WHERE t.%I = $2 AND %s AND %s',
                p.tab, p.col, named_by(p.tab, p.others), unchanged)
            USING kept.content, stays, merged;
            GET DIAGNOSTICS removed = ROW_COUNT;
            IF removed > 0 AND earlier IS NOT NULL THEN
                -- By now it may be a third learner who stays.
                PERFORM put_back(p.tab, earlier || jsonb_build_object(p.col, stays));
            ELSIF removed = 0 AND p.tab = 'user_progress' THEN
                UPDATE user_progress t
                SET total_attempts = greatest(
                        0, t.total_attempts - (kept.content ->> 'total_attempts')::integer),
                    seconds_spent = greatest(
                        0, t.seconds_spent - (kept.content ->> 'seconds_spent')::integer)
                WHERE t.user_id = stays
                    AND t.component_id = (kept.content ->> 'component_id')::uuid;
            END IF;
            PERFORM put_back(p.tab, kept.content);
        END LOOP;
    END LOOP;
END $$;

-- Part what a link joined. The present learner keeps what was learned since; the other one is
-- made again with the rows it brought. Gives its id; NULL when there is nothing to part.
CREATE FUNCTION part_learners(p_link uuid, p_now timestamptz) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    l account_links;
    p record;
    r record;
    stays uuid := app_uid();
BEGIN
    SELECT k.* INTO l FROM account_links k WHERE k.id = p_link;
    IF l.user_id IS DISTINCT FROM stays OR l.status <> 'joined' THEN
        RETURN NULL;
    END IF;
    PERFORM hold_learners(stays, l.absorbed_id);
    SELECT k.* INTO l FROM account_links k WHERE k.id = p_link FOR UPDATE;
    IF l.user_id IS DISTINCT FROM stays OR l.status <> 'joined' THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('app.linking', 'on', true);
    SET CONSTRAINTS ALL DEFERRED;
    -- A handle or address that somebody took meanwhile stays theirs.
    PERFORM put_back('users', k.content
        - CASE WHEN EXISTS (SELECT FROM users o
                            WHERE lower(o.handle) = lower(k.content ->> 'handle'))
          THEN ARRAY['handle'] ELSE '{}' END
        - CASE WHEN EXISTS (SELECT FROM users o
                            WHERE lower(o.email) = lower(k.content ->> 'email'))
          THEN ARRAY['email', 'email_verified_at'] ELSE '{}' END)
    FROM link_rows k
    WHERE k.link_id = p_link AND k.table_name = 'users' AND k.kind = 'kept';
    UPDATE users u SET is_platform_admin = (b.content ->> 'is_platform_admin')::boolean
    FROM link_rows b
    JOIN link_rows k ON k.link_id = b.link_id AND k.table_name = 'users' AND k.kind = 'kept'
    WHERE b.link_id = p_link AND b.table_name = 'users' AND b.kind = 'before' AND u.id = stays
        AND (k.content ->> 'is_platform_admin')::boolean;
    UPDATE account_links SET status = 'cancelled'
    WHERE user_id = stays AND status IN ('open', 'claimed', 'confirmed');

    UPDATE assessment_attempts t SET attempt_number = t.attempt_number + 2000000
    FROM link_rows k
    WHERE k.link_id = p_link AND k.table_name = 'assessment_attempts' AND k.kind = 'moved'
        AND t.id = (k.content ->> 'id')::uuid;
    FOR p IN SELECT * FROM person_columns() WHERE NOT keyed LOOP
        EXECUTE format(
            'UPDATE %1$I t SET %2$I = $3 FROM link_rows k WHERE k.link_id = $1'
            ' AND k.table_name = %1$L AND k.column_name = %2$L AND k.kind = ''moved'''
            ' AND t.%2$I = $2 AND %3$s', p.tab, p.col,
            replace(named_by(p.tab, p.others), '$1', 'k.content'))
        USING p_link, stays, l.absorbed_id;
    END LOOP;
    FOR r IN
        SELECT table_name, content FROM link_rows
        WHERE link_id = p_link AND kind = 'aside' ORDER BY id
    LOOP
        PERFORM put_back(r.table_name, r.content);
    END LOOP;
    PERFORM part_keyed(p_link, stays, l.absorbed_id, l.merged_at);
    -- Votes that came back were counted once more.
    UPDATE course_feedback t
    SET upvote_count = (SELECT count(*) FROM feedback_upvotes v WHERE v.feedback_id = t.id)
    WHERE t.user_id = l.absorbed_id;

    UPDATE certificates t
    SET enrollment_id = (k.content ->> 'enrollment_id')::uuid,
        revoked_at = (k.content ->> 'revoked_at')::timestamptz,
        revoked_reason = k.content ->> 'revoked_reason'
    FROM link_rows k
    WHERE k.link_id = p_link AND k.table_name = 'certificates' AND k.column_name = 'user_id'
        AND k.kind = 'moved' AND t.id = (k.content ->> 'id')::uuid;
    UPDATE enrollments t
    SET status = was.status, seconds_spent = was.seconds_spent, enrolled_at = was.enrolled_at,
        expires_at = was.expires_at, completed_at = was.completed_at,
        dropped_at = was.dropped_at, last_component_id = was.last_component_id
    FROM link_rows b, LATERAL jsonb_populate_record(NULL::enrollments, b.content) AS was
    WHERE b.link_id = p_link AND b.table_name = 'enrollments' AND b.kind = 'before'
        AND t.id = was.id AND t.updated_at <= l.merged_at;
    UPDATE enrollments t
    SET seconds_spent = greatest(
        0, t.seconds_spent - (k.content ->> 'seconds_spent')::integer)
    FROM link_rows k
    WHERE k.link_id = p_link AND k.table_name = 'enrollments' AND k.kind = 'aside'
        AND t.user_id = stays AND t.course_id = (k.content ->> 'course_id')::uuid
        AND t.updated_at > l.merged_at AND t.updated_at < now();
    UPDATE activity_ledger t 
    SET source = k.content ->> 'source', xp = (k.content ->> 'xp')::integer,
        kind = k.content ->> 'kind'
    FROM link_rows k
    WHERE k.link_id = p_link AND k.table_name = 'activity_ledger' AND k.kind IN ('moved', 'before')
        AND t.id = (k.content ->> 'id')::uuid;

    PERFORM number_attempts(stays);
    PERFORM number_attempts(l.absorbed_id);
    UPDATE account_links SET status = 'parted', parted_at = p_now WHERE id = p_link;
    INSERT INTO audit_log (actor_id, action, target_type, target_id, details)
    VALUES (stays, 'account.unlink', 'user', l.absorbed_id, jsonb_build_object('link', p_link));
    SET CONSTRAINTS ALL IMMEDIATE;
    DELETE FROM link_rows WHERE link_id = p_link;
    PERFORM set_config('app.linking', '', true);
    RETURN l.absorbed_id;
END $$;
