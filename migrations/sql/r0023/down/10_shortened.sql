DROP FUNCTION shorten_scheduled(timestamptz);
