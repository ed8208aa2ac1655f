-- A course is purged with its questions and its lists of them, whichever goes first.
ALTER TABLE assessment_questions ALTER CONSTRAINT fk_assessment_questions_question_id
    DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE components ALTER CONSTRAINT fk_components_unit DEFERRABLE INITIALLY DEFERRED;
