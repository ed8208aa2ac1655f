-- Enumerations and states that only the program kept until now.

ALTER TABLE activity_ledger ADD CONSTRAINT ck_activity_ledger_kind
    CHECK (kind IN ('lesson', 'quiz', 'challenge', 'assignment', 'cards', 'freeze')) NOT VALID;

ALTER TABLE activity_ledger VALIDATE CONSTRAINT ck_activity_ledger_kind;

ALTER TABLE users ADD CONSTRAINT ck_users_suspended
    CHECK ((status <> 'suspended') OR (status_reason IS NOT NULL)) NOT VALID;

ALTER TABLE users VALIDATE CONSTRAINT ck_users_suspended;

ALTER TABLE user_profiles ADD CONSTRAINT ck_user_profiles_learning_goals
    CHECK (char_length(learning_goals) BETWEEN 0 AND 1000) NOT VALID;

ALTER TABLE user_profiles VALIDATE CONSTRAINT ck_user_profiles_learning_goals;
