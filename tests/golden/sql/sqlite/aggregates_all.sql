-- Every aggregate, of rows, of none, of NULLs
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE t (g TEXT, n, s TEXT);

INSERT INTO t VALUES ('a', 1, 'x'), ('a', 2.5, 'y'), ('b', NULL, NULL), ('b', '3', 'x');

SELECT count(*), count(n), count(DISTINCT s), sum(n), total(n), avg(n), min(n), max(n) FROM t;
--> count(*) | count(n) | count(DISTINCT s) | sum(n) | total(n) | avg(n) | min(n) | max(n)
--> 4 | 3 | 2 | 6.5 | 6.5 | 2.1666666666666665 | 1 | 3

SELECT count(*), count(n), sum(n), total(n), avg(n), min(n), max(n), group_concat(s) FROM t WHERE 0;
--> count(*) | count(n) | sum(n) | total(n) | avg(n) | min(n) | max(n) | group_concat(s)
--> 0 | 0 | NULL | 0.0 | NULL | NULL | NULL | NULL

SELECT sum(n), total(n), avg(n), group_concat(n) FROM t WHERE n IS NULL;
--> sum(n) | total(n) | avg(n) | group_concat(n)
--> NULL | 0.0 | NULL | NULL

SELECT typeof(sum(x)), typeof(total(x)), typeof(avg(x)) FROM (SELECT 1 AS x);
--> typeof(sum(x)) | typeof(total(x)) | typeof(avg(x))
--> integer | real | real

SELECT g, group_concat(s ORDER BY s), group_concat(s, '-' ORDER BY s DESC) FROM t GROUP BY g ORDER BY g;
--> g | group_concat(s ORDER BY s) | group_concat(s, '-' ORDER BY s DESC)
--> a | x,y | y-x
--> b | x | x

SELECT group_concat(DISTINCT s ORDER BY s) FROM t;
--> group_concat(DISTINCT s ORDER BY s)
--> x,y

SELECT group_concat(DISTINCT s, '-') FROM t;
--! DISTINCT aggregates must have exactly one argument

SELECT string_agg(s, ';' ORDER BY s) FROM t;
--> string_agg(s, ';' ORDER BY s)
--> x;x;y

SELECT sum(n) FILTER (WHERE g = 'a'), count(*) FILTER (WHERE n IS NULL) FROM t;
--> sum(n) FILTER (WHERE g = 'a') | count(*) FILTER (WHERE n IS NULL)
--> 3.5 | 1

SELECT sum(DISTINCT n), avg(DISTINCT n) FROM (SELECT 1 AS n UNION ALL SELECT 1 UNION ALL SELECT 4);
--> sum(DISTINCT n) | avg(DISTINCT n)
--> 5 | 2.5

SELECT max(1, 5, 3), min(2, 'a'), max(1, NULL), min('a', 'B');
--> max(1, 5, 3) | min(2, 'a') | max(1, NULL) | min('a', 'B')
--> 5 | 2 | NULL | B

SELECT sum('abc'), sum('12abc'), avg('x');
--> sum('abc') | sum('12abc') | avg('x')
--> 0.0 | 12.0 | 0.0

SELECT count(), count(1, 2);
--! wrong number of arguments to function count()

SELECT json_group_array(s ORDER BY s), json_group_object(g, n) FROM t WHERE n IS NOT NULL;
--> json_group_array(s ORDER BY s) | json_group_object(g, n)
--> ["x","x","y"] | {"a":1,"a":2.5,"b":"3"}
--~> json_group_array(s ORDER BY s) | json_group_object(g, n)
--~> ["x","x","y"] | {"a":1,"b":"3","a":2.5}

SELECT median(n) FROM t;
--! no such function: median
