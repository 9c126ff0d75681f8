-- An aggregate of DISTINCT values takes them in an order of its arguments alone
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (a integer, b varchar(3));

INSERT INTO t VALUES (1, 'x'), (2, 'y'), (1, 'x');

SELECT string_agg(DISTINCT b, ',' ORDER BY b DESC), array_agg(DISTINCT a ORDER BY a DESC) FROM t;
--> string_agg | array_agg
--> y,x | {2,1}

SELECT string_agg(DISTINCT b, ',' ORDER BY a) FROM t;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT string_agg(DISTINCT b, ',' ORDER BY b, a) FROM t;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT string_agg(DISTINCT b, ',' ORDER BY b::text) FROM t;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT string_agg(DISTINCT b, ',' ORDER BY b, ',') FROM t;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT string_agg(DISTINCT 'x'::text, b ORDER BY 'x'::text, b) FROM t;
--> string_agg
--> xyx

SELECT max(DISTINCT a ORDER BY 1) FROM t;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list
