-- BEGIN, COMMIT, SAVEPOINT and what goes wrong
-- oracle: sqlite
-- chapter: transactions

CREATE TABLE t (x INTEGER PRIMARY KEY);

BEGIN IMMEDIATE TRANSACTION;

INSERT INTO t VALUES (1);

BEGIN;
--! cannot start a transaction within a transaction

SAVEPOINT a;

INSERT INTO t VALUES (2);

SAVEPOINT A;

INSERT INTO t VALUES (3);

ROLLBACK TO a;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2

INSERT INTO t VALUES (1);
--! UNIQUE constraint failed: t.x

INSERT INTO t VALUES (4);

RELEASE SAVEPOINT a;

END TRANSACTION;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2
--> 4

COMMIT;
--! cannot commit - no transaction is active

ROLLBACK;
--! cannot rollback - no transaction is active

SAVEPOINT outer_one;

INSERT INTO t VALUES (9);

RELEASE outer_one;

SELECT count(*) FROM t;
--> count(*)
--> 4

SAVEPOINT again;

DELETE FROM t;

ROLLBACK TO again;

RELEASE again;

RELEASE no_such;
--! no such savepoint: no_such

SELECT count(*) FROM t;
--> count(*)
--> 4

BEGIN EXCLUSIVE;

CREATE TABLE u (y);

ROLLBACK;

SELECT * FROM u;
--! no such table: u

BEGIN DEFERRED;

COMMIT;
