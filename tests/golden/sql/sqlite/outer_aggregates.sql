-- An aggregate of columns of the query around is that query's
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE t (a INTEGER, b INTEGER);

CREATE TABLE u (c INTEGER);

INSERT INTO t VALUES (1, 10), (2, 20), (3, 30);

INSERT INTO u VALUES (1), (2);

SELECT (SELECT max(t.a) FROM u LIMIT 1) AS one_row FROM t;
--> one_row
--> 3

SELECT (SELECT max(t.a) FILTER (WHERE u.c > 1) FROM u) AS each_row FROM t ORDER BY 1;
--> each_row
--> 1
--> 2
--> 3

SELECT a FROM t WHERE a < (SELECT sum(t.b) FROM u);
--! misuse of aggregate: sum()

SELECT max((SELECT min(t.a) FROM u)) FROM t;
--! misuse of aggregate: min()

SELECT a FROM t GROUP BY (SELECT min(t.a) FROM u);
--! aggregate functions are not allowed in the GROUP BY clause
