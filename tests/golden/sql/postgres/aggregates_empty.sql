-- Aggregates of no rows and of NULLs
-- oracle: postgres
-- chapter: aggregates

SELECT count(*), count(x), sum(x), avg(x), min(x), max(x) FROM (VALUES (1)) v(x) WHERE false;
--> count | count | sum | avg | min | max
--> 0 | 0 | NULL | NULL | NULL | NULL

SELECT count(*), count(x), sum(x), avg(x), min(x), max(x) FROM (VALUES (NULL::integer), (NULL)) v(x);
--> count | count | sum | avg | min | max
--> 2 | 0 | NULL | NULL | NULL | NULL

SELECT array_agg(x), string_agg(x::text, ','), bool_and(x > 0), json_agg(x), stddev(x) FROM (VALUES (1)) v(x) WHERE false;
--> array_agg | string_agg | bool_and | json_agg | stddev
--> NULL | NULL | NULL | NULL | NULL

SELECT array_agg(x), json_agg(x), string_agg(x::text, ','), count(DISTINCT x) FROM (VALUES (NULL::integer)) v(x);
--> array_agg | json_agg | string_agg | count
--> {NULL} | [null] | NULL | 0

SELECT coalesce(sum(x), 0) AS zero FROM (VALUES (NULL::integer)) v(x);
--> zero
--> 0

SELECT count(NULL), count(1), sum(NULL::integer);
--> count | count | sum
--> 0 | 1 | NULL

SELECT sum(NULL);
--! 42725: function sum(unknown) is not unique

SELECT max(x) FILTER (WHERE x > 100) AS filtered FROM (VALUES (1), (2)) v(x);
--> filtered
--> NULL
