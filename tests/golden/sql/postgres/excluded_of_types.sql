-- ON CONFLICT ... SET of what was to be inserted: of each type
-- oracle: postgres
-- chapter: changes

CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER[], j JSON, b JSONB, m MOOD, c CHAR(3), n NUMERIC(6, 2), d DATE);

INSERT INTO t VALUES (1, '{1}', '[ 1 ]', '[1]', 'sad', 'a', 1, '2024-01-05');

INSERT INTO t VALUES (1, '[2:3]={5,6}', '{ "b": 1, "a": 2 }', '{ "b": 1, "a": 2 }', 'ok', 'bc', 2.345, '2024-01-06'), (2, DEFAULT, NULL, DEFAULT, 'ok', NULL, DEFAULT, NULL) ON CONFLICT (id) DO UPDATE SET a = excluded.a, j = excluded.j, b = excluded.b, m = excluded.m, c = excluded.c, n = excluded.n, d = excluded.d WHERE t.m IS NOT NULL AND excluded.a[2] = 5;

SELECT * FROM t ORDER BY id;
--> id | a | j | b | m | c | n | d
--> 1 | [2:3]={5,6} | { "b": 1, "a": 2 } | {"a": 2, "b": 1} | ok | bc  | 2.35 | 2024-01-06
--> 2 | NULL | NULL | NULL | ok | NULL | NULL | NULL

INSERT INTO t (id, a) VALUES (1, '{7}') ON CONFLICT (id) DO UPDATE SET a = t.a || excluded.a, j = excluded.j RETURNING a, j, b ->> 'a' AS b;
--> a | j | b
--> [2:4]={5,6,7} | NULL | 2
