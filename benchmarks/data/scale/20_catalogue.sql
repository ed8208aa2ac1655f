INSERT INTO languages (code, name)
VALUES ('en', 'English'), ('de', 'Deutsch'), ('es', 'español'), ('fr', 'français'),
       ('pl', 'polski')
ON CONFLICT DO NOTHING;

INSERT INTO courses (id, slug, title, summary, description, language_code, difficulty, license,
                     authors, status, active_version, estimated_minutes, pass_percentage,
                     created_at, updated_at)
SELECT c.course_id, lower(c.manner || '-' || c.subject || '-' || c.n),
       c.manner || ' ' || c.subject || ' for ' || c.reader || ' ' || c.n,
       'A ' || lower(c.manner) || ' way into ' || lower(c.subject) || ', written for ' || c.reader,
       repeat('Small steps, each with something to try. ', 8), c.language, c.difficulty,
       'CC-BY-4.0', '{Generated}', 'published', 1, 300, 70, s.begins, s.begins
FROM course c, size s;

INSERT INTO course_versions (id, course_id, version, status, tree_hash, created_at, published_at)
SELECT pg_temp.key(s.begins, s.seed || ' version ' || c.n), c.course_id, 1, 'published',
       md5(c.n::text), s.begins, s.begins
FROM course c, size s;

INSERT INTO tags (id, name)
SELECT pg_temp.key(s.begins, s.seed || ' tag ' || n), 'topic-' || n
FROM size s, generate_series(0, 39) AS n;

INSERT INTO course_tags (course_id, tag_id)
SELECT c.course_id, pg_temp.key(s.begins, s.seed || ' tag ' || (c.n * 7 + k * 13) % 40)
FROM course c, size s, generate_series(0, 1) AS k;

INSERT INTO units (id, course_id, key, title, position)
SELECT DISTINCT unit_id, course_id, 'unit-' || place / 10, 'Part ' || place / 10 + 1, place / 10
FROM item;

INSERT INTO components (id, course_id, unit_id, lesson_id, key, slug, kind, title, position,
                        difficulty, estimated_minutes, points, is_preview, is_primary, status)
SELECT component_id, course_id, unit_id, CASE WHEN kind <> 'lesson' THEN lesson_id END,
       kind || '-' || place, kind || '-' || place, kind, initcap(kind) || ' ' || place + 1,
       place % 10, 1 + place / 10, 8, CASE WHEN kind = 'challenge' THEN 6 ELSE 0 END,
       place = 0, kind = 'quiz', 'published'
FROM item;

INSERT INTO component_prerequisites (component_id, requires_component_id)
SELECT component_id, lesson_id FROM item WHERE kind = 'quiz';

-- The courses that only fill the catalogue have one unit of three lessons.
INSERT INTO units (id, course_id, key, title, position)
SELECT pg_temp.key(s.begins, s.seed || ' only unit ' || c.n), c.course_id, 'all', 'All of it', 0
FROM course c, size s WHERE NOT c.is_studied;

INSERT INTO components (id, course_id, unit_id, key, slug, kind, title, position, difficulty,
                        estimated_minutes, status)
SELECT pg_temp.key(s.begins, s.seed || ' filler ' || c.n || ' ' || k), c.course_id,
       pg_temp.key(s.begins, s.seed || ' only unit ' || c.n), 'lesson-' || k, 'lesson-' || k,
       'lesson', 'Lesson ' || k + 1, k, c.difficulty, 8, 'published'
FROM course c, size s, generate_series(0, 2) AS k WHERE NOT c.is_studied;

INSERT INTO lessons (component_id) SELECT id FROM components WHERE kind = 'lesson';

INSERT INTO lesson_versions (component_id, version, pages, content_hash)
SELECT l.component_id, 1,
       (SELECT jsonb_agg('Page ' || k || '. ' || repeat('One idea at a time, with an example. ', 30))
        FROM generate_series(1, 4) AS k),
       md5(l.component_id::text)
FROM lessons l;

INSERT INTO assessments (component_id, assessment_type, passing_score, reveal)
SELECT component_id, 'practice', 70, 'after_question' FROM item WHERE kind = 'quiz';

INSERT INTO question_bank (id, course_id, key, kind, difficulty, status)
SELECT pg_temp.key(s.begins, s.seed || ' question ' || i.n || ' ' || k), i.course_id,
       'q-' || i.place || '-' || k, 'single', 1 + k, 'published'
FROM item i, size s, generate_series(0, 4) AS k WHERE i.kind = 'quiz';

INSERT INTO question_versions (question_id, version, prompt, data, answer, explanation,
                               content_hash)
SELECT q.id, 1, 'Which of these is number ' || q.difficulty || '?',
       '{"options": ["one", "two", "three", "four", "five"]}',
       jsonb_build_object('correct', jsonb_build_array(q.difficulty - 1), 'feedback', '[]'::jsonb,
                          'partial', true),
       'Counting starts with one.', md5(q.id::text)
FROM question_bank q WHERE q.course_id IN (SELECT course_id FROM item);

INSERT INTO assessment_questions (assessment_id, question_id, position)
SELECT i.component_id, pg_temp.key(s.begins, s.seed || ' question ' || i.n || ' ' || k), k
FROM item i, size s, generate_series(0, 4) AS k WHERE i.kind = 'quiz';

INSERT INTO challenges (component_id, language)
SELECT component_id, 'python' FROM item WHERE kind = 'challenge';

INSERT INTO challenge_versions (component_id, version, title, instructions, starter_files,
                                solution_files, language, mode, function_name, limits, content_hash)
SELECT component_id, 1, 'Challenge ' || place + 1, repeat('Write a function that adds. ', 20),
       '{"solution.py": "def add(a, b):\n    ...\n"}',
       '{"solution.py": "def add(a, b):\n    return a + b\n"}', 'python', 'call', 'add',
       '{"time_s": 2, "memory_mb": 128}', md5(component_id::text)
FROM item WHERE kind = 'challenge';

INSERT INTO challenge_tests (component_id, version, position, key, name, points, is_sample, spec)
SELECT component_id, 1, k, 'case-' || k, 'Adds ' || k || ' and 1', 1, k < 2,
       jsonb_build_object('args', jsonb_build_array(k, 1), 'expected', k + 1)
FROM item, generate_series(0, 5) AS k WHERE kind = 'challenge';

INSERT INTO hints (component_id, position, text, cost)
SELECT component_id, k, 'Hint ' || k + 1 || ': look at the operator.', k
FROM item, generate_series(0, 2) AS k WHERE kind = 'challenge';
