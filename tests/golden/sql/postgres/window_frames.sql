-- ROWS, RANGE and GROUPS
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (n INTEGER);

INSERT INTO t VALUES (1), (2), (2), (4), (7);

SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t ORDER BY n, 2;
--> n | sum
--> 1 | 3
--> 2 | 5
--> 2 | 8
--> 4 | 13
--> 7 | 11

SELECT n, sum(n) OVER (ORDER BY n RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM t ORDER BY n;
--> n | sum
--> 1 | 5
--> 2 | 9
--> 2 | 9
--> 4 | 4
--> 7 | 7

SELECT n, sum(n) OVER (ORDER BY n GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t ORDER BY n;
--> n | sum
--> 1 | 1
--> 2 | 5
--> 2 | 5
--> 4 | 8
--> 7 | 11

SELECT n, sum(n) OVER (ORDER BY n) AS range_is_usual, sum(n) OVER () AS all_of_them FROM t ORDER BY n;
--> n | range_is_usual | all_of_them
--> 1 | 1 | 16
--> 2 | 5 | 16
--> 2 | 5 | 16
--> 4 | 9 | 16
--> 7 | 16 | 16

SELECT n, count(*) OVER (ORDER BY n DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) FROM t ORDER BY n;
--> n | count
--> 1 | 2
--> 2 | 2
--> 2 | 2
--> 4 | 1
--> 7 | 0

SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS behind FROM t ORDER BY n, 2;
--> n | behind
--> 1 | 6
--> 2 | 7
--> 2 | 11
--> 4 | NULL
--> 7 | NULL

SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM t;
--! 42P20: frame starting from current row cannot have preceding rows

SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM t;
--! 42P20: frame starting from following row cannot have preceding rows

SELECT sum(n) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM t;
--! 42P20: frame start cannot be UNBOUNDED FOLLOWING

SELECT sum(n) OVER (ORDER BY n ROWS -1 PRECEDING) FROM t;
--! 22013: frame starting offset must not be negative

SELECT sum(n) OVER (ORDER BY n ROWS n PRECEDING) FROM t;
--! 42P10: argument of ROWS must not contain variables

SELECT sum(n) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t;
--! 42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column

SELECT sum(n) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t;
--! 42P20: GROUPS mode requires an ORDER BY clause

SELECT n, sum(n) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) FROM t ORDER BY n, 2;
--> n | sum
--> 1 | 1
--> 2 | 3
--> 2 | 5
--> 4 | 9
--> 7 | 16
