-- Each window function
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (n INTEGER, v INTEGER);

INSERT INTO t VALUES (1, 10), (2, 20), (3, 20), (4, 30);

SELECT n, row_number() OVER (ORDER BY v, n), rank() OVER w, dense_rank() OVER w FROM t WINDOW w AS (ORDER BY v) ORDER BY n;
--> n | row_number | rank | dense_rank
--> 1 | 1 | 1 | 1
--> 2 | 2 | 2 | 2
--> 3 | 3 | 2 | 2
--> 4 | 4 | 4 | 3

SELECT n, percent_rank() OVER w, cume_dist() OVER w, ntile(3) OVER w FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | percent_rank | cume_dist | ntile
--> 1 | 0 | 0.25 | 1
--> 2 | 0.3333333333333333 | 0.5 | 1
--> 3 | 0.6666666666666666 | 0.75 | 2
--> 4 | 1 | 1 | 3

SELECT n, lag(v) OVER w, lead(v) OVER w, lag(v, 2) OVER w AS two, lag(v, 1, 0) OVER w AS other, lead(v, -1) OVER w AS back FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | lag | lead | two | other | back
--> 1 | NULL | 20 | NULL | 0 | NULL
--> 2 | 10 | 20 | NULL | 10 | 10
--> 3 | 20 | 30 | 10 | 20 | 20
--> 4 | 20 | NULL | 20 | 20 | 20

SELECT n, first_value(v) OVER w, last_value(v) OVER w, nth_value(v, 2) OVER w FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | first_value | last_value | nth_value
--> 1 | 10 | 10 | NULL
--> 2 | 10 | 20 | 20
--> 3 | 10 | 20 | 20
--> 4 | 10 | 30 | 20

SELECT n, last_value(v) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM t ORDER BY n;
--> n | last_value
--> 1 | 30
--> 2 | 30
--> 3 | 30
--> 4 | 30

SELECT ntile(0) OVER () FROM t;
--! 22014: argument of ntile must be greater than zero

SELECT ntile(NULL) OVER () FROM t LIMIT 1;
--> ntile
--> NULL

SELECT nth_value(v, 0) OVER () FROM t;
--! 22016: argument of nth_value must be greater than zero

SELECT lag(v, 1, 'x') OVER () FROM t;
--! 22P02: invalid input syntax for type integer: "x"

SELECT row_number() FROM t;
--! 42809: window function row_number requires an OVER clause

SELECT row_number(1) OVER () FROM t;
--! 42883: function row_number(integer) does not exist

SELECT rank() OVER () AS without_order FROM t;
--> without_order
--> 1
--> 1
--> 1
--> 1
