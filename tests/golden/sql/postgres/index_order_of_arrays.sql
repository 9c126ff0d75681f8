-- Indexes of arrays, documents and enumerated types: rows come in the order of the values
-- oracle: postgres
-- chapter: types

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER[], n NUMERIC[], d JSONB, m mood);

INSERT INTO t VALUES (1, '{10}', '{10}', '[10]', 'happy'), (2, '{9}', '{1.00}', '[9]', 'sad'), (3, '{9,1}', '{1.0}', '{"b": 1, "a": 2}', 'ok'), (4, '{-1}', '{2}', '{"a": 2.0, "b": 1}', 'ok'), (5, NULL, NULL, NULL, NULL);

CREATE INDEX t_a ON t (a);

CREATE INDEX t_n ON t (n);

CREATE INDEX t_d ON t (d);

CREATE INDEX t_m ON t (m);

SELECT id, a FROM t ORDER BY a LIMIT 3;
--> id | a
--> 4 | {-1}
--> 2 | {9}
--> 3 | {9,1}

SELECT a FROM t ORDER BY a DESC NULLS LAST LIMIT 1;
--> a
--> {10}

SELECT min(a), max(a), min(m), max(m) FROM t;
--> min | max | min | max
--> {-1} | {10} | sad | happy

SELECT id FROM t WHERE a < '{10}' ORDER BY id;
--> id
--> 2
--> 3
--> 4

SELECT id FROM t WHERE a > '{9}' ORDER BY id;
--> id
--> 1
--> 3

SELECT id FROM t WHERE n = '{1}' ORDER BY id;
--> id
--> 2
--> 3

SELECT id FROM t WHERE d = '{"a": 2, "b": 1}' ORDER BY id;
--> id
--> 3
--> 4

SELECT id FROM t WHERE m = 'ok' ORDER BY id;
--> id
--> 3
--> 4

SELECT m FROM t WHERE m < 'happy' ORDER BY m LIMIT 1;
--> m
--> sad

SELECT id FROM t WHERE a IS NULL;
--> id
--> 5

SELECT count(*) FROM t GROUP BY n ORDER BY n;
--> count
--> 2
--> 1
--> 1
--> 1

CREATE TABLE u (a INTEGER[] UNIQUE);

INSERT INTO u VALUES ('{1,2}');

INSERT INTO u VALUES ('{1, 2}');
--! 23505: duplicate key value violates unique constraint "u_a_key"
