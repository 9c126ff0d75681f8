-- DISTINCT and ORDER BY within aggregates: what is kept, and in what order
-- oracle: postgres
-- chapter: aggregates

SELECT array_agg(DISTINCT x) AS up, array_agg(DISTINCT x ORDER BY x DESC) AS down FROM (VALUES (3), (1), (2), (3), (NULL)) v(x);
--> up | down
--> {1,2,3,NULL} | {NULL,3,2,1}

SELECT string_agg(DISTINCT x, ',') AS up, string_agg(DISTINCT x, ',' ORDER BY x DESC) AS down FROM (VALUES ('b'), ('a'), ('c'), ('b')) v(x);
--> up | down
--> a,b,c | c,b,a

SELECT json_agg(DISTINCT x) AS numbers FROM (VALUES (2), (1), (2)) v(x);
--> numbers
--> [1, 2]

SELECT jsonb_agg(DISTINCT x) AS texts FROM (VALUES ('b'), ('a')) v(x);
--> texts
--> ["a", "b"]

SELECT array_agg(DISTINCT length(x)) AS lengths, array_agg(DISTINCT lower(x)) AS lower FROM (VALUES ('Bb'), ('bb'), ('a')) v(x);
--> lengths | lower
--> {1,2} | {a,bb}

SELECT array_agg(DISTINCT (x, y)) AS pairs FROM (VALUES (2, 'a'), (1, 'b'), (2, 'a')) v(x, y);
--> pairs
--> {"(1,b)","(2,a)"}

SELECT count(DISTINCT x) AS n, sum(DISTINCT x) AS sum, avg(DISTINCT x) AS avg, max(DISTINCT x) AS max FROM (VALUES (2), (2), (4), (NULL)) v(x);
--> n | sum | avg | max
--> 2 | 6 | 3.0000000000000000 | 4

SELECT sum(DISTINCT x) AS numerics FROM (VALUES (1.5), (1.50), (2)) v(x);
--> numerics
--> 3.5

SELECT g, array_agg(DISTINCT x) AS xs, count(DISTINCT x) AS n FROM (VALUES ('a', 2), ('a', 1), ('b', 5), ('a', 2)) v(g, x) GROUP BY g ORDER BY g;
--> g | xs | n
--> a | {1,2} | 2
--> b | {5} | 1

SELECT array_agg(x ORDER BY y) AS by_other, array_agg(x ORDER BY y DESC, x) AS by_two, array_agg(x ORDER BY x % 2, x) AS by_expression FROM (VALUES (1, 'c'), (2, 'a'), (3, 'a')) v(x, y);
--> by_other | by_two | by_expression
--> {2,3,1} | {1,2,3} | {2,1,3}

SELECT array_agg(x ORDER BY x NULLS FIRST) AS first, array_agg(x ORDER BY x DESC NULLS LAST) AS last FROM (VALUES (1), (NULL), (2)) v(x);
--> first | last
--> {NULL,1,2} | {2,1,NULL}

SELECT string_agg(x, '' ORDER BY n) AS word, string_agg(x, n::text ORDER BY n) AS separators FROM (VALUES ('c', 1), ('a', 2), ('b', 3)) v(x, n);
--> word | separators
--> cab | c2a3b

SELECT array_agg(DISTINCT x ORDER BY y) FROM (VALUES (1, 2)) v(x, y);
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT string_agg(DISTINCT x, ',' ORDER BY length(x)) FROM (VALUES ('a')) v(x);
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT array_agg(DISTINCT x ORDER BY x, x) AS twice FROM (VALUES (2), (1)) v(x);
--> twice
--> {1,2}

SELECT array_agg(DISTINCT x) FILTER (WHERE x > 1) AS above FROM (VALUES (3), (1), (2), (3)) v(x);
--> above
--> {2,3}

SELECT array_agg(DISTINCT x) AS booleans FROM (VALUES (true), (false), (true)) v(x);
--> booleans
--> {f,t}

SELECT array_agg(DISTINCT x) AS dates FROM (VALUES (date '2024-02-01'), ('2024-01-01')) v(x);
--> dates
--> {2024-01-01,2024-02-01}

SELECT bool_and(DISTINCT x) AS all, bit_or(DISTINCT y) AS bits FROM (VALUES (true, 1), (true, 2)) v(x, y);
--> all | bits
--> t | 3

SELECT jsonb_object_agg(DISTINCT k, v) AS object FROM (VALUES ('b', 1), ('a', 2), ('b', 1)) t(k, v);
--> object
--> {"a": 2, "b": 1}

SELECT array_agg(DISTINCT x)[1] FROM (VALUES (1)) v(x);
--! 42601: syntax error at or near "["
--~> array_agg
--~> 1

SELECT (array_agg(DISTINCT x))[1] AS least FROM (VALUES (2), (1)) v(x);
--> least
--> 1
