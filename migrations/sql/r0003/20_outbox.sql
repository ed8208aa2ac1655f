-- Each message carries its address, so that a sender claims its own platform's from one index.

ALTER TABLE outbox ADD COLUMN platform text;

ALTER TABLE outbox ADD COLUMN address text;

UPDATE outbox SET platform = c.platform, address = c.address
FROM delivery_channels c WHERE c.id = outbox.channel_id;

UPDATE outbox SET platform = i.provider, address = i.subject
FROM identities i
WHERE outbox.platform IS NULL AND i.provider IN ('discord', 'telegram', 'terminal')
    AND (i.id = outbox.identity_id
        OR (outbox.identity_id IS NULL AND i.user_id = outbox.user_id));

DELETE FROM outbox WHERE platform IS NULL;

ALTER TABLE outbox ALTER COLUMN platform SET NOT NULL;

ALTER TABLE outbox ALTER COLUMN address SET NOT NULL;

ALTER TABLE outbox
    ADD CONSTRAINT ck_outbox_platform CHECK (platform IN ('discord', 'telegram', 'terminal'));
