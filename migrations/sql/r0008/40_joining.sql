-- Joining two learners into one. docs/linking.md says in words what becomes of each table's rows.

-- Every column that names a person, as the catalogue has it: so that no table can be forgotten.
-- `keyed`: the primary key holds the column; `others`: the rest of that key.
CREATE FUNCTION person_columns(OUT tab text, OUT col text, OUT keyed boolean, OUT others text[])
    RETURNS SETOF record
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.relname::text, a.attname::text, a.attnum = ANY (k.conkey),
        (SELECT coalesce(array_agg(o.attname::text ORDER BY o.attnum), '{}') FROM pg_attribute o
         WHERE o.attrelid = c.oid AND o.attnum = ANY (k.conkey) AND o.attnum <> a.attnum)
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition AND c.relname <> 'users' AND a.atttypid = 'uuid'::regtype
        AND (a.attname = 'user_id' OR EXISTS (
            SELECT FROM pg_constraint f
            WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
                AND f.confrelid = 'public.users'::regclass))
    ORDER BY 1, 2;
$$;

-- "a.x = b.x AND a.y = b.y"; true without columns.
CREATE FUNCTION same_columns(a text, b text, columns text[]) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(string_agg(format('%I.%I = %I.%I', a, c, b, c), ' AND '), 'true')
    FROM unnest(columns) AS c;
$$;

-- Keep what both learners' rows are before they are joined.
CREATE FUNCTION remember_rows(p_link uuid, stays uuid, goes uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    p record;
    names text;
BEGIN
    INSERT INTO link_rows (link_id, table_name, column_name, kind, content)
    SELECT p_link, 'users', 'id', CASE u.id WHEN goes THEN 'kept' ELSE 'before' END, to_jsonb(u)
    FROM users u WHERE u.id IN (stays, goes);
    FOR p IN SELECT * FROM person_columns() LOOP
        IF p.keyed THEN
            EXECUTE format(
                'INSERT INTO link_rows (link_id, table_name, column_name, kind, content)'
                ' SELECT $1, %1$L, %2$L, ''kept'', to_jsonb(t) FROM %1$I t WHERE %2$I = $2',
                p.tab, p.col) USING p_link, goes;
            EXECUTE format(
                'INSERT INTO link_rows (link_id, table_name, column_name, kind, content)'
                ' SELECT $1, %1$L, %2$L, ''before'', to_jsonb(t) FROM %1$I t WHERE %2$I = $3'
                ' AND EXISTS (SELECT FROM %1$I o WHERE o.%2$I = $2 AND %3$s)',
                p.tab, p.col, same_columns('o', 't', p.others)) USING p_link, goes, stays;
        ELSE
            SELECT string_agg(format('%L, t.%I', o, o), ', ') INTO names
            FROM unnest(p.others) AS o;
            EXECUTE format(
                'INSERT INTO link_rows (link_id, table_name, column_name, kind, content)'
                ' SELECT $1, %1$L, %2$L, ''moved'', jsonb_build_object(%3$s) FROM %1$I t'
                ' WHERE %2$I = $2', p.tab, p.col, names) USING p_link, goes;
        END IF;
    END LOOP;
END $$;

-- The best of both, where both have a row on the same thing.
CREATE FUNCTION unite_progress(stays uuid, goes uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE user_progress m
    SET status = CASE WHEN 'completed' IN (m.status, o.status) THEN 'completed'
                      WHEN 'in_progress' IN (m.status, o.status) THEN 'in_progress'
                      ELSE 'not_started' END,
        progress_percentage = greatest(m.progress_percentage, o.progress_percentage),
        best_score = greatest(m.best_score, o.best_score),
        latest_score = CASE
            WHEN o.latest_score IS NOT NULL AND (m.latest_score IS NULL OR coalesce(
                o.last_attempt_at > m.last_attempt_at, m.last_attempt_at IS NULL))
            THEN o.latest_score ELSE m.latest_score END,
        last_position = CASE WHEN o.last_position IS NOT NULL AND (
                m.last_position IS NULL OR o.updated_at > m.updated_at)
            THEN o.last_position ELSE m.last_position END,
        total_attempts = m.total_attempts + o.total_attempts,
        seconds_spent = m.seconds_spent + o.seconds_spent,
        started_at = least(m.started_at, o.started_at),
        first_completed_at = least(m.first_completed_at, o.first_completed_at),
        last_attempt_at = greatest(m.last_attempt_at, o.last_attempt_at),
        created_at = least(m.created_at, o.created_at)
    FROM user_progress o
    WHERE m.user_id = stays AND o.user_id = goes AND o.component_id = m.component_id;

    -- Of other pairs the lesser row goes; the better one is moved with the rest.
    DELETE FROM flashcard_progress m USING flashcard_progress o
    WHERE m.user_id = stays AND o.user_id = goes AND o.card_id = m.card_id
        AND (coalesce(o.stability, 0), coalesce(o.last_review_at, '-infinity'))
            > (coalesce(m.stability, 0), coalesce(m.last_review_at, '-infinity'));

    DELETE FROM adaptive_state m USING adaptive_state o
    WHERE m.user_id = stays AND o.user_id = goes AND o.course_id = m.course_id
        AND o.observations > m.observations;

    DELETE FROM user_achievements m USING user_achievements o
    WHERE m.user_id = stays AND o.user_id = goes AND o.achievement_id = m.achievement_id
        AND (coalesce(o.earned_at, 'infinity'), -o.progress_level)
            < (coalesce(m.earned_at, 'infinity'), -m.progress_level);

    DELETE FROM memberships m USING memberships o
    WHERE m.user_id = stays AND o.user_id = goes AND o.community_id = m.community_id
        AND array_position(ARRAY['student', 'instructor', 'moderator', 'admin'], o.role)
            > array_position(ARRAY['student', 'instructor', 'moderator', 'admin'], m.role);

    DELETE FROM course_collaborators m USING course_collaborators o
    WHERE m.user_id = stays AND o.user_id = goes AND o.course_id = m.course_id
        AND o.role = 'owner' AND m.role <> 'owner';

    DELETE FROM bookmarks m USING bookmarks o
    WHERE m.user_id = stays AND o.user_id = goes AND o.component_id = m.component_id
        AND m.note = '' AND o.note <> '';

    UPDATE user_profiles m
    SET timezone = coalesce(m.timezone, o.timezone), locale = coalesce(m.locale, o.locale)
    FROM user_profiles o WHERE m.user_id = stays AND o.user_id = goes;

    UPDATE users m SET is_platform_admin = m.is_platform_admin OR o.is_platform_admin
    FROM users o WHERE m.id = stays AND o.id = goes;
$$;

-- One enrollment for each course; the certificates of the other one go over.
CREATE FUNCTION unite_enrollments(p_link uuid, stays uuid, goes uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO link_rows (link_id, table_name, column_name, kind, content)
    SELECT p_link, 'enrollments', 'user_id', 'before', to_jsonb(m)
    FROM enrollments m JOIN enrollments o ON o.course_id = m.course_id
    WHERE m.user_id = stays AND o.user_id = goes;

    UPDATE link_rows r SET content = to_jsonb(k)
    FROM certificates k
    WHERE r.link_id = p_link AND r.table_name = 'certificates' AND r.column_name = 'user_id'
        AND k.id = (r.content ->> 'id')::uuid;

    UPDATE certificates k
    SET enrollment_id = m.id, user_id = stays,
        revoked_reason = CASE WHEN k.revoked_at IS NOT NULL THEN k.revoked_reason
            WHEN v.id IS NOT NULL THEN 'another account''s certificate stays valid' END,
        revoked_at = CASE WHEN v.id IS NOT NULL THEN coalesce(k.revoked_at, now())
            ELSE k.revoked_at END
    FROM enrollments o
    JOIN enrollments m ON m.course_id = o.course_id AND m.user_id = stays
    LEFT JOIN certificates v ON v.enrollment_id = m.id AND v.revoked_at IS NULL
    WHERE k.enrollment_id = o.id AND o.user_id = goes;

    UPDATE enrollments m
    SET status = CASE WHEN 'completed' IN (m.status, o.status) THEN 'completed'
                      WHEN 'active' IN (m.status, o.status) THEN 'active' ELSE m.status END,
        seconds_spent = m.seconds_spent + o.seconds_spent,
        enrolled_at = least(m.enrolled_at, o.enrolled_at),
        expires_at = CASE WHEN m.status = 'expired' AND o.status NOT IN ('active', 'completed')
                          THEN m.expires_at
                          WHEN m.expires_at IS NULL OR o.expires_at IS NULL THEN NULL
                          ELSE greatest(m.expires_at, o.expires_at) END,
        completed_at = least(m.completed_at, o.completed_at),
        dropped_at = CASE WHEN 'dropped' = m.status AND o.status IN ('dropped', 'expired')
                          THEN m.dropped_at END,
        last_component_id = CASE WHEN o.last_component_id IS NOT NULL AND (
                m.last_component_id IS NULL OR o.updated_at > m.updated_at)
            THEN o.last_component_id ELSE m.last_component_id END
    FROM enrollments o
    WHERE m.user_id = stays AND o.user_id = goes AND o.course_id = m.course_id;

    WITH gone AS (
        DELETE FROM enrollments o USING enrollments m
        WHERE o.user_id = goes AND m.user_id = stays AND m.course_id = o.course_id
        RETURNING o.id, to_jsonb(o) AS content)
    UPDATE link_rows r SET kind = 'aside', content = gone.content FROM gone
    WHERE r.link_id = p_link AND r.table_name = 'enrollments' AND r.column_name = 'user_id'
        AND r.kind = 'moved' AND (r.content ->> 'id')::uuid = gone.id;
$$;

-- A fact that both know counts once, with the better points. The other row stays as a fact that
-- gives none: its day was a day of learning all the same.
CREATE FUNCTION unite_ledger(p_link uuid, stays uuid, goes uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO link_rows (link_id, table_name, column_name, kind, content)
    SELECT p_link, 'activity_ledger', 'user_id', 'before',
           jsonb_build_object('id', m.id, 'source', m.source, 'xp', m.xp, 'kind', m.kind)
    FROM activity_ledger m JOIN activity_ledger o ON o.source = m.source
    WHERE m.user_id = stays AND o.user_id = goes AND o.xp > m.xp;

    UPDATE link_rows r
    SET content = r.content
        || jsonb_build_object('source', o.source, 'xp', o.xp, 'kind', o.kind)
    FROM activity_ledger o
    WHERE r.link_id = p_link AND r.table_name = 'activity_ledger' AND r.kind = 'moved'
        AND o.id = (r.content ->> 'id')::uuid;

    WITH lesser AS (
        SELECT CASE WHEN o.xp > m.xp THEN m.id ELSE o.id END AS id
        FROM activity_ledger m JOIN activity_ledger o ON o.source = m.source
        WHERE m.user_id = stays AND o.user_id = goes)
    UPDATE activity_ledger l
    SET source = 'again:' || l.id || ':' || l.source, xp = 0,
        kind = CASE WHEN l.kind IN ('freeze', 'reward') THEN 'reward' ELSE 'again' END
    FROM lesser WHERE l.id = lesser.id;
$$;

-- How the days of the one that joins were counted; from now on the first account's choice holds.
CREATE FUNCTION set_aside_settings(p_link uuid, goes uuid) RETURNS void
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

-- Attempts are counted in the order in which they were begun.
CREATE FUNCTION number_attempts(p_user uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE assessment_attempts SET attempt_number = attempt_number + 1000000
    WHERE user_id = p_user;

    UPDATE assessment_attempts t SET attempt_number = n.number
    FROM (SELECT id, row_number() OVER (PARTITION BY assessment_id ORDER BY started_at, id)
          AS number FROM assessment_attempts WHERE user_id = p_user) n
    WHERE t.id = n.id;
$$;

-- Whatever else may be there once for each person: the first account's row stays.
CREATE FUNCTION set_aside_doubles(p_link uuid, stays uuid, goes uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    p record;
    u record;
    f record;
    doubles uuid[];
BEGIN
    FOR p IN SELECT * FROM person_columns() LOOP
        IF p.keyed THEN
            EXECUTE format(
                'DELETE FROM %1$I o WHERE o.%2$I = $2 AND EXISTS ('
                ' SELECT FROM %1$I m WHERE m.%2$I = $1 AND %3$s)',
                p.tab, p.col, same_columns('m', 'o', p.others)) USING stays, goes;
            CONTINUE;
        END IF;
        FOR u IN
            SELECT coalesce(pg_get_expr(x.indpred, x.indrelid), 'true') AS condition,
                (SELECT array_agg(b.attname::text) FROM pg_attribute b
                 WHERE b.attrelid = x.indrelid AND b.attnum = ANY (x.indkey::smallint[])
                     AND b.attname <> p.col) AS others
            FROM pg_index x
            JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = p.col
            WHERE x.indrelid = format('public.%I', p.tab)::regclass AND x.indisunique
                AND NOT x.indisprimary AND a.attnum = ANY (x.indkey::smallint[])
                AND NOT 0 = ANY (x.indkey::smallint[])
        LOOP
            EXECUTE format(
                'SELECT array_agg(o.id)'
                ' FROM (SELECT * FROM %1$I WHERE %2$I = $2 AND (%4$s)) o'
                ' JOIN (SELECT * FROM %1$I WHERE %2$I = $1 AND (%4$s)) m ON %3$s',
                p.tab, p.col, same_columns('m', 'o', u.others), u.condition)
            INTO doubles USING stays, goes;
            CONTINUE WHEN doubles IS NULL;
            EXECUTE format(
                'UPDATE link_rows r SET kind = ''aside'', content = to_jsonb(d) FROM %1$I d'
                ' WHERE r.link_id = $1 AND r.table_name = %1$L AND r.column_name = %2$L'
                ' AND r.kind = ''moved'' AND d.id = ANY ($2)'
                ' AND (r.content ->> ''id'')::uuid = d.id', p.tab, p.col)
            USING p_link, doubles;
            -- What hangs on them goes with them, and must come back with them.
            FOR f IN
                SELECT k.conrelid::regclass::text AS tab,
                    (SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[
                         array_position(k.confkey, (SELECT b.attnum FROM pg_attribute b
                             WHERE b.attrelid = k.confrelid AND b.attname = 'id'))]) AS col
                FROM pg_constraint k
                WHERE k.contype = 'f' AND k.confdeltype = 'c' AND k.conparentid = 0
                    AND k.confrelid = format('public.%I', p.tab)::regclass
            LOOP
                EXECUTE format(
                    'INSERT INTO link_rows (link_id, table_name, column_name, kind, content)'
                    ' SELECT $1, %1$L, %2$L, ''aside'', to_jsonb(t) FROM %1$I t'
                    ' WHERE t.%2$I = ANY ($2)', f.tab, f.col) USING p_link, doubles;
            END LOOP;
            EXECUTE format('DELETE FROM %I WHERE id = ANY ($1)', p.tab) USING doubles;
        END LOOP;
    END LOOP;
END $$;

-- Nobody changes these learners' rows until the transaction ends.
CREATE FUNCTION hold_learners(a uuid, b uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(least(a, b)::text, 8));
    PERFORM pg_advisory_xact_lock(hashtextextended(greatest(a, b)::text, 8));
    PERFORM FROM users WHERE id IN (a, b) ORDER BY id FOR UPDATE;
END $$;

-- Where both learners have an attempt open, the one that was begun earlier: it must be handed in
-- before they can be joined.
CREATE FUNCTION doubly_open(p_link uuid)
    RETURNS TABLE (user_id uuid, attempt_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN a.started_at <= b.started_at THEN a.user_id ELSE b.user_id END,
           CASE WHEN a.started_at <= b.started_at THEN a.id ELSE b.id END
    FROM account_links l
    JOIN identities i ON i.id = l.joining_id
    JOIN assessment_attempts a ON a.user_id = l.user_id AND a.status = 'in_progress'
    JOIN assessment_attempts b ON b.user_id = i.user_id AND b.status = 'in_progress'
        AND b.assessment_id = a.assessment_id
    WHERE l.id = p_link AND l.user_id = app_uid() AND l.status = 'confirmed';
$$;

-- Join the learners of a link that both accounts confirmed: all rows of the one that joins become
-- the present learner's. Gives the id of the learner that is gone; NULL when the link is not ready.
CREATE FUNCTION join_learners(p_link uuid, p_now timestamptz) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    l account_links;
    p record;
    stays uuid := app_uid();
    goes uuid;
    forgotten boolean;
BEGIN
    SELECT i.user_id INTO goes FROM account_links k JOIN identities i ON i.id = k.joining_id
    WHERE k.id = p_link AND k.user_id = stays;
    IF goes IS NULL OR goes = stays THEN
        RETURN NULL;
    END IF;
    PERFORM hold_learners(stays, goes);
    SELECT k.* INTO l FROM account_links k WHERE k.id = p_link FOR UPDATE;
    IF l.user_id IS DISTINCT FROM stays OR l.status <> 'confirmed' OR l.expires_at <= p_now THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM identities WHERE id = l.joining_id AND user_id = goes)
        OR EXISTS (SELECT FROM doubly_open(p_link)) THEN
        RAISE EXCEPTION 'changed meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    IF EXISTS (SELECT FROM identities a JOIN identities b USING (provider)
               WHERE a.user_id = stays AND b.user_id = goes)
        OR EXISTS (SELECT FROM users u WHERE u.id IN (stays, goes) AND u.status <> 'active') THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('app.linking', 'on', true);
    SET CONSTRAINTS ALL DEFERRED;
    UPDATE account_links SET status = 'cancelled'
    WHERE user_id = goes AND status IN ('open', 'claimed', 'confirmed');
    UPDATE account_links
    SET status = 'joined', absorbed_id = goes, joined_at = p_now, merged_at = now()
    WHERE id = p_link;
    PERFORM remember_rows(p_link, stays, goes);
    DELETE FROM follows WHERE (user_id, followed_id) IN ((stays, goes), (goes, stays));
    PERFORM unite_progress(stays, goes);
    PERFORM unite_enrollments(p_link, stays, goes);
    PERFORM unite_ledger(p_link, stays, goes);
    PERFORM set_aside_settings(p_link, goes);
    UPDATE assessment_attempts SET attempt_number = attempt_number + 2000000 WHERE user_id = goes;
    PERFORM set_aside_doubles(p_link, stays, goes);
    FOR p IN SELECT * FROM person_columns() LOOP
        EXECUTE format('UPDATE %I SET %I = $1 WHERE %2$I = $2', p.tab, p.col) USING stays, goes;
    END LOOP;
    PERFORM number_attempts(stays);
    FOR p IN SELECT * FROM person_columns() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)', p.tab, p.col)
        INTO forgotten USING goes;
        IF forgotten THEN
            RAISE EXCEPTION 'rows of %.% were not moved', p.tab, p.col;
        END IF;
    END LOOP;
    DELETE FROM users WHERE id = goes;
    INSERT INTO audit_log (actor_id, action, target_type, target_id, details)
    VALUES (stays, 'account.link', 'user', goes, jsonb_build_object('link', p_link));
    SET CONSTRAINTS ALL IMMEDIATE;
    PERFORM set_config('app.linking', '', true);
    RETURN goes;
END $$;
