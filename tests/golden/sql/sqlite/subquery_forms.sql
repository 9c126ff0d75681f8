-- Subqueries: scalar ones take the first row
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z');

SELECT (SELECT a FROM t ORDER BY a DESC) AS first, (SELECT a FROM t WHERE 0) AS none;
--> first | none
--> 3 | NULL

SELECT (SELECT a, b FROM t);
--! sub-select returns 2 columns - expected 1

SELECT a, (SELECT count(*) FROM t AS u WHERE u.a < t.a) AS below FROM t ORDER BY a;
--> a | below
--> 1 | 0
--> 2 | 1
--> 3 | 2

SELECT a FROM t WHERE EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a + 1) ORDER BY a;
--> a
--> 1
--> 2

SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a + 1);
--> a
--> 3

SELECT a FROM t WHERE a = (SELECT max(a) FROM t);
--> a
--> 3

SELECT s.n FROM (SELECT count(*) AS n FROM t) AS s;
--> n
--> 3

SELECT n FROM (SELECT count(*) AS n FROM t);
--> n
--> 3

SELECT a FROM t WHERE a IN (SELECT a FROM t ORDER BY a DESC LIMIT 2) ORDER BY a;
--> a
--> 2
--> 3

SELECT a FROM t ORDER BY (SELECT -a) LIMIT 1;
--> a
--> 3

SELECT a FROM t ORDER BY a LIMIT (SELECT 1 + 1) OFFSET (SELECT 1);
--> a
--> 2
--> 3

SELECT (SELECT (SELECT t.a) FROM t AS u LIMIT 1) FROM t ORDER BY 1;
--> (SELECT (SELECT t.a) FROM t AS u LIMIT 1)
--> 1
--> 2
--> 3

SELECT x FROM (VALUES (1), (2)) AS v;
--! no such column: x

SELECT column1 FROM (VALUES (1), (2)) ORDER BY 1;
--> column1
--> 1
--> 2
