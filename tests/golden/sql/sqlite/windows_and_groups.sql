-- Window functions of groups
-- oracle: sqlite
-- chapter: windows

CREATE TABLE t (g TEXT, n INTEGER);

INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 5), ('c', 1);

SELECT g, sum(n) AS s, rank() OVER (ORDER BY sum(n) DESC) AS place FROM t GROUP BY g ORDER BY g;
--> g | s | place
--> a | 3 | 2
--> b | 5 | 1
--> c | 1 | 3

SELECT g, sum(sum(n)) OVER (ORDER BY g) AS running FROM t GROUP BY g ORDER BY g;
--> g | running
--> a | 3
--> b | 8
--> c | 9

SELECT DISTINCT count(*) OVER (PARTITION BY g) AS n FROM t ORDER BY n;
--> n
--> 1
--> 2

SELECT n FROM t ORDER BY row_number() OVER (ORDER BY n DESC, g), n;
--> n
--> 5
--> 2
--> 1
--> 1

SELECT g, n, n - lag(n, 1, 0) OVER (PARTITION BY g ORDER BY n) AS step FROM t ORDER BY g, n;
--> g | n | step
--> a | 1 | 1
--> a | 2 | 1
--> b | 5 | 5
--> c | 1 | 1

SELECT * FROM (SELECT g, n, row_number() OVER (PARTITION BY g ORDER BY n DESC) AS r FROM t) WHERE r = 1 ORDER BY g;
--> g | n | r
--> a | 2 | 1
--> b | 5 | 1
--> c | 1 | 1

SELECT sum(row_number() OVER ()) FROM t;
--! misuse of window function row_number()

SELECT g FROM t GROUP BY g HAVING row_number() OVER () = 1;
--! misuse of window function row_number()
