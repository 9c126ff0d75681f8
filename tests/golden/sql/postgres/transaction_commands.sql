-- BEGIN, COMMIT and their other spellings
-- oracle: postgres
-- chapter: transactions

CREATE TABLE t (x INTEGER);

START TRANSACTION;

INSERT INTO t VALUES (1);

END;

BEGIN WORK;

INSERT INTO t VALUES (2);

ABORT;

BEGIN TRANSACTION;

INSERT INTO t VALUES (3);

COMMIT AND CHAIN;

INSERT INTO t VALUES (4);

ROLLBACK AND CHAIN;

INSERT INTO t VALUES (5);

COMMIT TRANSACTION;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 3
--> 5

COMMIT AND CHAIN;
--! 25P01: COMMIT AND CHAIN can only be used in transaction blocks

BEGIN;

BEGIN;

COMMIT;

COMMIT;

ROLLBACK;

BEGIN ISOLATION LEVEL NOTHING;
--! 42601: syntax error at or near "NOTHING"

PREPARE TRANSACTION 'x';
--~! 0A000: prepared transactions are not supported

COMMIT PREPARED 'x';
--! 42704: prepared transaction with identifier "x" does not exist
--~! 0A000: prepared transactions are not supported
