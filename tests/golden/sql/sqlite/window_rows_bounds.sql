-- Every pair of bounds of a ROWS frame
-- oracle: sqlite
-- chapter: windows

CREATE TABLE t (n INTEGER PRIMARY KEY);

INSERT INTO t VALUES (1), (2), (3), (4);

SELECT n, group_concat(n, '') OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) AS so_far, group_concat(n, '') OVER (ORDER BY n ROWS CURRENT ROW) AS own, group_concat(n, '') OVER (ORDER BY n ROWS 1 PRECEDING) AS two FROM t ORDER BY n;
--> n | so_far | own | two
--> 1 | 1 | 1 | 1
--> 2 | 12 | 2 | 12
--> 3 | 123 | 3 | 23
--> 4 | 1234 | 4 | 34

SELECT n, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS a, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS b, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM t ORDER BY n;
--> n | a | b | c
--> 1 | NULL | 12 | 1234
--> 2 | NULL | 123 | 1234
--> 3 | 1 | 1234 | 1234
--> 4 | 12 | 1234 | 1234

SELECT n, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS a, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS b, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM t ORDER BY n;
--> n | a | b | c
--> 1 | NULL | 1 | 1234
--> 2 | 1 | 12 | 1234
--> 3 | 12 | 23 | 234
--> 4 | 23 | 34 | 34

SELECT n, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS a, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS b, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS c, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND UNBOUNDED FOLLOWING) AS d FROM t ORDER BY n;
--> n | a | b | c | d
--> 1 | 12 | 1234 | 23 | 34
--> 2 | 23 | 234 | 34 | 4
--> 3 | 34 | 34 | 4 | NULL
--> 4 | 4 | 4 | NULL | NULL

SELECT n, count(*) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 2 PRECEDING) AS empty, count(*) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) AS empty_too, sum(n) OVER (ORDER BY n ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) AS neither FROM t ORDER BY n;
--> n | empty | empty_too | neither
--> 1 | 0 | 0 | NULL
--> 2 | 0 | 0 | NULL
--> 3 | 0 | 0 | NULL
--> 4 | 0 | 0 | NULL

SELECT n, first_value(n) OVER w AS first, last_value(n) OVER w AS last, nth_value(n, 2) OVER w AS second FROM t WINDOW w AS (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) ORDER BY n;
--> n | first | last | second
--> 1 | 2 | 4 | 3
--> 2 | 3 | 4 | 4
--> 3 | 4 | 4 | NULL
--> 4 | NULL | NULL | NULL

SELECT n, group_concat(n, '') OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS others, group_concat(n, '') OVER (ORDER BY n DESC ROWS 1 PRECEDING) AS down FROM t ORDER BY n;
--> n | others | down
--> 1 | 2 | 21
--> 2 | 13 | 32
--> 3 | 24 | 43
--> 4 | 3 | 4

SELECT n, sum(n) OVER (ORDER BY n ROWS 1 + 1 PRECEDING) AS expression, sum(n) OVER (ORDER BY n ROWS 1.0 PRECEDING) AS real FROM t ORDER BY n;
--> n | expression | real
--> 1 | 1 | 1
--> 2 | 3 | 3
--> 3 | 6 | 5
--> 4 | 9 | 7

SELECT count(*) OVER (ORDER BY n ROWS -1 PRECEDING) FROM t;
--! frame starting offset must be a non-negative integer

SELECT count(*) OVER (ORDER BY n ROWS 'x' PRECEDING) FROM t;
--! frame starting offset must be a non-negative integer

SELECT count(*) OVER (ORDER BY n ROWS 1.5 PRECEDING) FROM t;
--! frame starting offset must be a non-negative integer

SELECT count(*) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING) FROM t;
--! near "PRECEDING": syntax error
--~! frame end cannot be UNBOUNDED PRECEDING

SELECT count(*) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM t;
--! near "FOLLOWING": syntax error

SELECT count(*) OVER (ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW) FROM t;
--! unsupported frame specification

SELECT n, count(*) FILTER (WHERE n % 2 = 0) OVER (ORDER BY n ROWS 2 PRECEDING) AS even FROM t ORDER BY n;
--> n | even
--> 1 | 0
--> 2 | 1
--> 3 | 1
--> 4 | 2
