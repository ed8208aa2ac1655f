ALTER TABLE user_profiles DROP CONSTRAINT ck_user_profiles_learning_goals;

ALTER TABLE users DROP CONSTRAINT ck_users_suspended;

ALTER TABLE activity_ledger DROP CONSTRAINT ck_activity_ledger_kind;
