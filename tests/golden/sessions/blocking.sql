-- Who waits for whom, and for how long
-- oracle: postgres
-- Each statement begins with the name of its session.

T0: CREATE TABLE test (id integer PRIMARY KEY, value integer);

-- Row locks: which of them wait for which
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: SELECT id FROM test WHERE id = 1 FOR KEY SHARE;
--> id
--> 1

T2: SELECT id FROM test WHERE id = 1 FOR NO KEY UPDATE;
--> id
--> 1
--~> (waits)

T1: COMMIT;
--~> T2: id
--~> T2: 1

T2: COMMIT;

T1: BEGIN;

T2: BEGIN;

T1: SELECT id FROM test WHERE id = 1 FOR SHARE;
--> id
--> 1

T2: SELECT id FROM test WHERE id = 1 FOR SHARE;
--> id
--> 1

T2: SELECT id FROM test WHERE id = 1 FOR NO KEY UPDATE;
--> (waits)

T1: COMMIT;
--> T2: id
--> T2: 1

T2: COMMIT;

T1: BEGIN;

T2: BEGIN;

T1: SELECT id FROM test WHERE id = 1 FOR NO KEY UPDATE;
--> id
--> 1

T2: SELECT id FROM test WHERE id = 1 FOR SHARE;
--> (waits)

T1: COMMIT;
--> T2: id
--> T2: 1

T2: COMMIT;

T1: BEGIN;

T2: BEGIN;

T1: SELECT id FROM test WHERE id = 1 FOR UPDATE;
--> id
--> 1

T2: SELECT id FROM test WHERE id = 1 FOR KEY SHARE;
--> (waits)

T1: COMMIT;
--> T2: id
--> T2: 1

T2: COMMIT;

-- Readers wait for nobody
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: DELETE FROM test WHERE id = 1;
--> DELETE 1

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: ROLLBACK;

-- NOWAIT, SKIP LOCKED
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: SELECT id FROM test WHERE id = 1 FOR UPDATE;
--> id
--> 1

T2: SELECT id FROM test ORDER BY id FOR UPDATE NOWAIT;
--! 55P03

T2: SELECT id FROM test ORDER BY id FOR UPDATE SKIP LOCKED;
--> id
--> 2

T2: BEGIN;

T2: SELECT id FROM test WHERE id = 2 FOR UPDATE;
--> id
--> 2

T3: SELECT id FROM test ORDER BY id FOR UPDATE SKIP LOCKED;
--> id

T1: COMMIT;

T2: COMMIT;

-- lock_timeout
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: BEGIN;

T2: SET LOCAL LOCK_TIMEOUT = '10ms';

T2: UPDATE test SET value = 12 WHERE id = 1;
--! 55P03

T2: ROLLBACK;

T1: COMMIT;

-- A deadlock of two
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 22 WHERE id = 2;
--> UPDATE 1

T1: UPDATE test SET value = 21 WHERE id = 2;
--> (waits)

T2: UPDATE test SET value = 12 WHERE id = 1;
--! 40P01
--> T1: UPDATE 1

T1: COMMIT;

T2: ROLLBACK;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 21

-- A queue: first come, first served
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T3: BEGIN;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = value + 1 WHERE id = 1;
--> (waits)

T3: UPDATE test SET value = value * 2 WHERE id = 1;
--> (waits)

T1: COMMIT;
--> T2: UPDATE 1

T2: COMMIT;
--> T3: UPDATE 1

T3: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 24
--> 2 | 20

-- A row that another one has changed is looked at again
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: UPDATE test SET value = 20 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = value + 1 WHERE value = 10;
--> (waits)

T1: COMMIT;
--> T2: UPDATE 0

T2: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 20
--> 2 | 20

-- A row that another one has deleted is passed over
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: DELETE FROM test WHERE id = 1;
--> DELETE 1

T2: UPDATE test SET value = value + 1 WHERE id < 3 RETURNING id;
--> (waits)

T1: COMMIT;
--> T2: id
--> T2: 2

T2: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 2 | 21

-- SELECT FOR UPDATE gives the newer row
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: SELECT * FROM test WHERE id = 1 FOR UPDATE;
--> (waits)

T1: COMMIT;
--> T2: id | value
--> T2: 1 | 11

T2: COMMIT;

-- A savepoint's locks go with it
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: SAVEPOINT a;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: BEGIN;

T2: UPDATE test SET value = 12 WHERE id = 1;
--> (waits)

T1: ROLLBACK TO a;
--> T2: UPDATE 1

T2: COMMIT;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 12
--> 2 | 20

T1: COMMIT;

-- Statements that are transactions of their own wait, too
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = value + 1 WHERE id = 1;
--> (waits)

T3: UPDATE test SET value = value + 1 WHERE id = 1;
--> (waits)

T1: COMMIT;
--> T2: UPDATE 1
--> T3: UPDATE 1

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 13
--> 2 | 20

-- A statement that is cancelled while it waits
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 12 WHERE id = 1;
--> (waits)

T0: SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0;
--> count
--> 1
--! T2: 57014

T1: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 20

-- Advisory locks
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T1: SELECT pg_advisory_xact_lock(1);
--> pg_advisory_xact_lock
-->

T2: SELECT pg_advisory_lock_shared(1);
--> (waits)

T3: SELECT pg_try_advisory_lock(1);
--> pg_try_advisory_lock
--> f

T1: COMMIT;
--> T2: pg_advisory_lock_shared
--> T2:

T3: SELECT pg_try_advisory_lock_shared(1);
--> pg_try_advisory_lock_shared
--> t

T2: SELECT pg_advisory_unlock_shared(1);
--> pg_advisory_unlock_shared
--> t

T3: SELECT pg_advisory_unlock_shared(1);
--> pg_advisory_unlock_shared
--> t

-- LOCK TABLE
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: LOCK TABLE test IN SHARE MODE;

T2: LOCK TABLE test IN SHARE MODE;

T2: LOCK TABLE test IN EXCLUSIVE MODE;
--> (waits)

T1: COMMIT;
--> T2: ok

T2: COMMIT;
