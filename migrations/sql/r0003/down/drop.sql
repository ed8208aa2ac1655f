DROP SCHEMA jobs CASCADE;

CREATE INDEX ix_outbox_due ON outbox (run_at) WHERE state = 'pending';

ALTER TABLE outbox DROP COLUMN platform, DROP COLUMN address;
