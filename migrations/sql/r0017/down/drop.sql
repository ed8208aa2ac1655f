DROP FUNCTION arrive(uuid, text, text, text, text);
