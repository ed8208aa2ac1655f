-- Give back the asker's hearts of reservations whose process died before it could settle them.
-- Whoever calls it holds the asker's lock.
CREATE FUNCTION tutor_give_back(p_now timestamptz, p_refill interval) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH expired AS (
        UPDATE tutor_reservations SET outcome = 'expired', settled_at = p_now
        WHERE user_id = app_uid() AND settled_at IS NULL AND expires_at <= p_now
        RETURNING coalesce(course_id, '00000000-0000-0000-0000-000000000000') AS place)
    UPDATE tutor_hearts h SET full_at = h.full_at - e.number * p_refill
    FROM (SELECT place, count(*) AS number FROM expired GROUP BY place) e
    WHERE h.user_id = app_uid() AND h.place = e.place
$$;

REVOKE ALL ON FUNCTION tutor_give_back(timestamptz, interval) FROM PUBLIC;

-- Set aside one heart and so many tokens for the asker's next question, or say why not:
-- again (this id was used), busy (another question is on its way), hearts, community, day.
-- Caps count what was spent and what is reserved; a reservation that expired no longer counts.
--
-- The lock on the day's row orders all who reserve, so call it last in a transaction.
CREATE FUNCTION tutor_reserve(
    p_id uuid, p_course uuid, p_community uuid, p_tokens int, p_now timestamptz, p_until timestamptz,
    p_hearts int, p_refill interval, p_community_cap bigint, p_day_cap bigint,
    OUT why text, OUT until timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := app_uid();
    nowhere constant uuid := '00000000-0000-0000-0000-000000000000';
    today date := (p_now AT TIME ZONE 'UTC')::date;
    full_then timestamptz;
    used bigint;
BEGIN
    IF me IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody asks';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('tutor ' || me, 0));
    PERFORM tutor_give_back(p_now, p_refill);
    IF EXISTS (SELECT FROM tutor_reservations r WHERE r.id = p_id) THEN
        why := 'again';
        RETURN;
    END IF;
    SELECT r.expires_at INTO until FROM tutor_reservations r
    WHERE r.user_id = me AND r.settled_at IS NULL;
    IF FOUND THEN
        why := 'busy';
        RETURN;
    END IF;
    SELECT h.full_at INTO full_then FROM tutor_hearts h
    WHERE h.user_id = me AND h.place = coalesce(p_course, nowhere);
    full_then := greatest(coalesce(full_then, p_now), p_now) + p_refill;
    IF full_then > p_now + p_hearts * p_refill THEN
        why := 'hearts';
        until := full_then - p_hearts * p_refill;
        RETURN;
    END IF;
    INSERT INTO tutor_usage (day) VALUES (today) ON CONFLICT (day, community_id) DO NOTHING;
    SELECT u.tokens INTO used FROM tutor_usage u
    WHERE u.day = today AND u.community_id IS NULL FOR UPDATE;
    until := (today + 1)::timestamp AT TIME ZONE 'UTC';
    used := used + (
        SELECT coalesce(sum(r.tokens), 0) FROM tutor_reservations r
        WHERE r.day = today AND r.settled_at IS NULL AND r.expires_at > p_now);
    IF used + p_tokens > p_day_cap THEN
        why := 'day';
        RETURN;
    END IF;
    -- Nobody spends what belongs to a group they are not in.
    SELECT m.community_id INTO p_community FROM memberships m
    WHERE m.user_id = me AND m.community_id = p_community;
    used := coalesce((
        SELECT u.tokens FROM tutor_usage u WHERE u.day = today AND u.community_id = p_community
    ), 0) + (
        SELECT coalesce(sum(r.tokens), 0) FROM tutor_reservations r
        WHERE r.day = today AND r.community_id = p_community
            AND r.settled_at IS NULL AND r.expires_at > p_now);
    IF p_community IS NOT NULL AND used + p_tokens > p_community_cap THEN
        why := 'community';
        RETURN;
    END IF;
    DELETE FROM tutor_reservations r
    WHERE r.user_id = me AND r.made_at < p_now - interval '7 days';
    INSERT INTO tutor_reservations
        (id, user_id, course_id, community_id, day, tokens, made_at, expires_at)
    VALUES (p_id, me, p_course, p_community, today, p_tokens, p_now, p_until);
    INSERT INTO tutor_hearts (user_id, place, course_id, full_at)
    VALUES (me, coalesce(p_course, nowhere), p_course, full_then)
    ON CONFLICT (user_id, place) DO UPDATE SET full_at = excluded.full_at;
    until := NULL;
END $$;

REVOKE ALL ON FUNCTION tutor_reserve(
    uuid, uuid, uuid, int, timestamptz, timestamptz, int, interval, bigint, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION tutor_reserve(
    uuid, uuid, uuid, int, timestamptz, timestamptz, int, interval, bigint, bigint) TO stoa_app;

-- Book what a question really took, once; the heart goes back with p_refund. A bill that comes after
-- its reservation expired still counts towards the caps: it was spent. Says whether it was booked.
CREATE FUNCTION tutor_settle(
    p_id uuid, p_tokens int, p_now timestamptz, p_refund boolean, p_refill interval)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kept tutor_reservations;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tutor ' || app_uid(), 0));
    SELECT * INTO kept FROM tutor_reservations
    WHERE id = p_id AND user_id = app_uid() AND spent IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE tutor_reservations SET spent = p_tokens, settled_at = coalesce(settled_at, p_now),
        outcome = coalesce(outcome, CASE WHEN p_refund THEN 'refunded' ELSE 'settled' END)
    WHERE id = p_id;
    IF p_refund AND kept.settled_at IS NULL THEN
        UPDATE tutor_hearts SET full_at = full_at - p_refill
        WHERE user_id = app_uid()
            AND place = coalesce(kept.course_id, '00000000-0000-0000-0000-000000000000');
    END IF;
    IF p_tokens > 0 THEN
        -- In one order everywhere, so that nobody waits for each other: all, then the community.
        INSERT INTO tutor_usage (day, tokens, answers) VALUES (kept.day, p_tokens, 1)
        ON CONFLICT (day, community_id) DO UPDATE
        SET tokens = tutor_usage.tokens + p_tokens, answers = tutor_usage.answers + 1;
        IF kept.community_id IS NOT NULL THEN
            INSERT INTO tutor_usage (day, community_id, tokens, answers)
            VALUES (kept.day, kept.community_id, p_tokens, 1)
            ON CONFLICT (day, community_id) DO UPDATE
            SET tokens = tutor_usage.tokens + p_tokens, answers = tutor_usage.answers + 1;
        END IF;
    END IF;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION tutor_settle(uuid, int, timestamptz, boolean, interval) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION tutor_settle(uuid, int, timestamptz, boolean, interval) TO stoa_app;
