-- Day after day: a missed day costs a freeze, or ends the run. Seven active days are a freeze.
DO $$
DECLARE
    one record;
    who uuid;
    zone text;
    previous date;
    began date;
    run integer := 0;
    longest integer := 0;
    total integer := 0;
    credit integer := 0;
    missing date;
BEGIN
    FOR one IN
        SELECT d.user_id, d.local_date, p.zone FROM active_days d
        JOIN person p ON p.user_id = d.user_id ORDER BY d.user_id, d.local_date
    LOOP
        IF one.user_id IS DISTINCT FROM who THEN
            IF who IS NOT NULL THEN
                INSERT INTO streaks (user_id, current_streak, longest_streak, last_activity_date,
                    streak_start_date, total_active_days, freezes_left, timezone)
                VALUES (who, run, longest, previous, began, total, credit / 7, zone);
            END IF;
            who := one.user_id; zone := one.zone; previous := NULL; began := one.local_date;
            run := 0; longest := 0; total := 0; credit := 0;
        END IF;
        missing := previous + 1;
        WHILE missing < one.local_date LOOP
            IF credit < 7 THEN
                run := 0; credit := 0; began := one.local_date;
                EXIT;
            END IF;
            credit := credit - 7;
            INSERT INTO active_days (user_id, local_date, is_frozen) VALUES (who, missing, true);
            missing := missing + 1;
        END LOOP;
        run := run + 1; total := total + 1; credit := least(credit + 1, 14);
        longest := greatest(longest, run); previous := one.local_date;
    END LOOP;
    IF who IS NOT NULL THEN
        INSERT INTO streaks (user_id, current_streak, longest_streak, last_activity_date,
            streak_start_date, total_active_days, freezes_left, timezone)
        VALUES (who, run, longest, previous, began, total, credit / 7, zone);
    END IF;
    INSERT INTO streaks (user_id, timezone) SELECT user_id, person.zone FROM person
    ON CONFLICT DO NOTHING;
END $$;
