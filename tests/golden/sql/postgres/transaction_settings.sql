-- Levels and modes of a transaction
-- oracle: postgres
-- chapter: transactions

BEGIN ISOLATION LEVEL SERIALIZABLE;

SHOW transaction_isolation;
--> transaction_isolation
--> serializable

COMMIT;

BEGIN ISOLATION LEVEL READ UNCOMMITTED, READ ONLY;

SHOW transaction_isolation;
--> transaction_isolation
--> read uncommitted

SHOW transaction_read_only;
--> transaction_read_only
--> on

CREATE TABLE t (x INTEGER);
--! 25006: cannot execute CREATE TABLE in a read-only transaction

ROLLBACK;

CREATE TABLE t (x INTEGER);

BEGIN;

SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;

SELECT count(*) FROM t;
--> count
--> 0

INSERT INTO t VALUES (1);
--! 25006: cannot execute INSERT in a read-only transaction

ROLLBACK;

BEGIN;

SELECT 1 AS x;
--> x
--> 1

SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
--! 25001: SET TRANSACTION ISOLATION LEVEL must be called before any query

ROLLBACK;

BEGIN READ ONLY;

SET TRANSACTION READ WRITE;

SELECT 1 AS x;
--> x
--> 1

SET TRANSACTION READ ONLY;

SET TRANSACTION READ WRITE;
--! 25001: transaction read-write mode must be set before any query

ROLLBACK;

SET TRANSACTION READ ONLY;

SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;

INSERT INTO t VALUES (1);
--! 25006: cannot execute INSERT in a read-only transaction

SELECT nextval('nothing');
--! 42P01: relation "nothing" does not exist

SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;

INSERT INTO t VALUES (1);

SHOW default_transaction_isolation;
--> default_transaction_isolation
--> read committed

BEGIN NOT DEFERRABLE;

SHOW transaction_deferrable;
--> transaction_deferrable
--> off

COMMIT;
