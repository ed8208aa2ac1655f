-- The answer to each event, so that the same event again changes nothing.

CREATE TABLE receipts (
    identity_id uuid NOT NULL,
    event_id text NOT NULL,
    reply jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pk_receipts PRIMARY KEY (identity_id, event_id),
    CONSTRAINT fk_receipts_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE
);

ALTER TABLE receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE receipts FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON receipts
    USING (identity_id IN (SELECT i.id FROM identities i WHERE i.user_id = (SELECT app_uid())))
    WITH CHECK (identity_id IN (SELECT i.id FROM identities i WHERE i.user_id = (SELECT app_uid())));

GRANT SELECT, INSERT ON receipts TO stoa_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON receipts TO stoa_worker;
