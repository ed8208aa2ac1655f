ALTER TABLE account_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE account_links FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON account_links
    USING (user_id = (SELECT app_uid()))
    WITH CHECK (user_id = (SELECT app_uid()));

ALTER TABLE link_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE link_rows FORCE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON link_rows
    USING (link_id IN (SELECT l.id FROM account_links l WHERE l.user_id = (SELECT app_uid())))
    WITH CHECK (link_id IN (SELECT l.id FROM account_links l WHERE l.user_id = (SELECT app_uid())));

-- Written by the functions alone.
REVOKE ALL ON account_links, link_rows, bot_accounts FROM stoa_app, stoa_ro;

GRANT SELECT ON account_links, bot_accounts TO stoa_app;

REVOKE ALL ON FUNCTION
    lock_learner(uuid), note_locale(uuid, text),
    open_link(uuid, bytea, bytea, timestamptz, timestamptz),
    claim_link(bytea, uuid, timestamptz, timestamptz),
    burn_link(bytea, timestamptz), my_links(), confirm_link(uuid, timestamptz, timestamptz),
    cancel_link(uuid), tell_linked(uuid, boolean, text, jsonb, timestamptz, timestamptz),
    person_columns(), same_columns(text, text, text[]), remember_rows(uuid, uuid, uuid),
    unite_progress(uuid, uuid), unite_enrollments(uuid, uuid, uuid),
    unite_ledger(uuid, uuid, uuid), set_aside_settings(uuid, uuid), number_attempts(uuid),
    set_aside_doubles(uuid, uuid, uuid),
    hold_learners(uuid, uuid), doubly_open(uuid), join_learners(uuid, timestamptz),
    put_back(text, jsonb), named_by(text, text[]), part_keyed(uuid, uuid, uuid, timestamptz),
    part_learners(uuid, timestamptz)
    FROM PUBLIC;

GRANT EXECUTE ON FUNCTION
    lock_learner(uuid), note_locale(uuid, text),
    open_link(uuid, bytea, bytea, timestamptz, timestamptz),
    claim_link(bytea, uuid, timestamptz, timestamptz),
    burn_link(bytea, timestamptz), my_links(), confirm_link(uuid, timestamptz, timestamptz),
    cancel_link(uuid), tell_linked(uuid, boolean, text, jsonb, timestamptz, timestamptz),
    doubly_open(uuid), join_learners(uuid, timestamptz), part_learners(uuid, timestamptz)
    TO stoa_app;

-- What was joined is derived again in the same transaction, by the program.
GRANT DELETE ON user_achievements TO stoa_app;
