-- Where window functions may stand, and what they see
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (g TEXT, n INTEGER);

INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 3), ('b', NULL);

SELECT g, sum(n) AS s, rank() OVER (ORDER BY sum(n) DESC) FROM t GROUP BY g ORDER BY g;
--> g | s | rank
--> a | 3 | 1
--> b | 3 | 1

SELECT g, sum(sum(n)) OVER (ORDER BY g) FROM t GROUP BY g ORDER BY g;
--> g | sum
--> a | 3
--> b | 6

SELECT n FROM t ORDER BY row_number() OVER (ORDER BY n DESC NULLS LAST);
--> n
--> 3
--> 2
--> 1
--> NULL

SELECT n FROM t WHERE row_number() OVER () = 1;
--! 42P20: window functions are not allowed in WHERE

SELECT g FROM t GROUP BY g HAVING rank() OVER () = 1;
--! 42P20: window functions are not allowed in HAVING

SELECT sum(row_number() OVER ()) FROM t;
--! 42803: aggregate function calls cannot contain window function calls

SELECT row_number() OVER (ORDER BY rank() OVER ()) FROM t;
--! 42P20: window functions are not allowed in window definitions

SELECT DISTINCT count(*) OVER (PARTITION BY g) AS n FROM t;
--> n
--> 2

SELECT n, max(n) OVER (PARTITION BY g ORDER BY n DESC) FROM t ORDER BY n;
--> n | max
--> 1 | 2
--> 2 | 2
--> 3 | 3
--> NULL | NULL

SELECT count(DISTINCT n) OVER () FROM t;
--! 0A000: DISTINCT is not implemented for window functions

SELECT string_agg(g, ',') OVER (ORDER BY n NULLS LAST) FROM t ORDER BY n;
--> string_agg
--> a
--> a,a
--> a,a,b
--> a,a,b,b

SELECT n, avg(n) OVER (PARTITION BY g) AS a, n - first_value(n) OVER (PARTITION BY g ORDER BY n) AS since FROM t ORDER BY n;
--> n | a | since
--> 1 | 1.5000000000000000 | 0
--> 2 | 1.5000000000000000 | 1
--> 3 | 3.0000000000000000 | 0
--> NULL | 3.0000000000000000 | NULL

SELECT abs(n) OVER () FROM t;
--! 42809: OVER specified, but abs is not a window function nor an aggregate function

UPDATE t SET n = row_number() OVER ();
--! 42P20: window functions are not allowed in UPDATE

SELECT n, sum(n) OVER (ORDER BY n) FROM t ORDER BY n LIMIT 2;
--> n | sum
--> 1 | 1
--> 2 | 3
