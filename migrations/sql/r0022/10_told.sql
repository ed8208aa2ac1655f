-- Whoever reaches a goal while they are at work is told so at once, in the reply to it. That is kept
-- with what was told in messages, so that none says it again.
GRANT INSERT ON told TO stoa_app;
