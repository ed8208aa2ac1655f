-- Updates of a platform that does not keep them wait here, in order within a lane (a chat).

ALTER TABLE inbound_updates
    ADD COLUMN receiver text NOT NULL DEFAULT '',
    ADD COLUMN lane text NOT NULL DEFAULT '',
    ADD COLUMN sequence bigint NOT NULL DEFAULT '0',
    ADD COLUMN owner text,
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN error text;

ALTER TABLE inbound_updates ADD CONSTRAINT ck_inbound_updates_sequence
    CHECK (sequence >= 0) NOT VALID;

ALTER TABLE inbound_updates VALIDATE CONSTRAINT ck_inbound_updates_sequence;

ALTER TABLE inbound_updates ADD CONSTRAINT ck_inbound_updates_tries CHECK (tries >= 0) NOT VALID;

ALTER TABLE inbound_updates VALIDATE CONSTRAINT ck_inbound_updates_tries;

ALTER TABLE inbound_updates ADD CONSTRAINT ck_inbound_updates_error
    CHECK ((error IS NULL) OR (handled_at IS NOT NULL)) NOT VALID;

ALTER TABLE inbound_updates VALIDATE CONSTRAINT ck_inbound_updates_error;
