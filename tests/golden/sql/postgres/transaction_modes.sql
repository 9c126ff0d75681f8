-- Isolation and read-only transactions
-- oracle: postgres
-- chapter: transactions

CREATE TABLE t (x INTEGER PRIMARY KEY);

BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY;

SHOW transaction_isolation;
--> transaction_isolation
--> serializable

SHOW transaction_read_only;
--> transaction_read_only
--> on

INSERT INTO t VALUES (1);
--! 25006: cannot execute INSERT in a read-only transaction

COMMIT;

START TRANSACTION READ ONLY;

SELECT count(*) FROM t;
--> count
--> 0

CREATE TABLE u (x INTEGER);
--! 25006: cannot execute CREATE TABLE in a read-only transaction

ROLLBACK;

BEGIN READ ONLY;

SELECT x FROM t FOR UPDATE;
--! 25006: cannot execute SELECT FOR UPDATE in a read-only transaction

ROLLBACK;

BEGIN READ ONLY;

SET TRANSACTION READ WRITE;

INSERT INTO t VALUES (1);

COMMIT;

BEGIN READ ONLY;

SELECT 1;
--> ?column?
--> 1

SET TRANSACTION READ WRITE;
--! 25001: transaction read-write mode must be set before any query

ROLLBACK;

BEGIN;

SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

SHOW transaction_isolation;
--> transaction_isolation
--> repeatable read

COMMIT;

BEGIN;

SELECT count(*) FROM t;
--> count
--> 1

SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
--! 25001: SET TRANSACTION ISOLATION LEVEL must be called before any query

ROLLBACK;

BEGIN;

SAVEPOINT s;

SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
--! 25001: SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction

ROLLBACK;

SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

SHOW default_transaction_isolation;
--> default_transaction_isolation
--> repeatable read

BEGIN;

SHOW transaction_isolation;
--> transaction_isolation
--> repeatable read

SHOW transaction_read_only;
--> transaction_read_only
--> on

COMMIT;

INSERT INTO t VALUES (2);
--! 25006: cannot execute INSERT in a read-only transaction

SET default_transaction_read_only = off;

SET default_transaction_isolation = 'read committed';

INSERT INTO t VALUES (2);

SET default_transaction_isolation = 'none';
--! 22023: invalid value for parameter "default_transaction_isolation": "none"

BEGIN ISOLATION LEVEL REPEATABLE READ;

COMMIT AND CHAIN;

SHOW transaction_isolation;
--> transaction_isolation
--> repeatable read

ROLLBACK;

COMMIT AND CHAIN;
--! 25P01: COMMIT AND CHAIN can only be used in transaction blocks

SAVEPOINT s;
--! 25P01: SAVEPOINT can only be used in transaction blocks

RELEASE s;
--! 25P01: RELEASE SAVEPOINT can only be used in transaction blocks

ROLLBACK TO s;
--! 25P01: ROLLBACK TO SAVEPOINT can only be used in transaction blocks

BEGIN;

RELEASE nothing;
--! 3B001: savepoint "nothing" does not exist

ROLLBACK;

BEGIN;

SET application_name = 'x';

SELECT 1 / 0;
--! 22012: division by zero

SHOW application_name;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

SET application_name = 'y';
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

COMMIT;

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2

BEGIN ISOLATION LEVEL READ UNCOMMITTED;

SHOW transaction_isolation;
--> transaction_isolation
--> read uncommitted

COMMIT;

SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;

SHOW transaction_isolation;
--> transaction_isolation
--> read uncommitted

BEGIN;

SHOW transaction_isolation;
--> transaction_isolation
--> read uncommitted

SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

SHOW transaction_isolation;
--> transaction_isolation
--> read committed

COMMIT;

RESET default_transaction_isolation;
