-- SERIALIZABLE
-- oracle: postgres
-- Each statement begins with the name of its session.

T0: CREATE TABLE test (id integer PRIMARY KEY, value integer);

-- A reader alone never fails
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL SERIALIZABLE;

T2: BEGIN ISOLATION LEVEL SERIALIZABLE;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T2: COMMIT;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: COMMIT;

-- Two that write what the other one has read: one fails
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL SERIALIZABLE;

T2: BEGIN ISOLATION LEVEL SERIALIZABLE;

T1: SELECT sum(value) FROM test;
--> sum
--> 30

T2: SELECT sum(value) FROM test;
--> sum
--> 30

T1: INSERT INTO test VALUES (3, 30);
--> INSERT 0 1

T2: INSERT INTO test VALUES (4, 30);
--> INSERT 0 1

T1: COMMIT;

T2: COMMIT;
--! 40001

-- A phantom
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL SERIALIZABLE;

T2: BEGIN ISOLATION LEVEL SERIALIZABLE;

T1: SELECT count(*) FROM test WHERE value > 15;
--> count
--> 1

T2: INSERT INTO test VALUES (3, 30);
--> INSERT 0 1

T2: SELECT count(*) FROM test WHERE value < 15;
--> count
--> 1

T1: UPDATE test SET value = 14 WHERE id = 1;
--> UPDATE 1

T1: COMMIT;

T2: COMMIT;
--! 40001

-- The receipt: a report that sees a batch closed sees all of it
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL SERIALIZABLE;

T2: BEGIN ISOLATION LEVEL SERIALIZABLE;

T3: BEGIN ISOLATION LEVEL SERIALIZABLE;

T1: SELECT value FROM test WHERE id = 1;
--> value
--> 10

T2: UPDATE test SET value = value + 1 WHERE id = 1;
--> UPDATE 1

T2: COMMIT;

T3: SELECT value FROM test WHERE id = 1;
--> value
--> 11

T3: SELECT count(*) FROM test WHERE value = 10 AND id > 2;
--> count
--> 0

T3: COMMIT;

T1: INSERT INTO test VALUES (3, 10);
--! 40001
--~> INSERT 0 1

T1: COMMIT;
--~! 40001

-- A READ ONLY transaction
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL SERIALIZABLE READ only;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: UPDATE test SET value = 12 WHERE id = 1;
--> UPDATE 1

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: COMMIT;

-- What is rolled back harms nobody
T0: TRUNCATE test;

T0: INSERT INTO test VALUES (1, 10), (2, 20);
--> INSERT 0 2

T1: BEGIN ISOLATION LEVEL SERIALIZABLE;

T2: BEGIN ISOLATION LEVEL SERIALIZABLE;

T1: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T2: SELECT * FROM test ORDER BY id;
--> id | value
--> 1 | 10
--> 2 | 20

T1: UPDATE test SET value = 11 WHERE id = 1;
--> UPDATE 1

T2: UPDATE test SET value = 21 WHERE id = 2;
--> UPDATE 1

T1: ROLLBACK;

T2: COMMIT;
