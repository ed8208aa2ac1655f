DROP FUNCTION tutor_spend(int, timestamptz, bigint);

DROP TABLE passage_vectors;

ALTER TABLE passages DROP COLUMN digest;
