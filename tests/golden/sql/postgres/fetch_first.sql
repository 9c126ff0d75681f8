-- FETCH FIRST takes an expression in parentheses
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (a INTEGER, b INTEGER);

INSERT INTO t SELECT n, n / 2 FROM generate_series(1, 9) n;

SELECT a FROM t ORDER BY a FETCH FIRST (2) ROWS ONLY;
--> a
--> 1
--> 2

SELECT a FROM t ORDER BY a FETCH NEXT (1 + (2 * 1)) ROW ONLY;
--> a
--> 1
--> 2
--> 3

SELECT a FROM t ORDER BY a OFFSET (3) ROWS FETCH FIRST ((SELECT 2)) ROWS ONLY;
--> a
--> 4
--> 5

SELECT b FROM t ORDER BY b FETCH FIRST (2) ROWS WITH TIES;
--> b
--> 0
--> 1
--> 1

SELECT b FROM t ORDER BY b OFFSET 1 ROWS FETCH FIRST (3 - 1) ROWS WITH TIES;
--> b
--> 1
--> 1

SELECT a FROM t FETCH FIRST (2) ROWS WITH TIES;
--! 42601: WITH TIES cannot be specified without ORDER BY clause

SELECT max(a) FROM (SELECT a FROM t ORDER BY a FETCH FIRST (3) ROWS ONLY) s;
--> max
--> 3

PREPARE first_rows (INTEGER) AS SELECT a FROM t ORDER BY a FETCH FIRST ($1) ROWS ONLY;

EXECUTE first_rows (1);
--> a
--> 1
