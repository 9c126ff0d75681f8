-- Savepoints: nested, named twice, released
-- oracle: postgres
-- chapter: transactions

CREATE TABLE t (x INTEGER);

SAVEPOINT outside;
--! 25P01: SAVEPOINT can only be used in transaction blocks

BEGIN;

INSERT INTO t VALUES (1);

SAVEPOINT a;

INSERT INTO t VALUES (2);

SAVEPOINT a;

INSERT INTO t VALUES (3);

ROLLBACK TO a;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2

RELEASE a;

ROLLBACK TO SAVEPOINT a;

SELECT x FROM t ORDER BY x;
--> x
--> 1

RELEASE SAVEPOINT a;

ROLLBACK TO a;
--! 3B001: savepoint "a" does not exist

SELECT 1;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

ROLLBACK;

BEGIN;

SAVEPOINT one;

SAVEPOINT two;

ROLLBACK TO one;

ROLLBACK TO two;
--! 3B001: savepoint "two" does not exist

COMMIT;

SELECT count(*) FROM t;
--> count
--> 0
