-- At REPEATABLE READ the first updater wins
-- oracle: postgres
-- Each statement begins with the name of its session.

T0: CREATE TABLE test (id integer PRIMARY KEY, value integer);

-- A row that another one has changed since ends the transaction
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T1: UPDATE test SET value = 11 WHERE id = 1;
--! 40001

T1: ROLLBACK;

-- One that waits for a change that is taken back goes on
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T1: UPDATE test SET value = value + 1 WHERE id = 1;
--> (waits)

T2: ROLLBACK;
--> T1: UPDATE 1

T1: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 20

-- A lock on a row that has changed since
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T1: SELECT * FROM test WHERE id = 1 FOR UPDATE;
--! 40001

T1: ROLLBACK;

-- A lock alone changes nothing
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: SELECT * FROM test WHERE id = 1 FOR UPDATE;
--> id | value
--> 1 | 10

T1: UPDATE test SET value = 11 WHERE id = 1;
--> (waits)

T2: COMMIT;
--> T1: UPDATE 1

T1: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 20

-- A row deleted since
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: DELETE FROM test WHERE id = 1;
--> DELETE 1

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: DELETE FROM test WHERE id = 1;
--! 40001

T1: ROLLBACK;

-- Its own changes on its old state
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: INSERT INTO test VALUES (3, 30);
--> INSERT 0 1

T1: UPDATE test SET value = 0;
--> UPDATE 2

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 0
--> 2 | 0

T1: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 0
--> 2 | 0
--> 3 | 30
