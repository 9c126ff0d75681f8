-- Every pair of bounds of a ROWS frame
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (n INTEGER PRIMARY KEY);

INSERT INTO t VALUES (1), (2), (3), (4);

SELECT n, array_agg(n) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) AS so_far, array_agg(n) OVER (ORDER BY n ROWS CURRENT ROW) AS own, array_agg(n) OVER (ORDER BY n ROWS 1 PRECEDING) AS two FROM t ORDER BY n;
--> n | so_far | own | two
--> 1 | {1} | {1} | {1}
--> 2 | {1,2} | {2} | {1,2}
--> 3 | {1,2,3} | {3} | {2,3}
--> 4 | {1,2,3,4} | {4} | {3,4}

SELECT n, array_agg(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS a, array_agg(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS b, array_agg(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM t ORDER BY n;
--> n | a | b | c
--> 1 | NULL | {1,2} | {1,2,3,4}
--> 2 | NULL | {1,2,3} | {1,2,3,4}
--> 3 | {1} | {1,2,3,4} | {1,2,3,4}
--> 4 | {1,2} | {1,2,3,4} | {1,2,3,4}

SELECT n, array_agg(n) OVER (ORDER BY n ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS a, array_agg(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS b, array_agg(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM t ORDER BY n;
--> n | a | b | c
--> 1 | NULL | {1} | {1,2,3,4}
--> 2 | {1} | {1,2} | {1,2,3,4}
--> 3 | {1,2} | {2,3} | {2,3,4}
--> 4 | {2,3} | {3,4} | {3,4}

SELECT n, array_agg(n) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND CURRENT ROW) AS a, array_agg(n) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS b, array_agg(n) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS c FROM t ORDER BY n;
--> n | a | b | c
--> 1 | {1} | {1,2} | {1,2,3,4}
--> 2 | {2} | {2,3} | {2,3,4}
--> 3 | {3} | {3,4} | {3,4}
--> 4 | {4} | {4} | {4}

SELECT n, array_agg(n) OVER (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS a, array_agg(n) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND UNBOUNDED FOLLOWING) AS b FROM t ORDER BY n;
--> n | a | b
--> 1 | {2,3} | {3,4}
--> 2 | {3,4} | {4}
--> 3 | {4} | NULL
--> 4 | NULL | NULL

SELECT n, count(*) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 2 PRECEDING) AS empty, count(*) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) AS empty_too, sum(n) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) AS nothing FROM t ORDER BY n;
--> n | empty | empty_too | nothing
--> 1 | 0 | 0 | NULL
--> 2 | 0 | 0 | NULL
--> 3 | 0 | 0 | NULL
--> 4 | 0 | 0 | NULL

SELECT n, array_agg(n) OVER (ORDER BY n ROWS BETWEEN 0 PRECEDING AND 0 FOLLOWING) AS own, first_value(n) OVER (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS next, last_value(n) OVER (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS far FROM t ORDER BY n;
--> n | own | next | far
--> 1 | {1} | 2 | 4
--> 2 | {2} | 3 | 4
--> 3 | {3} | 4 | 4
--> 4 | {4} | NULL | NULL

SELECT count(*) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM t;
--! 42P20: frame start cannot be UNBOUNDED FOLLOWING

SELECT count(*) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING) FROM t;
--! 42P20: frame end cannot be UNBOUNDED PRECEDING

SELECT count(*) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM t;
--! 42P20: frame starting from current row cannot have preceding rows

SELECT count(*) OVER (ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW) FROM t;
--! 42P20: frame starting from following row cannot have preceding rows

SELECT count(*) OVER (ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM t;
--! 42P20: frame starting from following row cannot have preceding rows

SELECT count(*) OVER (ROWS n PRECEDING) FROM t;
--! 42P10: argument of ROWS must not contain variables

SELECT count(*) OVER (ROWS NULL PRECEDING) FROM t;
--! 22004: frame starting offset must not be null

SELECT count(*) OVER (ROWS 1.5 PRECEDING) FROM t;
--> count
--> 1
--> 2
--> 3
--> 3

SELECT n, count(*) OVER (ORDER BY n ROWS (SELECT 1) PRECEDING) AS c FROM t ORDER BY n;
--> n | c
--> 1 | 1
--> 2 | 2
--> 3 | 2
--> 4 | 2
