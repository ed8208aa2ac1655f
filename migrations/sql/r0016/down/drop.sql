DROP FUNCTION drop_scheduled(text[]);

DROP TABLE told;

DROP TABLE nudges;
