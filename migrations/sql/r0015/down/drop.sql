-- Answers that are kept as hints stop being hints.
DELETE FROM hints h USING pinned_answers p
WHERE h.component_id = p.component_id AND h.position = p.position;

DROP FUNCTION
    tutor_seen(uuid, uuid), tutor_unpin(uuid), tutor_pin(uuid, text), tutor_pins_back(uuid),
    tutor_pins_away(uuid), tutor_guide(uuid, uuid, int, text, text),
    tutor_log(uuid, text, uuid, uuid, int), tutor_totals(uuid, timestamptz), tutor_courses(),
    tutor_teaches(uuid), passage_lexemes(text, text), passage_config(text);

DROP TABLE tutor_reviews, pinned_answers, tutor_guidance, passage_terms, passages;
