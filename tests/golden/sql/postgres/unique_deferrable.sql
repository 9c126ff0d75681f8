-- DEFERRABLE unique keys: looked at when all rows are changed
-- oracle: postgres
-- chapter: constraints

CREATE TABLE t (id INTEGER, k INTEGER UNIQUE DEFERRABLE);

INSERT INTO t SELECT n, n FROM generate_series(1, 20) n;

UPDATE t SET k = k + 1;

UPDATE t SET k = k - 1 RETURNING k > 100;
--> ?column?
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f
--> f

UPDATE t SET k = 20 WHERE k = 1;
--! 23505: duplicate key value violates unique constraint "t_k_key"

SELECT count(*), min(k), max(k) FROM t;
--> count | min | max
--> 20 | 1 | 20

INSERT INTO t VALUES (21, 5);
--! 23505: duplicate key value violates unique constraint "t_k_key"
