-- Passages of published lessons and the words in them, by which a learner's question finds them.

CREATE TABLE passages (
    id UUID DEFAULT uuidv7() NOT NULL,
    course_id UUID NOT NULL,
    component_id UUID NOT NULL,
    lesson INTEGER NOT NULL,
    section INTEGER NOT NULL,
    page INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    words INTEGER NOT NULL,
    CONSTRAINT pk_passages PRIMARY KEY (id),
    CONSTRAINT ck_passages_lesson CHECK (lesson >= 1),
    CONSTRAINT ck_passages_section CHECK (section >= 1),
    CONSTRAINT ck_passages_page CHECK (page >= 0),
    CONSTRAINT ck_passages_words CHECK (words >= 0),
    CONSTRAINT uq_passages_section UNIQUE (component_id, section),
    CONSTRAINT uq_passages_id_course UNIQUE (id, course_id),
    CONSTRAINT fk_passages_component FOREIGN KEY(component_id, course_id) REFERENCES components (id, course_id) ON DELETE CASCADE
);

CREATE INDEX ix_passages_component ON passages (component_id, course_id);

CREATE INDEX ix_passages_course ON passages (course_id, lesson, section);

CREATE TABLE passage_terms (
    course_id UUID NOT NULL,
    lexeme TEXT NOT NULL,
    passage_id UUID NOT NULL,
    tf INTEGER NOT NULL,
    CONSTRAINT pk_passage_terms PRIMARY KEY (course_id, lexeme, passage_id),
    CONSTRAINT ck_passage_terms_tf CHECK (tf >= 1),
    CONSTRAINT fk_passage_terms_passage FOREIGN KEY(passage_id, course_id) REFERENCES passages (id, course_id) ON DELETE CASCADE
);

CREATE INDEX ix_passage_terms_passage ON passage_terms (passage_id, course_id);

-- How words of a language are brought to their stems; "simple" where PostgreSQL knows no stems.
CREATE FUNCTION passage_config(p_language text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE split_part(lower(p_language), '-', 1)
        WHEN 'ar' THEN 'arabic'::regconfig WHEN 'hy' THEN 'armenian'::regconfig
        WHEN 'eu' THEN 'basque'::regconfig WHEN 'ca' THEN 'catalan'::regconfig
        WHEN 'da' THEN 'danish'::regconfig WHEN 'nl' THEN 'dutch'::regconfig
        WHEN 'en' THEN 'english'::regconfig WHEN 'fi' THEN 'finnish'::regconfig
        WHEN 'fr' THEN 'french'::regconfig WHEN 'de' THEN 'german'::regconfig
        WHEN 'el' THEN 'greek'::regconfig WHEN 'hi' THEN 'hindi'::regconfig
        WHEN 'hu' THEN 'hungarian'::regconfig WHEN 'id' THEN 'indonesian'::regconfig
        WHEN 'ga' THEN 'irish'::regconfig WHEN 'it' THEN 'italian'::regconfig
        WHEN 'lt' THEN 'lithuanian'::regconfig WHEN 'ne' THEN 'nepali'::regconfig
        WHEN 'nb' THEN 'norwegian'::regconfig WHEN 'nn' THEN 'norwegian'::regconfig
        WHEN 'no' THEN 'norwegian'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig
        WHEN 'ro' THEN 'romanian'::regconfig WHEN 'ru' THEN 'russian'::regconfig
        WHEN 'sr' THEN 'serbian'::regconfig WHEN 'es' THEN 'spanish'::regconfig
        WHEN 'sv' THEN 'swedish'::regconfig WHEN 'ta' THEN 'tamil'::regconfig
        WHEN 'tr' THEN 'turkish'::regconfig WHEN 'yi' THEN 'yiddish'::regconfig
        ELSE 'simple'::regconfig END
$$;

-- The stems of a text and how often each occurs. Without stems, the first five letters of a word
-- stand for all its endings.
CREATE FUNCTION passage_lexemes(p_language text, p_text text)
    RETURNS TABLE (lexeme text, tf int)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN passage_config(p_language) = 'simple'::regconfig AND w.lexeme ~ '^\D+$'
                THEN left(w.lexeme, 5) ELSE w.lexeme END,
           sum(cardinality(w.positions))::int
    FROM unnest(to_tsvector(passage_config(p_language), p_text)) w
    GROUP BY 1
$$;

REVOKE ALL ON passages, passage_terms FROM stoa_app, stoa_ro;

REVOKE ALL ON FUNCTION passage_config(text), passage_lexemes(text, text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION passage_config(text), passage_lexemes(text, text)
    TO stoa_app, stoa_worker;

GRANT SELECT ON passages, passage_terms TO stoa_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON passages, passage_terms TO stoa_worker;
