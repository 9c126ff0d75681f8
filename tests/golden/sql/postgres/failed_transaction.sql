-- After an error a transaction only ends
-- oracle: postgres
-- chapter: transactions

CREATE TABLE t (x INTEGER PRIMARY KEY);

BEGIN;

INSERT INTO t VALUES (1);

INSERT INTO t VALUES (1);
--! 23505: duplicate key value violates unique constraint "t_pkey"

SELECT 1;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

COMMIT;

SELECT count(*) FROM t;
--> count
--> 0

BEGIN;

INSERT INTO t VALUES (1);

SAVEPOINT s;

INSERT INTO t VALUES (1);
--! 23505: duplicate key value violates unique constraint "t_pkey"

ROLLBACK TO s;

INSERT INTO t VALUES (2);

COMMIT;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2
