-- Every window function
-- oracle: sqlite
-- chapter: windows

CREATE TABLE t (n INTEGER, v INTEGER);

INSERT INTO t VALUES (1, 10), (2, 20), (3, 20), (4, 30);

SELECT n, row_number() OVER (ORDER BY v, n) AS r, rank() OVER w AS k, dense_rank() OVER w AS d FROM t WINDOW w AS (ORDER BY v) ORDER BY n;
--> n | r | k | d
--> 1 | 1 | 1 | 1
--> 2 | 2 | 2 | 2
--> 3 | 3 | 2 | 2
--> 4 | 4 | 4 | 3

SELECT n, percent_rank() OVER w AS p, cume_dist() OVER w AS c, ntile(3) OVER w AS t FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | p | c | t
--> 1 | 0.0 | 0.25 | 1
--> 2 | 0.3333333333333333 | 0.5 | 1
--> 3 | 0.6666666666666666 | 0.75 | 2
--> 4 | 1.0 | 1.0 | 3

SELECT n, lag(v) OVER w, lead(v) OVER w, lag(v, 2, -1) OVER w, lead(v, 0) OVER w FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | lag(v) OVER w | lead(v) OVER w | lag(v, 2, -1) OVER w | lead(v, 0) OVER w
--> 1 | NULL | 20 | -1 | 10
--> 2 | 10 | 20 | -1 | 20
--> 3 | 20 | 30 | 10 | 20
--> 4 | 20 | NULL | 20 | 30

SELECT n, first_value(v) OVER w, last_value(v) OVER w, nth_value(v, 2) OVER w FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | first_value(v) OVER w | last_value(v) OVER w | nth_value(v, 2) OVER w
--> 1 | 10 | 10 | NULL
--> 2 | 10 | 20 | 20
--> 3 | 10 | 20 | 20
--> 4 | 10 | 30 | 20

SELECT n, sum(v) OVER (ORDER BY n), avg(v) OVER (), group_concat(n, '') OVER (ORDER BY n DESC) FROM t ORDER BY n;
--> n | sum(v) OVER (ORDER BY n) | avg(v) OVER () | group_concat(n, '') OVER (ORDER BY n DESC)
--> 1 | 10 | 20.0 | 4321
--> 2 | 30 | 20.0 | 432
--> 3 | 50 | 20.0 | 43
--> 4 | 80 | 20.0 | 4

SELECT ntile(0) OVER () FROM t;
--! argument of ntile must be a positive integer

SELECT nth_value(v, 0) OVER () FROM t;
--! second argument to nth_value must be a positive integer

SELECT row_number() FROM t;
--! misuse of window function row_number()

SELECT upper('a') OVER ();
--! upper() may not be used as a window function

SELECT sum(DISTINCT v) OVER () FROM t;
--! DISTINCT is not supported for window functions

SELECT n FROM t WHERE row_number() OVER () = 1;
--! misuse of window function row_number()

SELECT n, sum(v) FILTER (WHERE v > 10) OVER (ORDER BY n) FROM t ORDER BY n;
--> n | sum(v) FILTER (WHERE v > 10) OVER (ORDER BY n)
--> 1 | NULL
--> 2 | 20
--> 3 | 40
--> 4 | 70
