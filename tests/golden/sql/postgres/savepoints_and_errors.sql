-- Errors inside of savepoints, and what is left of the work
-- oracle: postgres
-- chapter: transactions

CREATE TABLE t (x INTEGER PRIMARY KEY, note TEXT);

BEGIN;

INSERT INTO t VALUES (1, 'before');

SAVEPOINT one;

INSERT INTO t VALUES (2, 'within'), (1, 'again');
--! 23505: duplicate key value violates unique constraint "t_pkey"

SELECT count(*) FROM t;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

ROLLBACK TO one;

INSERT INTO t VALUES (3, 'after');

SAVEPOINT two;

UPDATE t SET note = 'changed';

SAVEPOINT three;

DELETE FROM t;

SELECT 1 / 0;
--! 22012: division by zero

ROLLBACK TO three;

SELECT x, note FROM t ORDER BY x;
--> x | note
--> 1 | changed
--> 3 | changed

ROLLBACK TO two;

SELECT x, note FROM t ORDER BY x;
--> x | note
--> 1 | before
--> 3 | after

RELEASE three;
--! 3B001: savepoint "three" does not exist

ROLLBACK TO SAVEPOINT one;

SELECT x FROM t ORDER BY x;
--> x
--> 1

RELEASE one;

INSERT INTO t VALUES (4, 'kept');

COMMIT;

SELECT x, note FROM t ORDER BY x;
--> x | note
--> 1 | before
--> 4 | kept

BEGIN;

SELECT nothing;
--! 42703: column "nothing" does not exist

SAVEPOINT late;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

COMMIT;

SELECT count(*) FROM t;
--> count
--> 2
