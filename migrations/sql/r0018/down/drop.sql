DROP FUNCTION tutor_settle(uuid, int, timestamptz, boolean, interval);

DROP FUNCTION tutor_reserve(
    uuid, uuid, uuid, int, timestamptz, timestamptz, int, interval, bigint, bigint);

DROP FUNCTION tutor_give_back(timestamptz, interval);

DROP TABLE tutor_consents;

DROP TABLE tutor_usage;

DROP TABLE tutor_reservations;

DROP TABLE tutor_hearts;
