CREATE INDEX ix_inbound_updates_waiting ON inbound_updates (platform, received_at)
    WHERE handled_at IS NULL;

ALTER TABLE inbound_updates
    DROP COLUMN receiver, DROP COLUMN lane, DROP COLUMN sequence, DROP COLUMN owner,
    DROP COLUMN tries, DROP COLUMN error;
