DROP FUNCTION passage_lexemes(text, text), passage_config(text);

DROP TABLE passage_terms, passages;
