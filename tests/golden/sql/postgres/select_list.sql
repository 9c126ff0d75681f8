-- What may stand in a list of columns
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 'x'), (2, 'y');

SELECT count(*) FROM (SELECT FROM t) AS s;
--> count
--> 2

SELECT *, a + 1 AS next, t.* FROM t ORDER BY a;
--> a | b | next | a | b
--> 1 | x | 2 | 1 | x
--> 2 | y | 3 | 2 | y

SELECT t.a, t.b, u.* FROM t, (VALUES (9)) AS u(n) ORDER BY a;
--> a | b | n
--> 1 | x | 9
--> 2 | y | 9

SELECT u.* FROM t;
--! 42P01: missing FROM-clause entry for table "u"

SELECT a AS b, b AS a FROM t ORDER BY a DESC;
--> b | a
--> 2 | y
--> 1 | x

SELECT a a1, b AS "B" FROM t ORDER BY 1;
--> a1 | B
--> 1 | x
--> 2 | y

SELECT a, a FROM t ORDER BY a;
--> a | a
--> 1 | 1
--> 2 | 2

SELECT count(*), * FROM t;
--! 42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function

SELECT DISTINCT a % 2 FROM t ORDER BY 1;
--> ?column?
--> 0
--> 1

SELECT *;
--! 42601: SELECT * with no tables specified is not valid
