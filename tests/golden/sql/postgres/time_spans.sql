-- OVERLAPS, and the types of expressions
-- oracle: postgres
-- chapter: types

SELECT (DATE '2026-01-01', DATE '2026-02-01') OVERLAPS (DATE '2026-01-15', DATE '2026-03-01') AS yes, (DATE '2026-01-01', DATE '2026-02-01') OVERLAPS (DATE '2026-02-01', DATE '2026-03-01') AS no;
--> yes | no
--> t | f

SELECT (TIMESTAMP '2026-01-01 10:00', INTERVAL '1 hour') OVERLAPS (TIMESTAMP '2026-01-01 10:59:59', INTERVAL '1 minute') AS yes, (TIMESTAMP '2026-01-01 11:00', INTERVAL '-1 hour') OVERLAPS (TIMESTAMP '2026-01-01 11:00', INTERVAL '1 minute') AS touching;
--> yes | touching
--> t | f

SELECT (TIME '10:00', TIME '12:00') OVERLAPS (TIME '11:00', TIME '11:00') AS point, (TIME '10:00', TIME '10:00') OVERLAPS (TIME '10:00', TIME '10:00') AS same;
--> point | same
--> t | t

SELECT (TIMESTAMP '2026-01-01', NULL::timestamp) OVERLAPS (TIMESTAMP '2026-01-02', TIMESTAMP '2026-01-03') AS unknown, (NULL::timestamp, TIMESTAMP '2026-01-05') OVERLAPS (TIMESTAMP '2026-01-02', TIMESTAMP '2026-01-03') AS behind, (TIMESTAMP '2026-01-02', NULL::timestamp) OVERLAPS (TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-03') AS within;
--> unknown | behind | within
--> NULL | NULL | t

SELECT (TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-02') OVERLAPS (TIMESTAMP '2026-01-02', TIMESTAMP '2026-01-03', TIMESTAMP '2026-01-04');
--! 42601: wrong number of parameters on right side of OVERLAPS expression

CREATE TABLE bookings (id INTEGER PRIMARY KEY, begins TIMESTAMP, ends TIMESTAMP);

INSERT INTO bookings VALUES (1, '2026-01-01 09:00', '2026-01-01 10:00'), (2, '2026-01-01 09:30', '2026-01-01 11:00'), (3, '2026-01-01 12:00', '2026-01-01 13:00');

SELECT a.id, b.id FROM bookings a JOIN bookings b ON a.id < b.id AND (a.begins, a.ends) OVERLAPS (b.begins, b.ends);
--> id | id
--> 1 | 2

SELECT pg_typeof(1) AS a, pg_typeof(1.5) AS b, pg_typeof(TRUE) AS c, pg_typeof(DATE '2026-01-01') AS d, pg_typeof(now()) AS e, pg_typeof(NULL::varchar(5)) AS f, pg_typeof(ARRAY[1, 2]) AS g, pg_typeof(count(*)) AS h;
--> a | b | c | d | e | f | g | h
--> integer | numeric | boolean | date | timestamp with time zone | character varying | integer[] | bigint

SELECT DISTINCT pg_typeof(begins) FROM bookings;
--> pg_typeof
--> timestamp without time zone

SELECT id FROM bookings WHERE pg_typeof(id) = 'integer'::regtype AND id = 1;
--> id
--> 1
