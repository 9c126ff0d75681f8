-- The scenarios of the Hermitage suite at REPEATABLE READ
-- oracle: postgres
-- Each statement begins with the name of its session.

T0: CREATE TABLE test (id integer PRIMARY KEY, value integer);

-- G0: write cycles
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 12 WHERE id = 1;
--> (waits)

T1: UPDATE test SET value = 21 WHERE id = 2;
--> UPDATE 1

T1: COMMIT;
--! T2: 40001

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 21

T2: UPDATE test SET value = 22 WHERE id = 2;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

T2: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 21

-- G1a: aborted reads
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE test SET value = 101 WHERE id = 1;
--> UPDATE 1

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: ROLLBACK;

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: COMMIT;

-- G1b: intermediate reads
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE test SET value = 101 WHERE id = 1;
--> UPDATE 1

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T1: COMMIT;

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: COMMIT;

-- G1c: circular information flow
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 22 WHERE id = 2;
--> UPDATE 1

T1: SELECT * FROM test WHERE id = 2;
--> id | value
--> 2 | 20

T2: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 10

T1: COMMIT;

T2: COMMIT;

-- OTV: observed transaction vanishes
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T3: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T1: UPDATE test SET value = 19 WHERE id = 2;
--> UPDATE 1

T2: UPDATE test SET value = 12 WHERE id = 1;
--> (waits)

T1: COMMIT;
--! T2: 40001

T3: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 11

T2: UPDATE test SET value = 18 WHERE id = 2;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

T3: SELECT * FROM test WHERE id = 2;
--> id | value
--> 2 | 19

T2: COMMIT;

T3: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 19

T3: COMMIT;

-- PMP: predicate-many-preceders
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE value = 30;
--> id | value

T2: INSERT INTO test VALUES (3, 30);
--> INSERT 0 1

T2: COMMIT;

T1: SELECT * FROM test WHERE value % 3 = 0;
--> id | value

T1: COMMIT;

-- PMP for writes
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE test SET value = value + 10;
--> UPDATE 2

T2: SELECT * FROM test WHERE value = 20;
--> id | value
--> 2 | 20

T2: DELETE FROM test WHERE value = 20;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: SELECT * FROM test WHERE value = 20;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

T2: COMMIT;

-- P4: lost update
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 10

T2: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 10

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 11 WHERE id = 1;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

-- G-single: read skew
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 10

T2: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 10

T2: SELECT * FROM test WHERE id = 2;
--> id | value
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 18 WHERE id = 2;
--> UPDATE 1

T2: COMMIT;

T1: SELECT * FROM test WHERE id = 2;
--> id | value
--> 2 | 20

T1: COMMIT;

-- G-single: with predicates
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE value % 5 = 0 ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE value = 10;
--> UPDATE 1

T2: COMMIT;

T1: SELECT * FROM test WHERE value % 3 = 0 ORDER BY id;
--> id | value

T1: COMMIT;

-- G-single: a write by a predicate that others have changed
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE id = 1;
--> id | value
--> 1 | 10

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 18 WHERE id = 2;
--> UPDATE 1

T2: COMMIT;

T1: DELETE FROM test WHERE value = 20;
--! 40001

T1: ROLLBACK;

-- G2-item: write skew
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE id IN (1, 2) ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: SELECT * FROM test WHERE id IN (1, 2) ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 21 WHERE id = 2;
--> UPDATE 1

T1: COMMIT;

T2: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 11
--> 2 | 21

-- G2: anti-dependency cycles
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test WHERE value % 3 = 0;
--> id | value

T2: SELECT * FROM test WHERE value % 3 = 0;
--> id | value

T1: INSERT INTO test VALUES (3, 30);
--> INSERT 0 1

T2: INSERT INTO test VALUES (4, 42);
--> INSERT 0 1

T1: COMMIT;

T2: COMMIT;

T0: SELECT * FROM test WHERE value % 3 = 0 ORDER BY id;
--> id | value
--> 3 | 30
--> 4 | 42

-- G2: two edges, of which one is a reader's (Fekete et al.)
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: UPDATE test SET value = value + 5 WHERE id = 2;
--> UPDATE 1

T2: COMMIT;

T3: BEGIN ISOLATION LEVEL REPEATABLE READ;

T3: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 25

T3: COMMIT;

T1: UPDATE test SET value = 0 WHERE id = 1;
--> UPDATE 1

T1: COMMIT;

T0: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 0
--> 2 | 25
