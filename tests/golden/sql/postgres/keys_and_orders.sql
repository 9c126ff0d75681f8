-- DEFAULTs of keys, what can be grouped, and in which order DISTINCT values are gathered
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (a integer, b text DEFAULT 'x', c timestamp DEFAULT '2024-01-01', n integer, PRIMARY KEY (a, b, c));

INSERT INTO t (a) VALUES (5);

INSERT INTO t (a, n) VALUES (6, 1), (7, 2);

INSERT INTO t (a) VALUES (5);
--! 23505: duplicate key value violates unique constraint "t_pkey"

INSERT INTO t (a, n) VALUES (5, 3) ON CONFLICT (a, b, c) DO UPDATE SET n = excluded.n;

SELECT * FROM t ORDER BY a;
--> a | b | c | n
--> 5 | x | 2024-01-01 00:00:00 | 3
--> 6 | x | 2024-01-01 00:00:00 | 1
--> 7 | x | 2024-01-01 00:00:00 | 2

SELECT 1 FROM (SELECT '1'::json AS x, 2 AS y) s GROUP BY y, x;
--! 42883: could not identify an equality operator for type json

SELECT array_agg(DISTINCT b), array_agg(DISTINCT a), string_agg(DISTINCT a::text, ','), json_agg(DISTINCT n) FROM t;
--> array_agg | array_agg | string_agg | json_agg
--> {x} | {5,6,7} | 5,6,7 | [1, 2, 3]

SELECT pg_typeof(1 / n) FROM (VALUES (0)) v(n);
--! 22012: division by zero

CREATE TABLE g (id integer PRIMARY KEY, b integer, d integer DEFAULT 4, twice integer GENERATED ALWAYS AS (b * 2 + coalesce(d, 0)) STORED);

INSERT INTO g VALUES (1, 5, 6), (2, NULL, NULL);

UPDATE g SET b = DEFAULT;

SELECT * FROM g ORDER BY id;
--> id | b | d | twice
--> 1 | NULL | 6 | NULL
--> 2 | NULL | NULL | NULL

UPDATE g SET d = DEFAULT, b = 1;

SELECT * FROM g ORDER BY id;
--> id | b | d | twice
--> 1 | 1 | 4 | 6
--> 2 | 1 | 4 | 6

CREATE TABLE p (id integer PRIMARY KEY);

CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p ON DELETE SET NULL, g integer GENERATED ALWAYS AS (p * 2) STORED);
--~! 0A000: a foreign key whose actions change what the generated column "g" is computed of is not supported
