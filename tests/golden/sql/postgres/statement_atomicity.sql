-- A statement changes all of its rows or none
-- oracle: postgres
-- chapter: transactions

CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CHECK (v < 100));

INSERT INTO t VALUES (1, 1), (2, 2), (3, 300);
--! 23514: new row for relation "t" violates check constraint "t_v_check"

SELECT count(*) FROM t;
--> count
--> 0

INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);

UPDATE t SET v = v * 40;
--! 23514: new row for relation "t" violates check constraint "t_v_check"

SELECT id, v FROM t ORDER BY id;
--> id | v
--> 1 | 1
--> 2 | 2
--> 3 | 3

UPDATE t SET v = 10 / (v - 3);
--! 22012: division by zero

SELECT id, v FROM t ORDER BY id;
--> id | v
--> 1 | 1
--> 2 | 2
--> 3 | 3

INSERT INTO t SELECT n, 1 FROM generate_series(5, 1, -1) n;
--! 23505: duplicate key value violates unique constraint "t_pkey"

SELECT count(*) FROM t;
--> count
--> 3

INSERT INTO t (id, v) VALUES (10, 1), (11, 1 / 0);
--! 22012: division by zero

DELETE FROM t WHERE 1 / (v - 2) > 0;
--! 22012: division by zero

SELECT count(*) FROM t;
--> count
--> 3
