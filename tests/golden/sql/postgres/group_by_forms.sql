-- GROUP BY: expressions, places, names, keys
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x'), (4, NULL, 'x');

SELECT a, count(*) FROM t GROUP BY a ORDER BY a;
--> a | count
--> 1 | 2
--> 2 | 1
--> NULL | 1

SELECT a + 1 AS next, count(*) FROM t GROUP BY a + 1 ORDER BY 1;
--> next | count
--> 2 | 2
--> 3 | 1
--> NULL | 1

SELECT a % 2 AS odd, count(*) FROM t GROUP BY odd ORDER BY odd;
--> odd | count
--> 0 | 1
--> 1 | 2
--> NULL | 1

SELECT b, count(*) FROM t GROUP BY 1 ORDER BY 1;
--> b | count
--> x | 3
--> y | 1

SELECT a + 1, count(*) FROM t GROUP BY a ORDER BY 1;
--> ?column? | count
--> 2 | 2
--> 3 | 1
--> NULL | 1

SELECT a FROM t GROUP BY a + 1;
--! 42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function

SELECT id, a, b FROM t GROUP BY id ORDER BY id LIMIT 1;
--> id | a | b
--> 1 | 1 | x

SELECT count(*) FROM t GROUP BY ();
--> count
--> 4

SELECT count(*) FROM t WHERE false GROUP BY ();
--> count
--> 0

SELECT count(*) FROM t WHERE false GROUP BY a;
--> count

SELECT a, b FROM t GROUP BY (a, b) ORDER BY a, b;
--> a | b
--> 1 | x
--> 1 | y
--> 2 | x
--> NULL | x

SELECT b AS a, count(*) FROM t GROUP BY a ORDER BY 2, 1;
--! 42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function

SELECT count(*) FROM t GROUP BY 2;
--! 42P10: GROUP BY position 2 is not in select list

SELECT count(*) FROM t GROUP BY 1;
--! 42803: aggregate functions are not allowed in GROUP BY

SELECT max(a) FROM t GROUP BY b HAVING b = 'x';
--> max
--> 2

SELECT 1 AS one FROM t HAVING true;
--> one
--> 1

SELECT b FROM t GROUP BY DISTINCT b, b ORDER BY b;
--> b
--> x
--> y
