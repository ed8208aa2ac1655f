-- The choices of this data set as sums and hashes, so that the same seed gives the same rows.
-- `size` (one row) was made before this file: seed, learners, items, attempts, courses, days, until.

CREATE FUNCTION pg_temp.noise(stream bigint, n bigint) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(n, stream) & 9007199254740991)::float8 / 9007199254740992;

CREATE FUNCTION pg_temp.key(at timestamptz, name text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || '7' || left(md5(name), 3) || '8' || right(md5(name), 15))::uuid;

CREATE FUNCTION pg_temp.word(list text[], choice float8) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN list[1 + floor(choice * cardinality(list))::integer];

-- The courses that are studied come first, fifty items each; the others fill the catalogue.
CREATE TEMP TABLE course AS
SELECT n, pg_temp.key(s.begins, s.seed || ' course ' || n) AS course_id,
       n < (s.items + 49) / 50 AS is_studied,
       1 + floor(pg_temp.noise(s.seed * 100 + 1, n) * 5)::integer AS difficulty,
       pg_temp.word('{Practical,First,Modern,Quick,Deep,Friendly,Solid,Everyday,Short,Honest}',
                    pg_temp.noise(s.seed * 100 + 2, n)) AS manner,
       pg_temp.word('{Python,Networks,Databases,Security,Algebra,Statistics,Writing,Linux,Robots,
                      Design,Physics,Biology,Spanish,Accounting,Drawing,Chess,Music,Gardening,
                      History,Astronomy}', pg_temp.noise(s.seed * 100 + 3, n)) AS subject,
       pg_temp.word('{beginners,teams,engineers,teachers,artists,children,managers,makers,
                      analysts,travellers}', pg_temp.noise(s.seed * 100 + 4, n)) AS reader,
       pg_temp.word('{en,en,en,en,de,es,fr,pl}', pg_temp.noise(s.seed * 100 + 5, n)) AS language
FROM size s, generate_series(0, greatest(s.courses, (s.items + 49) / 50) - 1) AS n;

-- What is studied, in the order of study. Of five: lesson, its quiz, challenge, lesson, challenge.
CREATE TEMP TABLE item AS
SELECT i.n, c.course_id, i.n / 50 AS course_n, i.n % 50 AS place,
       pg_temp.key(s.begins, s.seed || ' item ' || i.n) AS component_id,
       pg_temp.key(s.begins, s.seed || ' unit ' || i.n / 10) AS unit_id,
       (ARRAY['lesson', 'quiz', 'challenge', 'lesson', 'challenge'])[1 + i.n % 5] AS kind,
       pg_temp.key(s.begins, s.seed || ' item ' || (i.n - (ARRAY[0, 1, 2, 0, 1])[1 + i.n % 5]))
           AS lesson_id
FROM size s, generate_series(0, s.items - 1) AS i(n) JOIN course c ON c.n = i.n / 50;

-- People differ in when they began, where they live, how far they come and how much at a sitting.
CREATE TEMP TABLE person AS
SELECT n, pg_temp.key(first_day::timestamptz, seed || ' user ' || n) AS user_id,
       pg_temp.key(first_day::timestamptz, seed || ' identity ' || n) AS identity_id,
       pg_temp.word('{Europe/Warsaw,America/New_York,Asia/Kolkata,America/Sao_Paulo,Asia/Tokyo,
                      Africa/Lagos,Europe/London,Australia/Sydney}',
                    pg_temp.noise(seed * 100 + 6, n)) AS zone,
       first_day, until::date - 1 - first_day AS span,
       floor(items * (0.3 + 0.7 * pg_temp.noise(seed * 100 + 7, n)))::integer AS done,
       1 + floor(pg_temp.noise(seed * 100 + 8, n) * 6)::integer AS sitting
FROM (SELECT n, s.*, s.until::date - 8
             - floor(pg_temp.noise(s.seed * 100 + 9, n) * (s.days - 7))::integer AS first_day
      FROM size s, generate_series(0, s.learners - 1) AS n) AS x;

-- Each learner with each item; `tries` spreads the attempts over all quizzes and challenges begun.
CREATE TEMP TABLE pair AS
SELECT x.*, CASE WHEN status = 'not_started' OR kind = 'lesson' THEN 0
                 ELSE (attempts - nth + works - 1) / works END::integer AS tries
FROM (
    SELECT y.*, s.attempts,
           count(*) FILTER (WHERE kind <> 'lesson' AND status <> 'not_started')
               OVER (ORDER BY learner, item) - 1 AS nth,
           greatest(1, count(*) FILTER (WHERE kind <> 'lesson' AND status <> 'not_started')
               OVER ()) AS works
    FROM size s, (
        SELECT p.n AS learner, i.n AS item, p.user_id, p.identity_id, i.component_id, i.course_id,
               i.kind, p.zone, i.n / p.sitting AS bout,
               CASE WHEN i.n < p.done THEN 'completed'
                    WHEN i.n < p.done + s.items / 20 THEN 'in_progress'
                    ELSE 'not_started' END AS status,
               d.day,
               (d.day + make_interval(
                   hours => 16, mins => 9 * (i.n % p.sitting),
                   secs => 18000 * pg_temp.noise(s.seed * 100 + 11, d.bout)))
                   AT TIME ZONE p.zone AS at
        FROM size s, person p, item i, LATERAL (
            SELECT p.n * 100000 + i.n / p.sitting AS bout,
                   p.first_day + floor(
                       p.span * (i.n / p.sitting
                                 + 0.8 * pg_temp.noise(s.seed * 100 + 10,
                                                       p.n * 100000 + i.n / p.sitting))
                       / (least(s.items, p.done + s.items / 20) / p.sitting + 1))::integer AS day
        ) d
    ) y
) x;

ANALYZE course, item, person, pair;
