-- What ORDER BY may name
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (a INTEGER, b INTEGER);

INSERT INTO t VALUES (1, 30), (2, 10), (3, 20), (4, NULL);

SELECT a AS x, b FROM t ORDER BY x DESC;
--> x | b
--> 4 | NULL
--> 3 | 20
--> 2 | 10
--> 1 | 30

SELECT a AS b, b AS a FROM t ORDER BY b;
--> b | a
--> 1 | 30
--> 2 | 10
--> 3 | 20
--> 4 | NULL

SELECT a AS x FROM t ORDER BY x + 1;
--! 42703: column "x" does not exist

SELECT a FROM t ORDER BY b;
--> a
--> 2
--> 3
--> 1
--> 4

SELECT a FROM t ORDER BY b DESC NULLS LAST;
--> a
--> 1
--> 3
--> 2
--> 4

SELECT a FROM t ORDER BY b NULLS FIRST;
--> a
--> 4
--> 2
--> 3
--> 1

SELECT a FROM t ORDER BY 2;
--! 42P10: ORDER BY position 2 is not in select list

SELECT a FROM t ORDER BY -1;
--! 42P10: ORDER BY position -1 is not in select list

SELECT a FROM t ORDER BY 'a';
--! 42601: non-integer constant in ORDER BY

SELECT a FROM t ORDER BY b USING >;
--> a
--> 4
--> 1
--> 3
--> 2

SELECT a, b AS a FROM t ORDER BY a;
--! 42702: ORDER BY "a" is ambiguous

SELECT DISTINCT a FROM t ORDER BY b;
--! 42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list

SELECT a FROM t UNION SELECT b FROM t ORDER BY a + 1;
--! 0A000: invalid UNION/INTERSECT/EXCEPT ORDER BY clause

SELECT a FROM t ORDER BY a % 2, a DESC;
--> a
--> 4
--> 2
--> 3
--> 1

SELECT a FROM t ORDER BY (SELECT 1), a LIMIT 1;
--> a
--> 1

SELECT a FROM t ORDER BY c;
--! 42703: column "c" does not exist
