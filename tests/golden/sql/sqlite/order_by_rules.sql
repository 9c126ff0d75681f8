-- ORDER BY: names, places, expressions, NULLS
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 'z'), (2, 'y'), (3, NULL), (4, 'Y');

SELECT a FROM t ORDER BY b, a;
--> a
--> 3
--> 4
--> 2
--> 1

SELECT a FROM t ORDER BY b NULLS LAST, a;
--> a
--> 4
--> 2
--> 1
--> 3

SELECT a FROM t ORDER BY b DESC NULLS FIRST, a;
--> a
--> 3
--> 1
--> 2
--> 4

SELECT a, b AS c FROM t ORDER BY c COLLATE NOCASE, a;
--> a | c
--> 3 | NULL
--> 2 | y
--> 4 | Y
--> 1 | z

SELECT a, -a AS m FROM t ORDER BY m;
--> a | m
--> 4 | -4
--> 3 | -3
--> 2 | -2
--> 1 | -1

SELECT a AS b, b AS x FROM t ORDER BY b DESC;
--> b | x
--> 4 | Y
--> 3 | NULL
--> 2 | y
--> 1 | z

SELECT a FROM t ORDER BY 1 DESC;
--> a
--> 4
--> 3
--> 2
--> 1

SELECT a FROM t ORDER BY 2;
--! 1st ORDER BY term out of range - should be between 1 and 1

SELECT a FROM t ORDER BY -1, a;
--! 1st ORDER BY term out of range - should be between 1 and 1

SELECT a FROM t ORDER BY 'a', a DESC;
--> a
--> 4
--> 3
--> 2
--> 1

SELECT a FROM t ORDER BY no_such;
--! no such column: no_such

SELECT DISTINCT a % 2 FROM t ORDER BY a % 2;
--> a % 2
--> 0
--> 1

SELECT a FROM t ORDER BY a LIMIT 2 OFFSET 1;
--> a
--> 2
--> 3

SELECT a FROM t ORDER BY a LIMIT 1, 2;
--> a
--> 2
--> 3

SELECT a FROM t ORDER BY a LIMIT -1 OFFSET 2;
--> a
--> 3
--> 4

SELECT a FROM t LIMIT 'x';
--! datatype mismatch

SELECT a FROM t ORDER BY a LIMIT '1';
--> a
--> 1

SELECT a FROM t ORDER BY a LIMIT NULL;
--! datatype mismatch

SELECT a FROM t LIMIT a;
--! no such column: a

SELECT 1 AS one ORDER BY (-2147483649), -2147483649 DESC;
--> one
--> 1
