-- Joining two accounts of one person, from the code that is shown to the parting years later.

ALTER TABLE identities ADD COLUMN locale text;

CREATE TABLE account_links (
    id uuid DEFAULT uuidv7() NOT NULL,
    user_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    joining_id uuid,
    absorbed_id uuid,
    status text DEFAULT 'open' NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    joined_at timestamp with time zone,
    merged_at timestamp with time zone,
    parted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pk_account_links PRIMARY KEY (id),
    CONSTRAINT ck_account_links_status CHECK (status IN ('open', 'claimed', 'confirmed', 'joined', 'parted', 'cancelled')),
    CONSTRAINT ck_account_links_joining CHECK ((status IN ('open', 'cancelled')) OR (joining_id IS NOT NULL)),
    CONSTRAINT ck_account_links_joined CHECK ((status IN ('joined', 'parted')) = (num_nulls(absorbed_id, joined_at, merged_at) = 0)),
    CONSTRAINT ck_account_links_parted CHECK ((status = 'parted') = (parted_at IS NOT NULL)),
    CONSTRAINT fk_account_links_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_account_links_identity_id FOREIGN KEY(identity_id) REFERENCES identities (id) ON DELETE CASCADE,
    CONSTRAINT fk_account_links_joining_id FOREIGN KEY(joining_id) REFERENCES identities (id) ON DELETE CASCADE
);

CREATE INDEX ix_account_links_user_id ON account_links (user_id);

CREATE INDEX ix_account_links_identity_id ON account_links (identity_id);

CREATE INDEX ix_account_links_joining_id ON account_links (joining_id);

CREATE UNIQUE INDEX uq_account_links_one_live ON account_links (user_id)
    WHERE status IN ('open', 'claimed', 'confirmed');

-- What the rows of both learners were when they were joined, so that they can be parted again.
CREATE TABLE link_rows (
    id uuid DEFAULT uuidv7() NOT NULL,
    link_id uuid NOT NULL,
    table_name text NOT NULL,
    column_name text NOT NULL,
    kind text NOT NULL,
    content jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pk_link_rows PRIMARY KEY (id),
    CONSTRAINT ck_link_rows_kind CHECK (kind IN ('moved', 'kept', 'aside', 'before')),
    CONSTRAINT fk_link_rows_link_id FOREIGN KEY(link_id) REFERENCES account_links (id) ON DELETE CASCADE
);

CREATE INDEX ix_link_rows_link_id ON link_rows (link_id, table_name, kind);

-- The bots' own accounts, so that one platform can point at the other; the latest one is right.
CREATE TABLE bot_accounts (
    platform text NOT NULL,
    username text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pk_bot_accounts PRIMARY KEY (platform, username),
    CONSTRAINT ck_bot_accounts_platform CHECK (platform IN ('discord', 'telegram')),
    CONSTRAINT ck_bot_accounts_username CHECK (char_length(username) BETWEEN 1 AND 100)
);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON account_links
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON bot_accounts
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- A learner's rows change hands one table after the other; the pairs are looked at when all is done.
ALTER TABLE assessment_answers ALTER CONSTRAINT fk_assessment_answers_attempt DEFERRABLE;

ALTER TABLE certificates ALTER CONSTRAINT fk_certificates_enrollment DEFERRABLE;

-- States may also go back, but only while accounts are joined or parted by the owner's functions.
CREATE OR REPLACE FUNCTION allow_moves() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent text := regexp_replace(TG_TABLE_NAME, '_(default|[0-9]{4}_[0-9]{2})$', '');
BEGIN
    IF current_user = 'stoa_owner' AND current_setting('app.linking', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot go from % to %', parent, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_' || parent || '_moves';
    END IF;
    RETURN NEW;
END $$;
