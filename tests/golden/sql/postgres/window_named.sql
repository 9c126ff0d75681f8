-- WINDOW names windows, which others extend
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (g TEXT, n INTEGER);

INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 3), ('b', 4);

SELECT g, n, sum(n) OVER w, count(*) OVER (w ORDER BY n) FROM t WINDOW w AS (PARTITION BY g) ORDER BY n;
--> g | n | sum | count
--> a | 1 | 3 | 1
--> a | 2 | 3 | 2
--> b | 3 | 7 | 1
--> b | 4 | 7 | 2

SELECT n, sum(n) OVER (w ROWS 1 PRECEDING) FROM t WINDOW w AS (ORDER BY n) ORDER BY n;
--> n | sum
--> 1 | 1
--> 2 | 3
--> 3 | 5
--> 4 | 7

SELECT n, sum(n) OVER v FROM t WINDOW w AS (PARTITION BY g), v AS (w ORDER BY n DESC) ORDER BY n;
--> n | sum
--> 1 | 3
--> 2 | 2
--> 3 | 7
--> 4 | 4

SELECT sum(n) OVER (w PARTITION BY n) FROM t WINDOW w AS (ORDER BY n);
--! 42P20: cannot override PARTITION BY clause of window "w"

SELECT sum(n) OVER (w ORDER BY g) FROM t WINDOW w AS (ORDER BY n);
--! 42P20: cannot override ORDER BY clause of window "w"

SELECT sum(n) OVER (w) FROM t WINDOW w AS (ORDER BY n ROWS 1 PRECEDING);
--! 42P20: cannot copy window "w" because it has a frame clause

SELECT sum(n) OVER missing FROM t;
--! 42704: window "missing" does not exist

SELECT sum(n) OVER w FROM t WINDOW w AS (), w AS ();
--! 42P20: window "w" is already defined

SELECT n FROM t WINDOW unused AS (ORDER BY n) ORDER BY n LIMIT 1;
--> n
--> 1
