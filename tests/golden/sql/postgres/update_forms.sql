-- UPDATE: several columns, rows, DEFAULT
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 0, b TEXT);

INSERT INTO t VALUES (1, 10, 'x'), (2, 20, 'y'), (3, 30, 'z');

UPDATE t SET a = a + 1, b = b || a WHERE id = 1 RETURNING *;
--> id | a | b
--> 1 | 11 | x10

UPDATE t SET a = b, b = a WHERE id = 2;
--! 42804: column "a" is of type integer but expression is of type text

UPDATE t SET (a, b) = (5, 'five') WHERE id = 2 RETURNING a, b;
--> a | b
--> 5 | five

UPDATE t SET (a, b) = (SELECT max(id), 'sub' FROM t) WHERE id = 3 RETURNING a, b;
--> a | b
--> 3 | sub

UPDATE t SET (a, b) = (SELECT 1, 'x' WHERE false) WHERE id = 3 RETURNING a, b;
--> a | b
--> NULL | NULL

UPDATE t SET (a) = ROW(9) WHERE id = 3 RETURNING a;
--> a
--> 9

UPDATE t SET a = DEFAULT WHERE id = 3 RETURNING a;
--> a
--> 0

UPDATE t AS x SET a = x.a + 1 WHERE x.id = 3 RETURNING x.a, x.a * 2 AS twice;
--> a | twice
--> 1 | 2

UPDATE t SET t.a = 1;
--! 42703: column "t" of relation "t" does not exist

UPDATE t SET a = 1, a = 2;
--! 42601: multiple assignments to same column "a"

UPDATE t SET (a, b) = (1, 2, 3);
--! 42601: number of columns does not match number of values

UPDATE t SET nothing = 1;
--! 42703: column "nothing" of relation "t" does not exist

UPDATE t SET id = id + 1;
--! 23505: duplicate key value violates unique constraint "t_pkey"

WITH moved AS (UPDATE t SET id = id + 10 RETURNING id) SELECT id FROM moved ORDER BY id;
--> id
--> 11
--> 12
--> 13

UPDATE t SET a = 1 WHERE false RETURNING id;
--> id

UPDATE t SET a = NULL WHERE id = 11 RETURNING a IS NULL AS n;
--> n
--> t

UPDATE nowhere SET a = 1;
--! 42P01: relation "nowhere" does not exist
