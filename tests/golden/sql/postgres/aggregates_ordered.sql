-- ORDER BY and DISTINCT in aggregates
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (g INTEGER, x INTEGER, s TEXT);

INSERT INTO t VALUES (1, 3, 'c'), (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'a'), (2, 1, NULL);

SELECT g, array_agg(x ORDER BY x), string_agg(s, ',' ORDER BY s DESC) FROM t GROUP BY g ORDER BY g;
--> g | array_agg | string_agg
--> 1 | {1,2,3} | c,b,a
--> 2 | {1,1} | a

SELECT string_agg(DISTINCT s, '-' ORDER BY s) FROM t;
--> string_agg
--> a-b-c

SELECT array_agg(DISTINCT x ORDER BY x DESC) FROM t;
--> array_agg
--> {3,2,1}

SELECT array_agg(s ORDER BY s NULLS FIRST) FROM t;
--> array_agg
--> {NULL,a,a,b,c}

SELECT array_agg(s ORDER BY g, x DESC, s) FROM t;
--> array_agg
--> {c,b,a,a,NULL}

SELECT count(DISTINCT x), sum(DISTINCT x), avg(DISTINCT x), count(DISTINCT (x, s)) FROM t;
--> count | sum | avg | count
--> 3 | 6 | 2.0000000000000000 | 4

SELECT array_agg(DISTINCT x ORDER BY s) FROM t;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT string_agg(s, x::text ORDER BY x, s) FROM t;
--> string_agg
--> a1a2b3c

SELECT string_agg(s) FROM t;
--! 42883: function string_agg(text) does not exist

SELECT count(DISTINCT *) FROM t;
--! 42601: syntax error at or near "*"

SELECT count(ALL x) FROM t;
--> count
--> 5

SELECT sum(x ORDER BY x) FROM t;
--> sum
--> 8

SELECT upper(DISTINCT 'a');
--! 42809: DISTINCT specified, but upper is not an aggregate function
