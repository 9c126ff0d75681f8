-- Functions that return rows in a list of columns
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (id INTEGER, a INTEGER[]);

INSERT INTO t VALUES (1, '{10,20}'), (2, '{}'), (3, '{30}');

SELECT id, unnest(a) AS x FROM t ORDER BY id, x;
--> id | x
--> 1 | 10
--> 1 | 20
--> 3 | 30

SELECT unnest(ARRAY[1, 2]) AS a, unnest(ARRAY['x', 'y', 'z']) AS b;
--> a | b
--> 1 | x
--> 2 | y
--> NULL | z

SELECT unnest(ARRAY[3, 1, 2]) AS x ORDER BY x;
--> x
--> 1
--> 2
--> 3

SELECT DISTINCT unnest(ARRAY[1, 1, 2]) AS x ORDER BY x;
--> x
--> 1
--> 2

SELECT generate_series(1, 3) LIMIT 2;
--> generate_series
--> 1
--> 2

SELECT id FROM t WHERE unnest(a) = 10;
--! 0A000: set-returning functions are not allowed in WHERE

SELECT count(*), unnest(ARRAY[1, 2]) AS u FROM t;
--> count | u
--> 3 | 1
--> 3 | 2

SELECT unnest(a), sum(id) FROM t GROUP BY 1 ORDER BY 1;
--> unnest | sum
--> 10 | 1
--> 20 | 1
--> 30 | 3
--~! 42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function

SELECT CASE WHEN true THEN generate_series(1, 2) END;
--! 0A000: set-returning functions are not allowed in CASE

SELECT coalesce(generate_series(1, 2), 0);
--! 0A000: set-returning functions are not allowed in COALESCE

SELECT generate_series(1, 2) + 10 AS g;
--> g
--> 11
--> 12

SELECT (SELECT unnest(ARRAY[1, 2]));
--! 21000: more than one row returned by a subquery used as an expression

SELECT abs(generate_series(-1, 1)) AS a;
--> a
--> 1
--> 0
--> 1

SELECT jsonb_array_elements('[1,2]') AS j, 'x' AS x;
--> j | x
--> 1 | x
--> 2 | x
