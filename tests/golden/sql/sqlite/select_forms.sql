-- SELECT without and with FROM
-- oracle: sqlite
-- chapter: queries

SELECT 1;
--> 1
--> 1

SELECT 1, 2 WHERE 0;
--> 1 | 2

SELECT *;
--! no tables specified

CREATE TABLE t (a, b);

INSERT INTO t VALUES (1, 'x'), (2, 'y'), (2, 'z');

SELECT t.*, a + 1 FROM t ORDER BY b;
--> a | b | a + 1
--> 1 | x | 2
--> 2 | y | 3
--> 2 | z | 3

SELECT ALL a FROM t ORDER BY a;
--> a
--> 1
--> 2
--> 2

SELECT DISTINCT a FROM t ORDER BY a;
--> a
--> 1
--> 2

SELECT a FROM main.t ORDER BY b LIMIT 1;
--> a
--> 1

SELECT main.t.a FROM t ORDER BY b LIMIT 1;
--> a
--> 1

SELECT a FROM t AS x WHERE x.b = 'x';
--> a
--> 1

SELECT t.a FROM t AS x;
--! no such column: t.a

SELECT a FROM t x, t y;
--! ambiguous column name: a

SELECT a AS n FROM t WHERE n = 1;
--> n
--> 1

SELECT a AS n, count(*) FROM t GROUP BY n HAVING n > 1;
--> n | count(*)
--> 2 | 2

SELECT a FROM no_such.t;
--! no such table: no_such.t

SELECT a FROM t GROUP BY 3;
--! 1st GROUP BY term out of range - should be between 1 and 1

SELECT a, FROM t;
--! near "FROM": syntax error
