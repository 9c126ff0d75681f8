-- Groups by columns of a query around, and subqueries that have these
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (a integer, b text);

CREATE TABLE u (c text);

INSERT INTO t VALUES (1, 'x'), (2, 'y');

INSERT INTO u VALUES ('5');

SELECT a, (SELECT (SELECT t.b FROM u LIMIT 1) FROM u GROUP BY t.b) FROM t ORDER BY a;
--> a | b
--> 1 | x
--> 2 | y

SELECT a, (SELECT (SELECT t.b) || '!' FROM u GROUP BY t.b) FROM t ORDER BY a;
--> a | ?column?
--> 1 | x!
--> 2 | y!

SELECT a, b, (SELECT count(*) FROM (SELECT (SELECT t.b) AS x FROM u GROUP BY ROLLUP (t.b)) AS q) FROM t ORDER BY a;
--> a | b | count
--> 1 | x | 2
--> 2 | y | 2
