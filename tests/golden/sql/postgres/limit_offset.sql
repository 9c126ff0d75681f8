-- LIMIT and OFFSET
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (n INTEGER);

INSERT INTO t SELECT * FROM generate_series(1, 5);

SELECT n FROM t ORDER BY n LIMIT 2;
--> n
--> 1
--> 2

SELECT n FROM t ORDER BY n OFFSET 3;
--> n
--> 4
--> 5

SELECT n FROM t ORDER BY n LIMIT 2 OFFSET 1;
--> n
--> 2
--> 3

SELECT n FROM t ORDER BY n OFFSET 1 LIMIT 1;
--> n
--> 2

SELECT n FROM t LIMIT 0;
--> n

SELECT count(*) FROM (SELECT n FROM t LIMIT ALL) s;
--> count
--> 5

SELECT n FROM t ORDER BY n LIMIT NULL OFFSET 4;
--> n
--> 5

SELECT n FROM t ORDER BY n LIMIT 1 + 1;
--> n
--> 1
--> 2

SELECT n FROM t ORDER BY n LIMIT (SELECT 1);
--> n
--> 1

SELECT n FROM t ORDER BY n LIMIT 1.5;
--> n
--> 1
--> 2

SELECT n FROM t LIMIT -1;
--! 2201W: LIMIT must not be negative

SELECT n FROM t OFFSET -1;
--! 2201X: OFFSET must not be negative

SELECT n FROM t LIMIT n;
--! 42P10: argument of LIMIT must not contain variables
--~! 42703: column "n" does not exist

SELECT n FROM t LIMIT 'x';
--! 22P02: invalid input syntax for type bigint: "x"

SELECT n FROM t ORDER BY n OFFSET 2 ROWS FETCH NEXT ROW ONLY;
--> n
--> 3

SELECT n FROM t ORDER BY n LIMIT 1 FOR UPDATE;
--> n
--> 1
