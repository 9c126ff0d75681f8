-- Savepoints: nested, by the same name, rolled back, released, outermost
-- oracle: sqlite
-- chapter: transactions

CREATE TABLE t (x INTEGER PRIMARY KEY);

SAVEPOINT outermost;

INSERT INTO t VALUES (1);

SAVEPOINT one;

INSERT INTO t VALUES (2);

ROLLBACK TO one;

INSERT INTO t VALUES (3);

SAVEPOINT one;

INSERT INTO t VALUES (4);

ROLLBACK TO one;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 3

RELEASE one;

ROLLBACK TO one;

SELECT x FROM t ORDER BY x;
--> x
--> 1

INSERT INTO t VALUES (1);
--! UNIQUE constraint failed: t.x

INSERT INTO t VALUES (5), (1);
--! UNIQUE constraint failed: t.x

SELECT x FROM t ORDER BY x;
--> x
--> 1

RELEASE outermost;

SELECT x FROM t ORDER BY x;
--> x
--> 1

ROLLBACK;
--! cannot rollback - no transaction is active

RELEASE outermost;
--! no such savepoint: outermost

BEGIN;

INSERT INTO t VALUES (6);

SAVEPOINT s;

DELETE FROM t;

ROLLBACK TO SAVEPOINT s;

BEGIN;
--! cannot start a transaction within a transaction

ROLLBACK TO nowhere;
--! no such savepoint: nowhere
--~! savepoint "nowhere" does not exist

COMMIT;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 6

BEGIN IMMEDIATE;

CREATE TABLE u (y TEXT);

INSERT INTO u VALUES ('gone');

ROLLBACK;

SELECT * FROM u;
--! no such table: u

BEGIN EXCLUSIVE;

END TRANSACTION;

COMMIT;
--! cannot commit - no transaction is active
