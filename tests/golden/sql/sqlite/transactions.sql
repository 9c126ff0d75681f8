-- BEGIN, COMMIT, ROLLBACK and savepoints
-- oracle: sqlite
-- chapter: transactions

CREATE TABLE t (x INTEGER);

BEGIN;

INSERT INTO t VALUES (1);

SAVEPOINT s1;

INSERT INTO t VALUES (2);

SAVEPOINT s2;

INSERT INTO t VALUES (3);

ROLLBACK TO s2;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2

ROLLBACK TO SAVEPOINT s1;

SELECT x FROM t ORDER BY x;
--> x
--> 1

RELEASE s1;

COMMIT;

BEGIN;

DELETE FROM t;

SELECT count(*) FROM t;
--> count(*)
--> 0

ROLLBACK;

SELECT x FROM t ORDER BY x;
--> x
--> 1
