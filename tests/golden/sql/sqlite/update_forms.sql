-- UPDATE, with FROM and RETURNING
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 10, 'x'), (2, 20, 'y'), (3, 30, 'z');

UPDATE t SET a = a + 1, b = b || a WHERE id = 1 RETURNING *;
--> id | a | b
--> 1 | 11 | x10

UPDATE t SET a = b, b = a WHERE id = 2 RETURNING a, b, typeof(b);
--> a | b | typeof(b)
--> y | 20 | text
--~! cannot store TEXT value in BIGINT column t.a

UPDATE t SET (a, b) = (id * 100, 'row') WHERE id = 3 RETURNING a, b;
--> a | b
--> 300 | row

UPDATE t AS x SET a = x.a + 1 WHERE x.id = 3 RETURNING a;
--> a
--> 301

UPDATE t SET a = 1, a = 2 WHERE id = 1 RETURNING a;
--> a
--> 2

UPDATE t SET a = s.n FROM (SELECT 1 AS id, 77 AS n) AS s WHERE t.id = s.id RETURNING t.id, a;
--> id | a
--> 1 | 77

UPDATE t SET a = u.a FROM t AS u WHERE u.id = t.id + 1 RETURNING id, a;
--> id | a
--> 1 | y
--> 2 | 301
--~> id | a
--~> 1 | 20
--~> 2 | 301

UPDATE t SET id = id + 1;
--! UNIQUE constraint failed: t.id

UPDATE t SET id = -id;

SELECT id FROM t ORDER BY id;
--> id
--> -3
--> -2
--> -1

UPDATE t SET a = 0 WHERE 0 RETURNING id;
--> id

UPDATE t SET b = NULL RETURNING b IS NULL;
--> b IS NULL
--> 1
--> 1
--> 1

UPDATE t SET no_such_column = 1;
--! no such column: no_such_column

UPDATE nowhere SET a = 1;
--! no such table: nowhere

UPDATE t SET a = 5 ORDER BY id LIMIT 1;
--! near "ORDER": syntax error

UPDATE t SET t.a = 1;
--! near ".": syntax error

UPDATE main.t SET a = 9 WHERE id = -1 RETURNING a;
--> a
--> 9
